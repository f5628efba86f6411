namespace PandaProbe.Testing;

/// <summary>A report compared with a baseline.</summary>
public sealed class EvaluationGate
{
    internal EvaluationGate(string evaluation, IReadOnlyList<GateCheck> checks)
    {
        Evaluation = evaluation;
        Checks = checks;
    }

    /// <summary>Gets the name of the evaluation.</summary>
    public string Evaluation { get; }

    /// <summary>Gets the checks: one per evaluator, and others only when they failed.</summary>
    public IReadOnlyList<GateCheck> Checks { get; }

    /// <summary>Gets whether every check passed.</summary>
    public bool IsPassed => Checks.All(check => check.IsPassed);

    /// <summary>Returns all checks, one per line.</summary>
    public override string ToString() => $"""
        The evaluation "{Evaluation}" {(IsPassed ? "passes" : "does not pass")}.

        {string.Join("\n", Checks)}
        """.ReplaceLineEndings("\n");
}

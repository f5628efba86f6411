namespace PandaProbe.Testing;

/// <summary>One check of a gate.</summary>
/// <param name="Name">The name of the evaluator, or what else was checked.</param>
/// <param name="IsPassed">Whether the check passed.</param>
/// <param name="Text">The result in words: <c>0.92 ± 0.05, was 0.95: no regression</c>.</param>
/// <param name="Change">The difference from the baseline; <see langword="null"/> when there is nothing to compare with.</param>
public sealed record GateCheck(string Name, bool IsPassed, string Text, ScoreChange? Change = null)
{
    /// <summary>Returns the name and the result.</summary>
    public override string ToString() => $"{(IsPassed ? "ok  " : "FAIL")} {Name}: {Text}";
}

namespace PandaProbe.Testing;

/// <summary>One finished run of the task with one case, as evaluators see it.</summary>
public sealed class EvaluationAttempt
{
    internal EvaluationAttempt(EvaluationCase @case, int repetition, string output, IReadOnlyList<CapturedTrace> traces, TimeSpan duration)
    {
        Case = @case;
        Repetition = repetition;
        Output = output;
        Traces = traces;
        Duration = duration;
        Spending = Spending.Of(traces);
    }

    /// <summary>Gets the case.</summary>
    public EvaluationCase Case { get; }

    /// <summary>Gets which repetition of the case this is, from 1.</summary>
    public int Repetition { get; }

    /// <summary>Gets what the task returned; an empty text for <see langword="null"/>.</summary>
    public string Output { get; }

    /// <summary>Gets the traces that the task recorded, in the order of their start; often one.</summary>
    public IReadOnlyList<CapturedTrace> Traces { get; }

    /// <summary>Gets how long the task took.</summary>
    public TimeSpan Duration { get; }

    /// <summary>Gets the cost of the recorded model calls in US dollars. Calls without a known price count 0.</summary>
    public decimal Cost => Spending.Dollars;

    /// <summary>Gets how many of the recorded model calls have no known price.</summary>
    public int UnpricedCalls => Spending.UnpricedCalls;

    internal Spending Spending { get; }
}

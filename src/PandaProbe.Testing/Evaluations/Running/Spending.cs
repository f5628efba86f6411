namespace PandaProbe.Testing;

/// <summary>What model calls cost, and how many have no known price.</summary>
internal readonly record struct Spending(decimal Dollars, int UnpricedCalls)
{
    public static Spending Of(IEnumerable<CapturedTrace> traces)
    {
        Spending sum = default;
        foreach (CapturedTrace trace in traces)
        {
            sum += new Spending(trace.Cost, trace.Spans.Count(
                span => (span.Is(ProbeSpanKind.Llm) || span.Is(ProbeSpanKind.Embedding))
                && span.SelfAndBelow().All(one => one.Cost is null)));
        }

        return sum;
    }

    public static Spending operator +(Spending left, Spending right) =>
        new(left.Dollars + right.Dollars, left.UnpricedCalls + right.UnpricedCalls);
}

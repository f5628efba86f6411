using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Checks what a trace cost, and how much it did.</summary>
public static class TraceBudgetAssertions
{
    /// <summary>Checks all given limits, and names every one that is exceeded.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="cost">The cost in US dollars at most. A model call without a known cost exceeds it.</param>
    /// <param name="tokens">The tokens of all calls of models at most, input and output.</param>
    /// <param name="modelCalls">The calls of language models at most.</param>
    /// <param name="toolCalls">The calls of tools at most.</param>
    /// <param name="firstChunk">The time to the first chunk of each streamed answer at most.</param>
    /// <param name="duration">The duration of the trace at most. Give the capture a <see cref="TimeProvider"/> of the test to make it
    /// exact.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">A limit is exceeded.</exception>
    /// <example><code>trace.ShouldStayWithin(cost: 0.002m, modelCalls: 2);</code></example>
    public static CapturedTrace ShouldStayWithin(
        this CapturedTrace trace, decimal? cost = null, long? tokens = null, int? modelCalls = null, int? toolCalls = null,
        TimeSpan? firstChunk = null, TimeSpan? duration = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        List<string> faults = [];
        string[] unknown = cost is null ? [] : [.. trace.ModelCalls.Where(call => call is { Cost: null, IsError: false })
            .Select(call => $"'{call.Name}' ({call.Model})")];
        if (unknown.Length > 0)
            faults.Add($"cost: not known of {string.Join(", ", unknown)}");
        if (trace.Cost > cost)
            faults.Add($"cost: {Texts.Dollars(trace.Cost)}, at most {Texts.Dollars(cost.Value)}");
        if (trace.Usage.TotalTokens is { } used && used > tokens)
            faults.Add($"tokens: {Number(used)}, at most {Number(tokens.Value)}");
        if (trace.ModelCalls.Count > modelCalls)
            faults.Add($"model calls: {trace.ModelCalls.Count}, at most {modelCalls}");
        if (trace.ToolCalls.Count > toolCalls)
            faults.Add($"tool calls: {trace.ToolCalls.Count}, at most {toolCalls}");
        faults.AddRange(trace.Spans.Where(span => span.TimeToFirstChunk > firstChunk)
            .Select(span =>
            $"first chunk of '{span.Name}': {Texts.Seconds(span.TimeToFirstChunk!.Value)}, at most {Texts.Seconds(firstChunk!.Value)}"));
        if (trace.Duration > duration)
            faults.Add($"duration: {Texts.Seconds(trace.Duration)}, at most {Texts.Seconds(duration.Value)}");
        return faults.Count == 0 ? trace
            : throw Failure.Of(trace, $"The trace '{trace.Name}' should stay within its budget, but exceeds it:", faults,
                unknown.Length == 0 ? null
                : "Add a price to Recording.Pricing.Models in the capture's options, or set the cost of the call.");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}

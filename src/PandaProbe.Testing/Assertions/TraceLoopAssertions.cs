namespace PandaProbe.Testing;

/// <summary>Checks that an agent does not go round in circles.</summary>
public static class TraceLoopAssertions
{
    /// <summary>
    /// Checks that the same tool with the same arguments, and the same model with the same messages, is not called again and again.
    /// </summary>
    /// <param name="trace">The trace.</param>
    /// <param name="most">How often the same call is allowed. The default is 2: once, and once again.</param>
    /// <returns>The trace.</returns>
    /// <exception cref="ProbeAssertionException">A call came more often.</exception>
    public static CapturedTrace ShouldNotLoop(this CapturedTrace trace, int most = 2)
    {
        ArgumentNullException.ThrowIfNull(trace);
        string[] faults = Loops(trace, most);
        return faults.Length == 0
            ? trace
            : throw Failure.Of(
                trace, $"The same call should come {Texts.Count(most, "time")} at most, but the trace '{trace.Name}' loops:", faults);
    }

    /// <summary>Returns the calls that came more often, one text per call.</summary>
    internal static string[] Loops(CapturedTrace trace, int most) =>
        [
            .. trace.ToolCalls.GroupBy(call => (call.ToolName, Arguments: Canonical(call.Arguments)))
                .Where(same => same.Count() > most)
                .Select(same => $"the tool '{same.Key.ToolName}' ran {Texts.Count(same.Count(), "time")} with "
                    + ToolAssertions.Shown(same.Key.Arguments)),
            .. trace.ModelCalls.Where(call => call.Input is not null).GroupBy(call => (call.Model, Input: Canonical(call.Input)))
                .Where(same => same.Count() > most)
                .Select(same => $"the model '{same.Key.Model}' was asked the same {Texts.Count(same.Count(), "time")}"),
        ];

    // A model writes the same arguments now with spaces and now without, and properties in any order.
    private static string Canonical(string? json) => json is null ? "" : CanonicalJson.Of(CanonicalJson.Read(json));
}

namespace PandaProbe.Testing;

/// <summary>Makes the exception of a failed assertion, with a link to the trace where a viewer has it.</summary>
internal static class Failure
{
    public static ProbeAssertionException Of(CapturedTrace trace, string message) =>
        new(trace.Viewer is { } link ? $"{message}\n\nThe trace in the viewer: {link}" : message);

    /// <summary>Says what is wrong with a trace, shows it, and says what to do.</summary>
    public static ProbeAssertionException Of(CapturedTrace trace, string summary, IEnumerable<string> faults, string? advice = null) =>
        Of(trace, $"{summary}\n{Texts.List(faults)}\n\n{Captured([trace])}{(advice is null ? "" : "\n\n" + advice)}");

    /// <summary>Shows what was captured.</summary>
    public static string Captured(IEnumerable<CapturedTrace> traces) =>
        "Captured:\n" + Texts.Indent(string.Join("\n", traces.Select(trace => trace.ToString())));
}

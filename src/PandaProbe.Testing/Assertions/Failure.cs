namespace PandaProbe.Testing;

/// <summary>Makes the exception of a failed assertion, with a link to the trace where a viewer has it.</summary>
internal static class Failure
{
    public static ProbeAssertionException Of(CapturedTrace trace, string message) =>
        new(trace.Viewer is { } link ? $"{message}\n\nThe trace in the viewer: {link}" : message);

    /// <summary>Says what is wrong with a trace, and shows it.</summary>
    public static ProbeAssertionException Of(CapturedTrace trace, string summary, IEnumerable<string> faults) =>
        Of(trace, $"{summary}\n{string.Join("\n", faults.Select(fault => "  - " + fault))}\n\nCaptured:\n{Texts.Indent(trace.ToString())}");
}

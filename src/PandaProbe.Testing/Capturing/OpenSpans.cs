using System.Globalization;

namespace PandaProbe.Testing;

/// <summary>Says which spans did not end in time.</summary>
internal static class OpenSpans
{
    public static string Message(TimeSpan limit, CapturedActivity[] open, IReadOnlyList<CapturedTrace> traces)
    {
        string seconds = limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
        if (open.Length == 0)
            return $"Within {seconds} s no span was captured. Work on a thread or server that the test did not start needs ProbeCapture.StartGlobal().";

        string names = string.Join(", ", open.Select(captured => $"'{captured.Activity.DisplayName}'"));
        return $"After {seconds} s {(open.Length == 1 ? "1 span is" : $"{open.Length} spans are")} still open: {names}. "
            + "Dispose the scope, or end the activity, or give WaitForTraceAsync a longer deadline.\n\nCaptured:\n"
            + Texts.Indent(string.Join("\n", traces.Select(trace => trace.ToString())));
    }
}

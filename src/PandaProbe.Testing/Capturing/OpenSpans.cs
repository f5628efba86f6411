namespace PandaProbe.Testing;

/// <summary>Says which spans did not end in time.</summary>
internal static class OpenSpans
{
    public const string NothingCaptured = "Start the capture in the body of the test, before the work.\n"
        + "Work on a thread or server that the test did not start needs ProbeCapture.StartGlobal().";

    public static string Message(TimeSpan limit, CapturedActivity[] open, IReadOnlyList<CapturedTrace> traces)
    {
        string seconds = Texts.Seconds(limit);
        if (open.Length == 0)
            return $"There should be a trace, but nothing was captured within {seconds}.\n\n{NothingCaptured}";

        string names = string.Join(", ", open.Select(captured => $"'{captured.Activity.DisplayName}'"));
        return $"All spans should have ended, but after {seconds} {(open.Length == 1 ? "1 span is" : $"{open.Length} spans are")} open: {names}.\n\n"
            + Failure.Captured(traces)
            + "\n\nDispose the scope, end the activity, or give WaitForTraceAsync a longer deadline.";
    }
}

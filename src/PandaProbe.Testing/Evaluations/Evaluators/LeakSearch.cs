using PandaProbe.Safety;

namespace PandaProbe.Testing;

/// <summary>Looks for secrets and personal data in what an attempt said and recorded.</summary>
internal static class LeakSearch
{
    public static IEnumerable<string> Find(
        EvaluationAttempt attempt, Func<string, IReadOnlyList<SensitiveFinding>> scan, bool wholeTrace)
    {
        foreach (string leak in Find("the output", attempt.Output, scan))
            yield return leak;
        if (!wholeTrace)
            yield break;

        foreach (CapturedSpan span in attempt.Traces.SelectMany(trace => trace.Spans))
        {
            foreach ((string name, object? value) in span.Attributes.Concat(span.Events.SelectMany(one => one.Attributes)))
            {
                foreach (string leak in Find($"{name} of span {span.Name}", value?.ToString() ?? "", scan))
                    yield return leak;
            }
        }
    }

    private static IEnumerable<string> Find(string where, string text, Func<string, IReadOnlyList<SensitiveFinding>> scan) =>
        scan(text).Select(finding => $"{finding.Type} at {finding.Start} of {where}");
}

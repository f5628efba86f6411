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
            // The name may be the leak, and the reason does not repeat it.
            string where = scan(span.Name).Count == 0 ? $"span {span.Name}" : $"{span.Kind} span number {span.Order + 1}";
            IEnumerable<(string Place, string Text)> texts =
            [
                ("the name", span.Name), ("the error", span.ErrorMessage ?? ""),
                .. span.Attributes.Concat(span.Events.SelectMany(one => one.Attributes)).Select(one => (one.Key, Texts.Value(one.Value))),
            ];
            foreach (string leak in texts.SelectMany(one => Find($"{one.Place} of {where}", one.Text, scan)))
                yield return leak;
        }
    }

    private static IEnumerable<string> Find(string where, string text, Func<string, IReadOnlyList<SensitiveFinding>> scan) =>
        scan(text).Select(finding => $"{finding.Type} at {finding.Start} of {where}");
}

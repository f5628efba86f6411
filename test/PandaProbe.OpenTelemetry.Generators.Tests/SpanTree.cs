namespace PandaProbe.Generators;

/// <summary>
/// Captured spans as text: one line each, children indented, with input, output, error, and what else the attribute said.
/// </summary>
internal static class SpanTree
{
    public static string Of(ProbeCapture capture) =>
        string.Join('\n', capture.Traces.SelectMany(trace => trace.Roots).SelectMany(root => Lines(root, "")));

    private static IEnumerable<string> Lines(CapturedSpan span, string indent)
    {
        (string Label, string? Value)[] fields =
        [
            ("in", span.Input), ("out", span.Output), ("model", span.Model), ("session", span.SessionId), ("user", span.UserId),
            ("tags", span.Tags.Count == 0 ? null : string.Join(",", span.Tags)),
            ("error", span.IsError ? $"{span.ErrorType}: {span.ErrorMessage}" : null),
        ];
        string line = $"{indent}{span.Kind} {span.Name}"
            + string.Concat(fields.Where(field => field.Value is not null).Select(field => $" {field.Label}={field.Value}"));
        return span.Children.SelectMany(child => Lines(child, indent + "  ")).Prepend(line);
    }
}

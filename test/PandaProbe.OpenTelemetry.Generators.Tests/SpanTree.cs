using System.Diagnostics;
using System.Text;

namespace PandaProbe.Generators;

/// <summary>
/// Recorded spans as text: one line each, children indented, with input, output, error, and what else the attribute said.
/// </summary>
internal static class SpanTree
{
    public static string Of(SpanRecording recording)
    {
        Activity[] spans = [.. recording.SpansByStart];
        StringBuilder text = new();
        foreach (Activity root in spans.Where(span => !spans.Any(other => other.SpanId == span.ParentSpanId)))
            Write(root, 0);
        return text.ToString().TrimEnd();

        void Write(Activity span, int depth)
        {
            text.Append(' ', depth * 2).Append(span.Text("pandaprobe.span.kind")).Append(' ').Append(span.DisplayName);
            Add(span, "in", "input.value");
            Add(span, "in", "gen_ai.input.messages");
            Add(span, "out", "output.value");
            Add(span, "out", "gen_ai.output.messages");
            Add(span, "model", "gen_ai.request.model");
            Add(span, "session", "session.id");
            Add(span, "user", "user.id");
            if (span.Tag("tag.tags") is string[] tags)
                text.Append(" tags=").Append(string.Join(",", tags));
            if (span.Status == ActivityStatusCode.Error)
                text.Append(" error=").Append(span.Text("error.type")).Append(": ").Append(span.StatusDescription);
            text.Append('\n');
            foreach (Activity child in spans.Where(other => other.ParentSpanId == span.SpanId))
                Write(child, depth + 1);
        }

        void Add(Activity span, string label, string tag)
        {
            if (span.Text(tag) is { } value)
                text.Append(' ').Append(label).Append('=').Append(value);
        }
    }
}

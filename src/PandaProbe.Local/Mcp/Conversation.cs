using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Mcp;

/// <summary>The messages of a trace as text. Agents send their history with every call, so what was said before is only counted.</summary>
internal static class Conversation
{
    public static void Write(TextWriter text, TraceHeads heads, Func<UInt128, ReadSpan?> read)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (SpanHead head in heads.Ordered.Select(item => item.Span).Where(IsShown).OrderBy(head => head.Facts.Start))
        {
            if (read(head.Key) is not { } span)
                continue;

            text.WriteLine(
                $"## {StepKinds.Name(head.Facts.Kind)} {head.Facts.Name}{(head.Facts.Model is { } model ? $" ({model})" : "")} · span {head.Facts.Id} · {Words.Time(head.Facts.Duration)}");
            if (head.Facts.IsError)
                text.WriteLine($"failed: {head.Facts.Error}");
            int earlier = 0;
            while (earlier < span.Input.Count && seen.Contains(MessageText.Of(span.Input[earlier])))
                earlier++;
            if (earlier > 0)
                text.WriteLine($"({Words.Count(earlier, "earlier message")})");
            foreach (ReadMessage message in span.Input.Skip(earlier).Concat(span.Output))
            {
                string said = MessageText.Of(message);
                seen.Add(said);
                text.WriteLine(said);
            }

            WriteValues(text, span);
            text.WriteLine();
        }
    }

    public static void Write(TextWriter text, ReadSpan span)
    {
        text.WriteLine($"## {StepKinds.Name(span.Kind)} {span.Name}{(span.Model is { } model ? $" ({model})" : "")}");
        if (span.IsError)
            text.WriteLine($"failed: {span.ErrorType}: {span.ErrorMessage}");
        foreach (ReadMessage message in span.Input.Concat(span.Output))
            text.WriteLine(MessageText.Of(message));
        WriteValues(text, span);
    }

    private static void WriteValues(TextWriter text, ReadSpan span)
    {
        WriteValue(text, "input", span.InputValue);
        WriteValue(text, "arguments", span.ToolArguments);
        WriteValue(text, "result", span.ToolResult);
        WriteValue(text, "query", span.Query);
        foreach (ReadDocument document in span.Documents)
            text.WriteLine($"document {document.Id} {document.Score}: {document.Content}");
        WriteValue(text, "output", span.OutputValue);
    }

    private static void WriteValue(TextWriter text, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            text.WriteLine($"{name}: {value}");
    }

    private static bool IsShown(SpanHead head) => head.Facts.IsCall || head.Facts.Kind is StepKind.Tool or StepKind.Retriever;
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PandaProbe.Conventions;

namespace PandaProbe.Testing.Snapshots;

/// <summary>Writes a trace as text that is the same in every run: without times, and with ordinals in place of ids.</summary>
/// <param name="content">How inputs, outputs and metadata stand in it.</param>
/// <param name="ids">The ordinals of the ids.</param>
internal sealed class SnapshotText(SnapshotContent content, SnapshotIds ids)
{
    private const string RequestPrefix = "gen_ai.request.";
    private const int ShownOfHash = 12;

    private readonly StringBuilder _text = new();

    public static string Of(CapturedTrace trace, SnapshotContent content)
    {
        // The order of the ids is the one in the whole text, and a hash is one of text without ids.
        string shown = Of(trace, SnapshotContent.Shown, SnapshotIds.None);
        return Of(trace, content, SnapshotIds.In(shown, trace));
    }

    private static string Of(CapturedTrace trace, SnapshotContent content, SnapshotIds ids)
    {
        SnapshotText text = new(content, ids);
        foreach (CapturedSpan root in trace.Roots)
            text.Write(root, 0);
        foreach (CapturedScore score in trace.Scores)
            text.WriteScore(score);
        return text._text.ToString();
    }

    private void Write(CapturedSpan span, int depth)
    {
        Line(depth, Head(span));
        WriteContent(span, depth + 1);
        foreach (CapturedSpan child in InStableOrder(span.Children))
            Write(child, depth + 1);
    }

    private static string Head(CapturedSpan span)
    {
        StringBuilder head = new StringBuilder(span.Kind).Append(' ').Append(span.Name);
        Add("model", span.Model);
        Add("provider", span.Provider);
        Add("session", span.Parent?.SessionId == span.SessionId ? null : span.SessionId);
        Add("user", span.Parent?.UserId == span.UserId ? null : span.UserId);
        Add("tags", span.Tags.Count == 0 || span.Parent?.Tags.SequenceEqual(span.Tags) == true ? null : string.Join(",", span.Tags));
        if (span.Usage is { TotalTokens: not null } usage)
            head.Append(CultureInfo.InvariantCulture, $" tokens:{usage.InputTokens ?? 0}+{usage.OutputTokens ?? 0}");
        Add("cost", span.Cost is { } cost ? Texts.Dollars(cost) : null);
        Add("finish", span.FinishReasons.Count == 0 ? null : string.Join(",", span.FinishReasons));
        return head.Append(span.IsOpen ? " (open)" : "").ToString();

        void Add(string label, string? value)
        {
            if (value is not null)
                head.Append(' ').Append(label).Append(':').Append(value);
        }
    }

    private void WriteContent(CapturedSpan span, int depth)
    {
        string parameters = string.Join(" ", span.Attributes
            .Where(attribute => attribute.Key.StartsWith(RequestPrefix, StringComparison.Ordinal) && attribute.Key != GenAI.Request.Model)
            .OrderBy(attribute => attribute.Key, StringComparer.Ordinal)
            .Select(attribute =>
            $"{attribute.Key[RequestPrefix.Length..]}={Texts.Value(attribute.Value)}"));
        if (parameters.Length > 0)
            Line(depth, "parameters: " + parameters);
        foreach ((string key, object? value) in span.Metadata.OrderBy(field => field.Key, StringComparer.Ordinal))
            Labelled(depth, "metadata " + key, Texts.Value(value));
        if (span.InputMessages.Count > 0)
            Messages(depth, span.InputMessages);
        else
            Labelled(depth, span.Is(ProbeSpanKind.Tool) ? "arguments" : "input", span.Is(ProbeSpanKind.Tool) ? span.Arguments : span.Input);
        if (span.OutputMessages.Count > 0)
            Messages(depth, span.OutputMessages);
        else
            Labelled(depth, span.Is(ProbeSpanKind.Tool) ? "result" : "output", span.Is(ProbeSpanKind.Tool) ? span.Result : span.Output);
        if (span.IsError)
        {
            Line(depth, "error: " + (span.ErrorType ?? "?"));
            Labelled(depth, "error message", span.ErrorMessage);
        }
    }

    private void Messages(int depth, IReadOnlyList<CapturedMessage> messages)
    {
        foreach (CapturedMessage message in messages)
        {
            if (message.Text.Length > 0)
                Labelled(depth, message.Role, message.Text);
            foreach (CapturedToolCall call in message.ToolCalls)
                Labelled(depth, $"{message.Role} calls {call.Name}", call.Arguments ?? "{}");
            foreach (JsonElement part in message.Parts.Where(part => CapturedMessages.TypeOf(part) is not ("text" or "tool_call")))
                Labelled(depth, message.Role, part.ToString());
        }
    }

    private void WriteScore(CapturedScore score)
    {
        Line(0, $"score {score.Name}={score.Value}");
        Labelled(1, "reason", score.Reason);
    }

    private void Labelled(int depth, string label, string? value)
    {
        if (value is null || content == SnapshotContent.LeftOut)
            return;

        value = ids.Replace(value);
        if (content == SnapshotContent.Hashed)
        {
            string hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..ShownOfHash];
            Line(depth, $"{label}: #{hash} ({Texts.Count(value.Length, "character")})");
            return;
        }

        string indent = new(' ', depth * 2);
        Line(depth, $"{label}: {value.ReplaceLineEndings("\n").Replace("\n", $"\n{indent}| ", StringComparison.Ordinal)}");
    }

    private void Line(int depth, string line) => _text.Append(' ', depth * 2).Append(ids.Replace(line)).Append('\n');

    // Spans that ran beside each other start in another order each time.
    private static IEnumerable<CapturedSpan> InStableOrder(IReadOnlyList<CapturedSpan> siblings)
    {
        for (int start = 0; start < siblings.Count;)
        {
            int end = start + 1;
            DateTimeOffset last = siblings[start].Start + siblings[start].Duration;
            while (end < siblings.Count && siblings[end].Start < last)
            {
                DateTimeOffset next = siblings[end].Start + siblings[end].Duration;
                last = next > last ? next : last;
                end++;
            }

            foreach (CapturedSpan span in siblings.Skip(start).Take(end - start).OrderBy(Head, StringComparer.Ordinal)
                .ThenBy(span => span.Input, StringComparer.Ordinal))
            {
                yield return span;
            }

            start = end;
        }
    }
}

using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Concluding;

/// <summary>Messages as plain text, for comparisons and terminals.</summary>
internal static class MessageText
{
    public static string Of(ReadMessage message) => $"{message.Role}: {string.Join('\n', message.Parts.Select(Of))}";

    public static string Of(ReadPart part) => part.Kind switch
    {
        ReadPartKind.Reasoning => $"(thought) {part.Text}",
        ReadPartKind.ToolCall => $"→ {part.Name}({part.Text})",
        ReadPartKind.ToolResult => $"← {part.Text}",
        ReadPartKind.Media =>
        $"[{part.MimeType ?? "file"}{(part.Size is { } size ? $", {size:N0} bytes" : "")}"
            + $"{(part.Uri is { } uri && !uri.StartsWith("data:", StringComparison.Ordinal) ? " " + uri : "")}"
            + $"{(part.Id is { } id ? " " + id : "")}]",
        ReadPartKind.Other => $"[{part.Name ?? "part"}] {part.Text}",
        _ => part.Text ?? "",
    };
}

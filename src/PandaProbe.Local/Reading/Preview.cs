namespace PandaProbe.Local.Reading;

/// <summary>Makes one line for lists from contents of any length.</summary>
internal static class Preview
{
    public const int Length = 200;

    public static string? OfInput(ReadSpan span) =>
        Last(span.Input, ReadMessage.User) ?? Line(span.InputValue) ?? Line(span.ToolArguments) ?? Line(span.Query)
            ?? Last(span.Input, null);

    public static string? OfOutput(ReadSpan span) =>
        Last(span.Output, ReadMessage.Assistant) ?? Line(span.OutputValue) ?? Line(span.ToolResult) ?? Last(span.Output, null);

    /// <summary>Returns the beginning of a text as one line; <see langword="null"/> when it has no letters.</summary>
    public static string? Line(string? text)
    {
        if (text is null)
            return null;

        // A long text is cut first: its end does not matter, and white space can take all of it.
        ReadOnlySpan<char> rest = text.AsSpan(0, Math.Min(text.Length, Length * 4)).Trim();
        Span<char> line = stackalloc char[Length];
        int length = 0;
        bool space = false;
        int read = 0;
        for (; read < rest.Length && length < Length; read++)
        {
            char letter = rest[read];
            if (char.IsWhiteSpace(letter) || char.IsControl(letter))
            {
                space = length > 0;
                continue;
            }

            if (space)
            {
                line[length++] = ' ';
                space = false;
                if (length == Length)
                    break;
            }

            line[length++] = letter;
        }

        if (length == 0)
            return null;

        bool isCut = read < rest.Length || text.Length > Length * 4;
        if (!isCut)
            return line[..length].ToString();

        // The ellipsis takes the place of a letter, and of both halves of a surrogate pair.
        length = Math.Min(length, Length - 1);
        if (char.IsHighSurrogate(line[length - 1]))
            length--;
        return string.Concat(line[..length].TrimEnd(), "…");
    }

    private static string? Last(IReadOnlyList<ReadMessage> messages, string? role)
    {
        for (int i = messages.Count - 1; i >= 0; i--)
        {
            ReadMessage message = messages[i];
            if (role is not null && message.Role != role)
                continue;

            if (Line(message.Text) is { } text)
                return text;

            foreach (ReadPart part in message.Parts)
            {
                if (part.Kind == ReadPartKind.ToolCall)
                    return Line($"{part.Name}({part.Text})");
                if (part.Kind == ReadPartKind.ToolResult && Line(part.Text) is { } result)
                    return result;
            }
        }

        return null;
    }
}

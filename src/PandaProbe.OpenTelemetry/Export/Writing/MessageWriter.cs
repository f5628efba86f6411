using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>
/// Writes messages the way PandaProbe shows them: <c>{"messages":[{"role","content"}]}</c>. Parts become what OpenAI's format has for them: tool calls
/// with their arguments as text, results as messages of role <c>tool</c>, images by reference; reasoning stands beside the content.
/// </summary>
internal sealed class MessageWriter
{
    private readonly MessageReader _reader = new();

    internal enum Select
    {
        All,
        LastUser,
        LastAssistant,
    }

    /// <summary>Messages that were never JSON.</summary>
    public static bool TryWrite(Utf8Output output, ReadOnlySpan<ProbeMessage> messages, Select select)
    {
        if (select != Select.All)
        {
            string wanted = select == Select.LastUser ? "user" : "assistant";
            int last = messages.Length - 1;
            while (last >= 0 && messages[last].Role != wanted)
                last--;
            if (last < 0)
                return false;

            messages = messages.Slice(last, 1);
        }

        output.Raw("{\"messages\":["u8);
        for (int i = 0; i < messages.Length; i++)
        {
            output.Raw(i == 0 ? "{\"role\":"u8 : ",{\"role\":"u8);
            output.String(messages[i].Role);
            output.Raw(",\"content\":"u8);
            output.String(messages[i].Content);
            output.Byte((byte)'}');
        }

        output.Raw("]}"u8);
        return true;
    }

    /// <summary>Messages that are JSON. False, with nothing written, when they are not messages, or none of them is selected.</summary>
    public bool TryWrite(Utf8Output output, ReadOnlySpan<char> json, Select select, object? instructions = null)
    {
        // The reader holds one text at a time: the instructions come first in the output, so they are read first.
        long start = output.Length;
        output.Raw("{\"messages\":["u8);
        bool any = select == Select.All && TryWriteInstructions(output, instructions);
        if (!_reader.TryRead(json))
        {
            output.CutTo(start);
            return false;
        }

        ReadOnlySpan<MessageHead> messages = _reader.Messages;
        int from = 0;
        if (select != Select.All)
        {
            ReadOnlySpan<char> wanted = select == Select.LastUser ? "\"user\"" : "\"assistant\"";
            from = messages.Length - 1;
            while (from >= 0 && !json[messages[from].Role].SequenceEqual(wanted))
                from--;
            if (from < 0)
            {
                output.CutTo(start);
                return false;
            }

            messages = messages.Slice(from, 1);
        }

        foreach (ref readonly MessageHead message in messages)
            WriteMessage(output, json, message, ref any);
        output.Raw("]}"u8);
        return true;
    }

    /// <summary>Instructions that came apart from the messages, as the first message.</summary>
    public bool TryWriteInstructions(Utf8Output output, object? instructions)
    {
        switch (instructions)
        {
            case ContentValue content:
                return TryWriteInstructions(output, content.ToString());
            case string { Length: > 0 } text:
                output.Raw("{\"role\":\"system\",\"content\":"u8);
                if (_reader.TryReadParts(text, out ReadOnlySpan<MessagePart> parts))
                    WriteContent(output, text, parts);
                else
                    output.String(text);
                output.Byte((byte)'}');
                return true;
            default:
                return false;
        }
    }

    private void WriteMessage(Utf8Output output, ReadOnlySpan<char> json, in MessageHead message, ref bool any)
    {
        ReadOnlySpan<MessagePart> parts = _reader.PartsOf(message);
        if (parts.Length == 1 && message is { Name.End.Value: 0, Content.End.Value: 0, ToolCalls.End.Value: 0, ToolCallId.End.Value: 0 }
            && IsType(json, parts[0], "\"text\"") && json[parts[0].Content].StartsWith("\""))
        {
            // What nearly every message is: a role and one text.
            Separate(output, ref any);
            Property(output, "{\"role\":"u8, json[message.Role]);
            Property(output, ",\"content\":"u8, json[parts[0].Content]);
            output.Byte((byte)'}');
            return;
        }

        bool onlyResults = parts.Length > 0;
        foreach (ref readonly MessagePart part in parts)
        {
            if (IsType(json, part, "\"tool_call_response\""))
                WriteToolResult(output, json, part, ref any);
            else
                onlyResults = false;
        }

        if (onlyResults)
            return;

        Separate(output, ref any);
        output.Raw("{\"role\":"u8);
        output.Raw(json[message.Role]);
        if (!message.Name.Equals(default))
            Property(output, ",\"name\":"u8, json[message.Name]);

        output.Raw(",\"content\":"u8);
        if (!message.Content.Equals(default))
            output.Raw(json[message.Content]);
        else
            WriteContent(output, json, parts);

        if (!message.ToolCalls.Equals(default))
            Property(output, ",\"tool_calls\":"u8, json[message.ToolCalls]);
        if (!message.ToolCallId.Equals(default))
            Property(output, ",\"tool_call_id\":"u8, json[message.ToolCallId]);
        WriteReasoning(output, json, parts);
        WriteToolCalls(output, json, parts);
        output.Byte((byte)'}');
    }

    private static void WriteContent(Utf8Output output, ReadOnlySpan<char> json, ReadOnlySpan<MessagePart> parts)
    {
        int texts = 0;
        int others = 0;
        Range text = default;
        foreach (ref readonly MessagePart part in parts)
        {
            if (IsType(json, part, "\"text\"") && json[part.Content].StartsWith("\""))
            {
                texts++;
                text = part.Content;
            }
            else if (!IsElsewhere(json, part))
            {
                others++;
            }
        }

        if (others == 0 && texts <= 1)
        {
            if (texts == 1)
                output.Raw(json[text]);
            else
                output.Raw("\"\""u8);
            return;
        }

        output.Byte((byte)'[');
        bool any = false;
        foreach (ref readonly MessagePart part in parts)
        {
            if (IsElsewhere(json, part))
                continue;

            Separate(output, ref any);
            WritePart(output, json, part);
        }

        output.Byte((byte)']');
    }

    private static void WritePart(Utf8Output output, ReadOnlySpan<char> json, in MessagePart part)
    {
        if (IsType(json, part, "\"text\"") && !part.Content.Equals(default))
        {
            Property(output, "{\"type\":\"text\",\"text\":"u8, json[part.Content]);
            output.Byte((byte)'}');
        }
        else if (IsType(json, part, "\"uri\"") && json[part.Modality].SequenceEqual("\"image\"") && !part.Uri.Equals(default))
        {
            Property(output, "{\"type\":\"image_url\",\"image_url\":{\"url\":"u8, json[part.Uri]);
            output.Raw("}}"u8);
        }
        else if (IsType(json, part, "\"blob\""))
        {
            // Bytes stay where they are: a trace says what there was and how much of it.
            Property(output, "{\"type\":\"blob\",\"modality\":"u8, part.Modality.Equals(default) ? "null" : json[part.Modality]);
            if (!part.MimeType.Equals(default))
                Property(output, ",\"mime_type\":"u8, json[part.MimeType]);
            output.Raw(",\"base64_length\":"u8);
            output.Number(Math.Max(0, json[part.Content].Length - 2));
            output.Byte((byte)'}');
        }
        else
        {
            output.Raw(json[part.Whole]);
        }
    }

    private static void WriteReasoning(Utf8Output output, ReadOnlySpan<char> json, ReadOnlySpan<MessagePart> parts)
    {
        bool any = false;
        foreach (ref readonly MessagePart part in parts)
        {
            if (!IsType(json, part, "\"reasoning\"") || json[part.Content] is not ['"', .., '"'] content)
                continue;

            output.Raw(any ? "\\n"u8 : ",\"reasoning\":\""u8);
            output.Raw(content[1..^1]);
            any = true;
        }

        if (any)
            output.Byte((byte)'"');
    }

    private static void WriteToolCalls(Utf8Output output, ReadOnlySpan<char> json, ReadOnlySpan<MessagePart> parts)
    {
        bool any = false;
        foreach (ref readonly MessagePart part in parts)
        {
            if (!IsType(json, part, "\"tool_call\""))
                continue;

            output.Raw(any ? ",{"u8 : ",\"tool_calls\":[{"u8);
            any = true;
            if (!part.Id.Equals(default))
            {
                Property(output, "\"id\":"u8, json[part.Id]);
                output.Byte((byte)',');
            }

            Property(output, "\"type\":\"function\",\"function\":{\"name\":"u8, part.Name.Equals(default) ? "\"\"" : json[part.Name]);
            output.Raw(",\"arguments\":"u8);
            WriteAsText(output, json[part.Arguments]);
            output.Raw("}}"u8);
        }

        if (any)
            output.Byte((byte)']');
    }

    private static void WriteToolResult(Utf8Output output, ReadOnlySpan<char> json, in MessagePart part, ref bool any)
    {
        Separate(output, ref any);
        output.Raw("{\"role\":\"tool\""u8);
        if (!part.Id.Equals(default))
            Property(output, ",\"tool_call_id\":"u8, json[part.Id]);
        output.Raw(",\"content\":"u8);
        WriteAsText(output, json[part.Response]);
        output.Byte((byte)'}');
    }

    /// <summary>A JSON string as it is, any other JSON as a string that holds it.</summary>
    private static void WriteAsText(Utf8Output output, ReadOnlySpan<char> json)
    {
        if (json.StartsWith("\""))
            output.Raw(json);
        else
            output.String(json);
    }

    private static void Property(Utf8Output output, ReadOnlySpan<byte> name, ReadOnlySpan<char> json)
    {
        output.Raw(name);
        output.Raw(json);
    }

    private static void Separate(Utf8Output output, ref bool any)
    {
        if (any)
            output.Byte((byte)',');
        any = true;
    }

    private static bool IsType(ReadOnlySpan<char> json, in MessagePart part, ReadOnlySpan<char> type) => json[part.Type].SequenceEqual(type);

    /// <summary>Whether a part is written beside the content, not in it.</summary>
    private static bool IsElsewhere(ReadOnlySpan<char> json, in MessagePart part) =>
        IsType(json, part, "\"tool_call\"") || IsType(json, part, "\"tool_call_response\"") || IsType(json, part, "\"reasoning\"");
}

namespace PandaProbe.Export.Writing;

/// <summary>
/// Finds the messages in JSON text, in one pass: those of the conventions (<c>[{"role","parts"}]</c>), of OpenAI (<c>[{"role","content"}]</c>), and the latter
/// inside PandaProbe's <c>{"messages":[…]}</c>. Reused from span to span, so that reading allocates nothing.
/// </summary>
internal sealed class MessageReader
{
    private MessageHead[] _messages = new MessageHead[16];
    private MessagePart[] _parts = new MessagePart[16];
    private int _messageCount;
    private int _partCount;

    public ReadOnlySpan<MessageHead> Messages => _messages.AsSpan(0, _messageCount);

    public ReadOnlySpan<MessagePart> PartsOf(in MessageHead message) => _parts.AsSpan(message.FirstPart, message.PartCount);

    /// <summary>False when the text is not JSON or not messages.</summary>
    public bool TryRead(ReadOnlySpan<char> text)
    {
        _messageCount = 0;
        _partCount = 0;
        JsonScanner scanner = new(text);
        int at = scanner.SkipSpace(0);
        if (scanner.At(at) == '{')
        {
            // Only an object that holds messages and nothing else is one of messages.
            at = scanner.NextProperty(at, first: true, out Range name);
            if (at < 0 || !text[name].SequenceEqual("messages"))
                return false;

            at = ReadMessages(scanner, text, at);
            if (at < 0)
                return false;

            at = scanner.NextProperty(at, first: false, out name);
            if (at < 0 || !name.Equals(default))
                return false;
        }
        else
        {
            at = ReadMessages(scanner, text, at);
        }

        return at >= 0 && scanner.SkipSpace(at) == text.Length;
    }

    /// <summary>The parts of system instructions: a list of parts without a message around it.</summary>
    public bool TryReadParts(ReadOnlySpan<char> text, out ReadOnlySpan<MessagePart> parts)
    {
        _messageCount = 0;
        _partCount = 0;
        JsonScanner scanner = new(text);
        int at = scanner.SkipSpace(0);
        MessageHead message = default;
        at = scanner.At(at) == '[' ? ReadParts(scanner, text, at, ref message) : -1;
        parts = _parts.AsSpan(0, _partCount);
        return at >= 0 && scanner.SkipSpace(at) == text.Length;
    }

    private int ReadMessages(JsonScanner scanner, ReadOnlySpan<char> text, int at)
    {
        if (scanner.At(at) != '[')
            return -1;

        for (bool first = true; scanner.NextItem(ref at, first); first = false)
        {
            at = ReadMessage(scanner, text, at);
            if (at < 0)
                return -1;
        }

        return at;
    }

    private int ReadMessage(JsonScanner scanner, ReadOnlySpan<char> text, int at)
    {
        if (scanner.At(at) != '{')
            return -1;

        MessageHead message = new() { FirstPart = _partCount };
        for (bool first = true; ; first = false)
        {
            at = scanner.NextProperty(at, first, out Range name);
            if (at < 0)
                return -1;
            if (name.Equals(default))
                break;

            int start = at;
            switch (text[name])
            {
                case "parts" when scanner.At(at) == '[':
                    at = ReadParts(scanner, text, at, ref message);
                    break;
                case "role":
                    at = scanner.SkipString(at);
                    message.Role = Range(start, at);
                    break;
                case "content":
                    at = scanner.SkipValue(at);
                    message.Content = Range(start, at);
                    break;
                case "name":
                    at = scanner.SkipValue(at);
                    message.Name = Range(start, at);
                    break;
                case "tool_calls":
                    at = scanner.SkipValue(at);
                    message.ToolCalls = Range(start, at);
                    break;
                case "tool_call_id":
                    at = scanner.SkipValue(at);
                    message.ToolCallId = Range(start, at);
                    break;
                default:
                    at = scanner.SkipValue(at);
                    break;
            }

            if (at < 0)
                return -1;
        }

        // A message says who speaks.
        if (message.Role.Equals(default))
            return -1;

        if (_messageCount == _messages.Length)
            Array.Resize(ref _messages, _messageCount * 2);
        _messages[_messageCount++] = message;
        return at;
    }

    private int ReadParts(JsonScanner scanner, ReadOnlySpan<char> text, int at, ref MessageHead message)
    {
        for (bool first = true; scanner.NextItem(ref at, first); first = false)
        {
            if (_partCount == _parts.Length)
                Array.Resize(ref _parts, _partCount * 2);
            ref MessagePart part = ref _parts[_partCount];
            part = default;
            int start = at;
            at = scanner.At(at) == '{' ? ReadPart(scanner, text, at, ref part) : scanner.SkipValue(at);
            if (at < 0)
                return -1;

            part.Whole = start..at;
            _partCount++;
            message.PartCount++;
        }

        return at;
    }

    private static int ReadPart(JsonScanner scanner, ReadOnlySpan<char> text, int at, ref MessagePart part)
    {
        for (bool first = true; ; first = false)
        {
            at = scanner.NextProperty(at, first, out Range name);
            if (at < 0 || name.Equals(default))
                return at;

            int start = at;
            at = scanner.SkipValue(at);
            if (at < 0)
                return -1;

            Range value = start..at;
            switch (text[name])
            {
                case "type":
                    part.Type = value;
                    break;
                case "content":
                    part.Content = value;
                    break;
                case "id":
                    part.Id = value;
                    break;
                case "name":
                    part.Name = value;
                    break;
                case "arguments":
                    part.Arguments = value;
                    break;
                case "response" or "result":
                    part.Response = value;
                    break;
                case "uri":
                    part.Uri = value;
                    break;
                case "file_id":
                    part.FileId = value;
                    break;
                case "mime_type":
                    part.MimeType = value;
                    break;
                case "modality":
                    part.Modality = value;
                    break;
            }
        }
    }

    private static Range Range(int start, int end) => end < 0 ? default : start..end;
}

namespace PandaProbe.Local.Storing;

/// <summary>
/// Finds the long texts in the bytes of an OTLP span: the values of attributes of the span and of its events, and in a text that is a JSON
/// list, or an object that holds one, each element by itself. A message of a conversation is such an element.
/// </summary>
internal static class SpanTexts
{
    /// <summary>A reference and its row take about this much, so a shorter text is better kept where it is.</summary>
    private const int ShortestText = 128;

    private const int SpanAttributes = 9;
    private const int SpanEvents = 11;
    private const int EventAttributes = 3;
    private const int DeepestValue = 16;

    /// <summary>Returns where they stand, in order and without overlap.</summary>
    public static List<Range> Find(ReadOnlySpan<byte> span)
    {
        List<Range> found = [];
        WireFields fields = new(span, 0);
        while (fields.Next())
        {
            if (fields.Number == SpanAttributes)
            {
                KeyValue(span, fields.Content, found, 0);
            }
            else if (fields.Number == SpanEvents)
            {
                WireFields inner = new(span[..fields.Content.End], fields.Content.Start.Value);
                while (inner.Next())
                {
                    if (inner.Number == EventAttributes)
                        KeyValue(span, inner.Content, found, 0);
                }
            }
        }

        return found;
    }

    private static void KeyValue(ReadOnlySpan<byte> span, Range range, List<Range> found, int depth)
    {
        WireFields fields = new(span[..range.End], range.Start.Value);
        while (fields.Next())
        {
            if (fields.Number == 2)
                Value(span, fields.Content, found, depth);
        }
    }

    private static void Value(ReadOnlySpan<byte> span, Range range, List<Range> found, int depth)
    {
        if (Length(range) < ShortestText || depth > DeepestValue)
            return;

        WireFields fields = new(span[..range.End], range.Start.Value);
        while (fields.Next())
        {
            switch (fields.Number)
            {
                case 1:
                    Text(span, fields.Content, found);
                    break;
                case 5:
                    Add(span, fields.Content, found, depth, isList: true);
                    break;
                case 6:
                    Add(span, fields.Content, found, depth, isList: false);
                    break;
                case 7 when Length(fields.Content) >= ShortestText:
                    found.Add(fields.Content);
                    break;
            }
        }
    }

    /// <summary>Elements of a list are kept whole: a message that is structured is one element.</summary>
    private static void Add(ReadOnlySpan<byte> span, Range range, List<Range> found, int depth, bool isList)
    {
        WireFields fields = new(span[..range.End], range.Start.Value);
        while (fields.Next())
        {
            if (fields.Number != 1)
                continue;
            if (!isList)
                KeyValue(span, fields.Content, found, depth + 1);
            else if (Length(fields.Content) >= ShortestText)
                found.Add(fields.Content);
        }
    }

    private static void Text(ReadOnlySpan<byte> span, Range range, List<Range> found)
    {
        if (Length(range) < ShortestText)
            return;

        int count = found.Count;
        ReadOnlySpan<byte> text = span[range];
        if (text[0] is not ((byte)'[' or (byte)'{') || !Elements(text, range.Start.Value, found))
            found.RemoveRange(count, found.Count - count);
        if (found.Count == count)
            found.Add(range);
    }

    /// <summary>Finds the elements of a list, or of the lists in an object. Returns false when the brackets do not match.</summary>
    private static bool Elements(ReadOnlySpan<byte> text, int start, List<Range> found)
    {
        int listDepth = text[0] == '[' ? 1 : 2;
        int depth = 0;
        bool inList = false;
        int element = -1;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    i = EndOfString(text, i);
                    break;
                case (byte)'[' or (byte)'{':
                    depth++;
                    if (depth == listDepth)
                        inList = text[i] == '[';
                    else if (depth == listDepth + 1 && inList)
                        element = i;
                    break;
                case (byte)']' or (byte)'}':
                    depth--;
                    if (depth < 0)
                        return false;
                    if (depth == listDepth && inList && element >= 0)
                    {
                        if (i + 1 - element >= ShortestText)
                            found.Add((start + element)..(start + i + 1));
                        element = -1;
                    }

                    break;
            }
        }

        return depth == 0;
    }

    /// <summary>Returns where the string ends that begins at a position.</summary>
    private static int EndOfString(ReadOnlySpan<byte> text, int at)
    {
        at++;
        while (at < text.Length && text[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and int next)
        {
            at += next;
            if (text[at] == '"')
                return at;

            at += 2;
        }

        return text.Length;
    }

    private static int Length(Range range) => range.End.Value - range.Start.Value;
}

using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace PandaProbe.Export.Writing;

/// <summary>JSON in a body.</summary>
internal static class Utf8Output
{
    private const int EscapeLength = 6;

    private static readonly SearchValues<char> Special = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    public static void Byte(this RequestBody output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    /// <summary>Bytes that are JSON already.</summary>
    public static void Raw(this RequestBody output, ReadOnlySpan<byte> bytes) => output.Write(bytes);

    /// <summary>Text that is JSON already. What cannot be stored becomes U+FFFD: a surrogate without its other half, and U+0000, which JSON only has escaped.</summary>
    public static void Raw(this RequestBody output, ReadOnlySpan<char> text)
    {
        // Most text has nothing escaped by number, which is sooner seen in its bytes than in its characters.
        Span<byte> room = output.GetSpan();
        if (Utf8.FromUtf16(text, room, out _, out int written) == OperationStatus.Done && room[..written].IndexOf(@"\u"u8) < 0)
            output.Advance(written);
        else
            output.RawWithEscapes(text);
    }

    /// <summary>Text as a JSON string.</summary>
    public static void String(this RequestBody output, ReadOnlySpan<char> text)
    {
        output.Byte((byte)'"');
        output.Escaped(text);
        output.Byte((byte)'"');
    }

    /// <summary>Text as the inside of a JSON string.</summary>
    public static void Escaped(this RequestBody output, ReadOnlySpan<char> text)
    {
        while (true)
        {
            int special = text.IndexOfAny(Special);
            if (special < 0)
            {
                output.Transcoded(text);
                return;
            }

            if (special > 0)
                output.Transcoded(text[..special]);
            output.Escape(text[special]);
            text = text[(special + 1)..];
        }
    }

    public static void Number(this RequestBody output, long value)
    {
        value.TryFormat(output.GetSpan(20), out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    public static void Number(this RequestBody output, double value)
    {
        value.TryFormat(output.GetSpan(32), out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    public static void Number(this RequestBody output, decimal value)
    {
        value.TryFormat(output.GetSpan(32), out int written, default, CultureInfo.InvariantCulture);
        output.Advance(written);
    }

    /// <summary>A moment in UTC as a JSON string.</summary>
    public static void Time(this RequestBody output, DateTime utc)
    {
        Span<byte> span = output.GetSpan(40);
        span[0] = (byte)'"';
        utc.TryFormat(span[1..], out int written, "O", CultureInfo.InvariantCulture);
        span[written + 1] = (byte)'"';
        output.Advance(written + 2);
    }

    public static void Id(this RequestBody output, Guid id)
    {
        Span<byte> span = output.GetSpan(38);
        span[0] = (byte)'"';
        id.TryFormat(span[1..], out _);
        span[37] = (byte)'"';
        output.Advance(38);
    }

    private static void RawWithEscapes(this RequestBody output, ReadOnlySpan<char> text)
    {
        int seen = 0;
        while (text[seen..].IndexOf(@"\u") is >= 0 and var next)
        {
            int at = seen + next;
            seen = at + StorableLength(text, at);
            if (seen > at)
                continue;

            output.Transcoded(text[..at]);
            output.Raw("\\ufffd"u8);
            text = text[(at + EscapeLength)..];
            seen = 0;
        }

        output.Transcoded(text);
    }

    /// <summary>How many characters may stay as they are from the <c>\u</c> at <paramref name="at"/> on; 0 when it is the escape of something that cannot be stored.</summary>
    private static int StorableLength(ReadOnlySpan<char> text, int at)
    {
        int before = at;
        while (before > 0 && text[before - 1] == '\\')
            before--;

        // Behind an odd number of backslashes this one is itself what is escaped.
        if ((at - before) % 2 != 0 || EscapedAt(text, at) is not { } letter)
            return 2;
        if (!char.IsSurrogate(letter))
            return letter == 0 ? 0 : EscapeLength;
        return char.IsHighSurrogate(letter) && EscapedAt(text, at + EscapeLength) is { } other && char.IsLowSurrogate(other) ? 2 * EscapeLength : 0;
    }

    private static char? EscapedAt(ReadOnlySpan<char> text, int at) =>
        text.Length >= at + EscapeLength && text[at] == '\\' && text[at + 1] == 'u'
        && ushort.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort letter)
            ? (char)letter
            : null;

    private static void Transcoded(this RequestBody output, ReadOnlySpan<char> text)
    {
        while (true)
        {
            OperationStatus status = Utf8.FromUtf16(text, output.GetSpan(4), out int read, out int written);
            output.Advance(written);
            if (status != OperationStatus.DestinationTooSmall)
                return;

            text = text[read..];
        }
    }

    private static void Escape(this RequestBody output, char special)
    {
        Span<byte> span = output.GetSpan(6);
        span[0] = (byte)'\\';
        byte letter = special switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            _ => 0,
        };
        if (letter != 0)
        {
            span[1] = letter;
            output.Advance(2);
            return;
        }

        // PostgreSQL, and so PandaProbe, cannot store U+0000.
        "\\u00"u8.CopyTo(span);
        if (special == 0)
            "\\ufffd"u8.CopyTo(span);
        else
            ((int)special).TryFormat(span[4..], out _, "x2", CultureInfo.InvariantCulture);
        output.Advance(6);
    }
}

using System.Buffers;
using System.Globalization;
using PandaProbe.Values;

namespace PandaProbe.Export.Writing;

/// <summary>
/// Makes JSON such that PandaProbe can store it. PostgreSQL refuses U+0000 and half a surrogate pair, both of which JSON only has escaped,
/// and Python refuses whole numbers of more than 4,300 digits.
/// </summary>
internal static class StorableJson
{
    private const int LongestNumber = 1024;
    private const int EscapeLength = 6;

    /// <summary>Replaces the escapes in place by that of U+FFFD, which is as long.</summary>
    public static void ReplaceEscapes(Span<byte> json)
    {
        for (int at = 0; json[at..].IndexOf(@"\u"u8) is >= 0 and var next;)
        {
            at += next;
            int length = StorableLength(json, at);
            if (length == 0)
                @"\ufffd"u8.CopyTo(json[at..]);
            at += length == 0 ? EscapeLength : length;
        }
    }

    /// <summary>
    /// Whether there may be a number that is too long. Looks at one byte of many: a run of digits twice as long is always found.
    /// </summary>
    public static bool MayHaveLongNumber(ReadOnlySpan<byte> json)
    {
        for (int at = LongestNumber; at < json.Length; at += LongestNumber)
        {
            if (!char.IsAsciiDigit((char)json[at]))
                continue;

            int before = at - 1 - json[..at].LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
            int after = json[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (before + (after < 0 ? json.Length - at : after) > LongestNumber)
                return true;
        }

        return false;
    }

    /// <summary>Copies JSON with numbers that are too long as strings.</summary>
    public static void CopyWithoutLongNumbers(ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        if (!JsonText.TryRewrite(json, output, static (text, _) => text, LongestNumber))
            throw new InvalidOperationException("What was written is no JSON.");
    }

    /// <summary>
    /// How many bytes may stay as they are from the <c>\u</c> at <paramref name="at"/> on; 0 when it is the escape of what cannot be
    /// stored.
    /// </summary>
    private static int StorableLength(ReadOnlySpan<byte> json, int at)
    {
        // Behind an odd number of backslashes this one is itself what is escaped.
        int before = at - 1 - json[..at].LastIndexOfAnyExcept((byte)'\\');
        if (before % 2 != 0 || EscapedAt(json, at) is not { } letter)
            return 2;
        if (!char.IsSurrogate(letter))
            return letter == 0 ? 0 : EscapeLength;
        return char.IsHighSurrogate(letter) && EscapedAt(json, at + EscapeLength) is { } other && char.IsLowSurrogate(other)
            ? 2 * EscapeLength : 0;
    }

    private static char? EscapedAt(ReadOnlySpan<byte> json, int at) =>
        json.Length >= at + EscapeLength && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort letter)
            ? (char)letter
            : null;
}

using System.Globalization;
using System.Text;

namespace PandaProbe.Local.Mcp;

/// <summary>
/// Texts of at most 4 KB: what a coding agent reads takes room in its context. The rest is one call away, and a person can open the page.
/// </summary>
internal static class AnswerText
{
    /// <summary>The most bytes of UTF-8 of an answer, its link and its notes included.</summary>
    public const int MaxBytes = 4_096;

    private const int RoomForNotes = 120;

    /// <summary>Returns a part of a text, with how to get the next one and where to see all.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="cursor">What the answer before said; <see langword="null"/> for the first part.</param>
    /// <param name="link">The page that shows it.</param>
    public static string Page(string text, string? cursor, Uri link)
    {
        string see = Link(link);
        int start = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out int given)
            ? Math.Clamp(given, 0, text.Length) : 0;
        if (start > 0 && start < text.Length && char.IsLowSurrogate(text[start]))
            start--;
        int end = EndOf(text, start, MaxBytes - RoomForNotes - Encoding.UTF8.GetByteCount(see));
        string more = end < text.Length
            ? string.Create(CultureInfo.InvariantCulture,
            $"\n(more: cursor=\"{end}\"; {text.Length - end:N0} of {text.Length:N0} characters remain)") : "";
        return $"{text.AsSpan(start, end - start).TrimEnd('\n')}{more}\n{see}";
    }

    /// <summary>Returns as many items of a list as there is room for, and how to get those behind them.</summary>
    /// <param name="heading">The first line.</param>
    /// <param name="items">The items. Those for which there is no room are not made.</param>
    /// <param name="keyBehind">Returns the key of the page that begins behind so many items.</param>
    /// <param name="last">The key of what is behind the last item; <see langword="null"/> when nothing is.</param>
    /// <param name="link">The page that shows them.</param>
    public static string List(string heading, IEnumerable<string> items, Func<int, string?> keyBehind, string? last, Uri link)
    {
        string see = Link(link);
        StringBuilder answer = new(heading);
        int room = MaxBytes - RoomForNotes - Encoding.UTF8.GetByteCount(see) - Encoding.UTF8.GetByteCount(heading);
        string? next = last;
        int count = 0;
        foreach (string item in items)
        {
            int size = Encoding.UTF8.GetByteCount(item) + 1;
            if (size > room && count > 0)
            {
                next = keyBehind(count);
                break;
            }

            answer.Append('\n').Append(size > room ? item.AsSpan(0, EndOf(item, 0, room)) : item);
            room -= size;
            count++;
        }

        if (next is not null)
            answer.Append(CultureInfo.InvariantCulture, $"\n(more: cursor=\"{next}\")");
        return answer.Append('\n').Append(see).ToString();
    }

    private static string Link(Uri link) =>
        $"See {(link.OriginalString.Length > 500 ? link.GetLeftPart(UriPartial.Authority) : link.AbsoluteUri)}";

    // At the end of a line when there is one in the second half, never inside of a surrogate pair.
    private static int EndOf(string text, int start, int room)
    {
        int bytes = 0;
        int end = start;
        int line = -1;
        while (end < text.Length)
        {
            int length = char.IsHighSurrogate(text[end]) && end + 1 < text.Length && char.IsLowSurrogate(text[end + 1]) ? 2 : 1;
            int size = Encoding.UTF8.GetByteCount(text.AsSpan(end, length));
            if (bytes + size > room)
                break;

            bytes += size;
            end += length;
            if (text[end - 1] == '\n')
                line = end;
        }

        return end == text.Length || line < start + ((end - start) / 2) ? end : line;
    }
}

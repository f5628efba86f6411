using System.Numerics;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Numbers;

/// <summary>Reads numbers that are written in groups and asks every detector of numbers.</summary>
internal static class NumberDetector
{
    private const int MostGroups = 16, LongestGroup = 19, ShortestAlone = 5, Shortest = 4, ShortestId = 8, ShortestCard = 12;

    /// <summary>Looks at the numbers that have digits in a block: its first index, and which of its characters are digits.</summary>
    public static void Look(ref TextScan scan, int block, ulong digits)
    {
        ReadOnlySpan<char> text = scan.Text;
        while (digits != 0)
        {
            int at = block + BitOperations.TrailingZeroCount(digits), done = scan.NumbersDone;
            if (at >= done)
            {
                int start = at;
                while (start > done && char.IsAsciiLetterOrDigit(text[start - 1]))
                {
                    start--;
                }

                scan.NumbersDone = done = Word(ref scan, start);
            }

            int next = done - block;
            digits = next >= CharacterClasses.BlockLength ? 0 : next > 0 ? digits & (ulong.MaxValue << next) : digits & (digits - 1);
        }
    }

    /// <summary>Looks at the word that begins here and has a digit. Gives where the next one may begin.</summary>
    private static int Word(ref TextScan scan, int start)
    {
        ReadOnlySpan<char> text = scan.Text;
        int end = start, digits = 0;
        while (end < text.Length && char.IsAsciiLetterOrDigit(text[end]))
        {
            digits += char.IsAsciiDigit(text[end++]) ? 1 : 0;
        }

        if (digits == end - start)
        {
            return digits > LongestGroup || (digits < ShortestAlone && NextGroup(text, end).Length == 0) ? end
                : Groups(ref scan, start, end);
        }

        // "\n4111…" and "\u000a4111…" of text that is still escaped.
        int escape = start > 0 && text[start - 1] == '\\' ? EscapeLength(text[start..end]) : 0;
        return escape > 0 && escape < end - start ? start + escape : MixedWord(ref scan, start, end);
    }

    private static int EscapeLength(ReadOnlySpan<char> word) => word[0] switch
    {
        'n' or 'r' or 't' or 'b' or 'f' => 1,
        'u' when word.Length > 5 => 5,
        _ => 0,
    };

    private static int MixedWord(ref TextScan scan, int start, int end)
    {
        if (BankAccounts.TryRead(ref scan, start, out int after))
        {
            return after;
        }

        if (end - start is >= 8 and <= 18)
        {
            LetteredIds.Look(ref scan, start, end);
        }

        return end;
    }

    private static int Groups(ref TextScan scan, int start, int firstEnd)
    {
        ReadOnlySpan<char> text = scan.Text;
        if (firstEnd - start == 6 && firstEnd + 5 <= text.Length && text[firstEnd] is '-' or '+'
            && LetteredIds.LookAtFinnish(ref scan, start))
        {
            return firstEnd + 5;
        }

        Span<NumberGroup> buffer = stackalloc NumberGroup[MostGroups];
        buffer[0] = new(start, firstEnd - start, '\0');
        int count = 1, total = firstEnd - start, end = firstEnd;
        while (count < MostGroups && NextGroup(text, end) is { Length: > 0 and <= LongestGroup } next)
        {
            buffer[count++] = next;
            total += next.Length;
            end = next.End;
        }

        // A time of day follows: "2026-11-21 10" and then ":30:00".
        if (count > 1 && end < text.Length - 1 && text[end] == ':' && char.IsAsciiDigit(text[end + 1])
            && buffer[count - 1] is { Length: <= 2, Before: ' ' })
        {
            total -= buffer[--count].Length;
        }

        ReadOnlySpan<NumberGroup> groups = buffer[..count];
        if (TryGroups(ref scan, groups, out int used))
        {
            return used;
        }

        if (count > 2)
        {
            TryParts(ref scan, groups);
        }

        // The detectors of cards and phones look at all groups at once. With too many of them the next attempt begins in the middle.
        return count == MostGroups ? groups[MostGroups - 4].Start : Math.Max(end, groups[^1].End);
    }

    /// <summary>
    /// Asks the detectors. <paramref name="used"/> is where what they found ends; what stands before it is looked at too.
    /// <paramref name="isLonger"/>: the first of the groups were asked about before, so that those who need no more have said no.
    /// </summary>
    private static bool TryGroups(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, out int used, bool isLonger = false)
    {
        used = groups[^1].End;
        int total = 0;
        foreach (NumberGroup group in groups)
        {
            total += group.Length;
        }

        if (total < Shortest || (total < ShortestAlone && groups.Length != 4 && (groups.Length < 2 || !scan.Wants(SensitiveType.Location))))
        {
            return false;
        }

        bool embedded = IsEmbedded(scan.Text, groups);
        if (!embedded && total >= ShortestCard && PaymentCards.Look(ref scan, groups, out int first, out int last))
        {
            used = groups[last].End;
            if (first > 0)
            {
                _ = TryGroups(ref scan, groups[..first], out _);
            }

            return true;
        }

        if (!embedded && total >= ShortestId && GroupedIds.Look(ref scan, groups))
        {
            return true;
        }

        if (!isLonger)
        {
            if (!embedded && Dates.Look(ref scan, groups))
            {
                used = groups[2].End;
                return true;
            }

            if (Places.Look(ref scan, groups, out used) || IPAddresses.Look(ref scan, groups, out used))
            {
                return true;
            }

            used = groups[^1].End;
        }

        return !embedded && total >= 6 && PhoneNumbers.Look(ref scan, groups, total);
    }

    // "12/03/1985 536-90-4399" and "030 901820 55 536-90-4399": numbers with signs of their own, and spaces between.
    private static void TryParts(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups)
    {
        int open = 0, tried = 0;
        for (int first = 0, next; first < groups.Length; first = next)
        {
            next = first + 1;
            while (next < groups.Length && groups[next].Before is not (' ' or '\u00A0'))
            {
                next++;
            }

            if (next - first < 3)
            {
                _ = first > 0 && next - first == 2 && Places.Look(ref scan, groups[first..next], out _);
                continue;
            }

            bool whole = open == 0 && next == groups.Length;
            if (open == first ? !whole && TryGroups(ref scan, groups[first..next], out _)
                : (!whole && TryGroups(ref scan, groups[open..next], out _, isLonger: tried == first))
                || ((tried < first && TryGroups(ref scan, groups[open..first], out _))
                    | TryGroups(ref scan, groups[first..next], out _)))
            {
                open = next;
            }

            // As far as these were looked at together.
            tried = next;
        }

        if (open > 0 && open < groups.Length)
        {
            _ = TryGroups(ref scan, groups[open..], out _);
        }
    }

    private static NumberGroup NextGroup(ReadOnlySpan<char> text, int end)
    {
        int at = end;
        if (at < text.Length && text[at] is ')' or ']')
        {
            at++;
        }

        char separator = at < text.Length ? text[at] : '\0';
        if (separator is ' ' or '-' or '.' or '/' or '\u00A0' or '\u2011' or '\u2013' or '\u2009' or '\u202F')
        {
            at++;
            if (separator == ' ' && at < text.Length - 1 && text[at] is '(' or '-' or '/' or '\u2013')
            {
                separator = text[at] == '(' ? ' ' : '~';
                at++;
                at += at < text.Length && text[at] == ' ' && separator == '~' ? 1 : 0;
            }
        }
        else if (separator == '(')
        {
            at++;
        }
        else if (at == end)
        {
            return default;
        }

        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at == start || (at < text.Length && char.IsAsciiLetter(text[at])) ? default : new(start, at - start, separator);
    }

    // A part of an identifier such as a GUID, of a path or of a decimal fraction.
    private static bool IsEmbedded(ReadOnlySpan<char> text, ReadOnlySpan<NumberGroup> groups)
    {
        int start = groups[0].Start, end = groups[^1].End;
        char before = start > 0 ? text[start - 1] : ' ', second = start > 1 ? text[start - 2] : ' ';
        char after = end < text.Length ? text[end] : ' ', afterNext = end < text.Length - 1 ? text[end + 1] : ' ';
        return before is '_' or '#' or '$' or '€' or '£'
            || (before == ':' && char.IsAsciiDigit(second))
            || (before is '-' or '.' or '/' && (char.IsAsciiLetterOrDigit(second) || second == '_'))
            || after == '_' || char.IsLetter(after) || after == '%'
            || (after is '-' or '.' && char.IsAsciiLetterOrDigit(afterNext) && !(after == '.' && char.IsAsciiLetterUpper(afterNext)));
    }
}

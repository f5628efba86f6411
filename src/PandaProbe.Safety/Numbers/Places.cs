using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>Coordinates: latitude and longitude with at least four decimals each, or three where a word says what they are.</summary>
internal static class Places
{
    public static bool Look(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, out int end)
    {
        end = 0;
        ReadOnlySpan<char> text = scan.Text;
        if (!scan.Wants(SensitiveType.Location) || groups.Length < 2 || groups[1].Before != '.'
            || !TryReadDegrees(text, groups[0].Start, 90, out int firstEnd, out int firstDecimals))
        {
            return false;
        }

        int start = groups[0].Start - (groups[0].Start > 0 && text[groups[0].Start - 1] is '-' or '+' ? 1 : 0);
        bool named = firstDecimals >= 3 && scan.IsNear(start, ContextWords.Location);
        int at = firstEnd;
        while (at < text.Length && at - firstEnd < 4 && text[at] is ' ' or ',' or ';' or '°' or 'N' or 'S')
        {
            at++;
        }

        int sign = at < text.Length && text[at] is '-' or '+' ? 1 : 0;
        if (at > firstEnd && TryReadDegrees(text, at + sign, 180, out int secondEnd, out int secondDecimals))
        {
            bool precise = firstDecimals >= 4 && secondDecimals >= 4 && text[firstEnd..at].IndexOfAny(',', '°', 'N') >= 0
                && (secondEnd >= text.Length || text[secondEnd] is not ',' || named);
            if (named || precise)
            {
                end = secondEnd;
                scan.Add(SensitiveType.Location, start, end, named ? SensitiveConfidence.High : SensitiveConfidence.Medium, "coordinates");
                return true;
            }
        }

        if (named && ContextWords.Directly(text, start, scan.Name, ContextWords.Location))
        {
            end = firstEnd;
            scan.Add(SensitiveType.Location, start, end, SensitiveConfidence.Medium, "coordinate");
            return true;
        }

        return false;
    }

    private static bool TryReadDegrees(ReadOnlySpan<char> text, int start, int most, out int end, out int decimals)
    {
        (end, decimals) = (start, 0);
        int degrees = 0;
        for (; end < text.Length && end - start < 4 && char.IsAsciiDigit(text[end]); end++)
        {
            degrees = (degrees * 10) + text[end] - '0';
        }

        if (end == start || degrees > most || end >= text.Length || text[end] != '.')
        {
            return false;
        }

        int point = end++;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        decimals = end - point - 1;
        return decimals is >= 3 and <= 15;
    }
}

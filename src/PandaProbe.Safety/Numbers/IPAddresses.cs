using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Numbers;

/// <summary>IPv4 addresses. Four short numbers with dots are as often a version, so those need a word, a port or a prefix length.</summary>
internal static class IPAddresses
{
    public static bool Look(ref TextScan scan, scoped ReadOnlySpan<NumberGroup> groups, out int end)
    {
        end = 0;
        ReadOnlySpan<char> text = scan.Text;
        if (!scan.Wants(SensitiveType.IPAddress) || groups.Length < 4 || (groups.Length > 4 && groups[4].Before == '.'))
        {
            return false;
        }

        int total = 0, wide = 0;
        for (int i = 0; i < 4; i++)
        {
            NumberGroup group = groups[i];
            int value = 0;
            for (int at = group.Start; at < group.End && value < 256; at++)
            {
                value = (value * 10) + text[at] - '0';
            }

            if ((i > 0 && group.Before != '.') || value > 255 || (group.Length > 1 && text[group.Start] == '0'))
            {
                return false;
            }

            total += group.Length;
            wide += value > 99 ? 1 : 0;
        }

        int start = groups[0].Start;
        end = groups[3].End;
        char before = start > 0 ? text[start - 1] : ' ', after = end < text.Length ? text[end] : ' ';
        if (before is '.' or '-' or '_' or '^' or '~' || (after == '-' && end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1]))
            || (char.IsLetter(before) && !(before is 'n' or 'r' or 't' && start > 1 && text[start - 2] == '\\'))
            || ContextWords.Directly(text, start, scan.Name, ContextWords.Version))
        {
            return false;
        }

        bool networked = (after is ':' or '/' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))
            || (before == '/' && start > 2 && text[start - 2] == '/') || before == '@';
        if (networked || scan.IsNear(start, ContextWords.Address))
        {
            scan.Add(SensitiveType.IPAddress, start, end, SensitiveConfidence.High, "ipv4");
            return true;
        }

        scan.Add(SensitiveType.IPAddress, start, end, total >= 9 && wide >= 2 ? SensitiveConfidence.Medium : SensitiveConfidence.Low,
            "ipv4");
        return total >= 9 && wide >= 2;
    }
}

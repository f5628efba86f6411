using System.Buffers;
using System.Net;
using System.Net.Sockets;
using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Secrets;

namespace PandaProbe.Safety.Words;

/// <summary>What has colons: MAC and IPv6 addresses, and passwords in URLs.</summary>
internal static class AddressDetector
{
    private static readonly SearchValues<char> EndsOfAuthority = SearchValues.Create("/?# \t\r\n\"'<>\\`)");

    private const int LongestIPv6 = 45, LongestUserInfo = 512;

    public static void Look(ref TextScan scan, int colon)
    {
        ReadOnlySpan<char> text = scan.Text;
        char next = scan.CharAt(colon + 1);
        if (next == '/')
        {
            if (scan.CharAt(colon + 2) == '/' && scan.Wants(SensitiveType.Password))
            {
                UserInfo(ref scan, colon + 3);
            }

            return;
        }

        if (colon < scan.AddressesDone || (next != ':' && !char.IsAsciiHexDigit(next))
            || (!scan.Wants(SensitiveType.MacAddress) && !scan.Wants(SensitiveType.IPAddress)))
        {
            return;
        }

        int start = colon;
        while (start > 0 && colon - start < 5 && char.IsAsciiHexDigit(text[start - 1]))
        {
            start--;
        }

        if (start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is ':' or '_' or '.'))
        {
            return;
        }

        int end = colon, colons = 0;
        while (end < text.Length && end - start <= LongestIPv6 && (char.IsAsciiHexDigit(text[end]) || text[end] is ':' or '.'))
        {
            colons += text[end++] == ':' ? 1 : 0;
        }

        scan.AddressesDone = end;
        while (end > colon && (text[end - 1] == '.' || (text[end - 1] == ':' && text[end - 2] != ':')))
        {
            colons -= text[--end] == ':' ? 1 : 0;
        }

        ReadOnlySpan<char> address = text[start..end];
        if (colons < 2 || (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] == '_')))
        {
            return;
        }

        if (colons == 5 && address.Length == 17 && IsMac(address))
        {
            scan.Add(SensitiveType.MacAddress, start, end, SensitiveConfidence.High, "mac");
        }
        else if (IsIPv6(address, colons))
        {
            scan.Add(SensitiveType.IPAddress, start, end, SensitiveConfidence.High, "ipv6");
        }
    }

    private static bool IsMac(ReadOnlySpan<char> address)
    {
        for (int i = 2; i < address.Length; i += 3)
        {
            if (address[i] != ':')
            {
                return false;
            }
        }

        return address is not ("00:00:00:00:00:00" or "ff:ff:ff:ff:ff:ff" or "FF:FF:FF:FF:FF:FF");
    }

    // "12:30:45" is a time, "::" an operator: an address has eight groups, or a gap with at least two groups around it.
    private static bool IsIPv6(ReadOnlySpan<char> address, int colons)
    {
        int gap = address.IndexOf("::"), digits = 0;
        foreach (char c in address)
        {
            digits += char.IsAsciiHexDigit(c) ? 1 : 0;
        }

        return (colons == 7 || (gap >= 0 && digits >= 4 && colons >= 3 && address.IndexOfAnyInRange('0', '9') >= 0))
            && IPAddress.TryParse(address, out IPAddress? parsed) && parsed.AddressFamily == AddressFamily.InterNetworkV6;
    }

    /// <summary>The password of <c>scheme://user:password@host</c>.</summary>
    private static void UserInfo(ref TextScan scan, int start)
    {
        ReadOnlySpan<char> rest =
            scan.Text.Slice(Math.Min(start, scan.Text.Length), Math.Max(0, Math.Min(LongestUserInfo, scan.Text.Length - start)));
        int end = rest.IndexOfAny(EndsOfAuthority);
        rest = end < 0 ? rest : rest[..end];
        int at = rest.LastIndexOf('@'), colon = rest.IndexOf(':');
        if (colon >= 0 && at > colon + 1 && !Placeholders.IsPlaceholder(rest[(colon + 1)..at]))
        {
            scan.Add(SensitiveType.Password, start + colon + 1, start + at, SensitiveConfidence.High, "url-password");
        }
    }
}

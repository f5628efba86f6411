using System.Buffers;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Secrets;

/// <summary>Keys that are known by something in their middle or at their end.</summary>
internal static class Infixes
{
    private static readonly SearchValues<char> Hexadecimal = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> EndsOfUrl = SearchValues.Create(" \t\r\n\"'<>");

    public static bool TryRead(ref TextScan scan, int start, int end)
    {
        ReadOnlySpan<char> run = scan.Text[start..end];
        string? vendor = null;

        // Azure AI services and their like: 84 characters with a signature in the middle.
        if (run.Length == 84 && run.Contains("JQQJ99", StringComparison.Ordinal))
        {
            vendor = "azure";
        }
        else if (run.Length is 36 or 37 && run[32..].StartsWith("-us", StringComparison.Ordinal) && char.IsAsciiDigit(run[^1])
            && run[..32].IndexOfAnyExcept(Hexadecimal) < 0)
        {
            vendor = "mailchimp";
        }
        else if (run.Length >= 76 && run.IndexOf(".atlasv1.") == 14)
        {
            vendor = "terraform";
        }
        else if (run.Length == 50 && run.EndsWith("jsn", StringComparison.Ordinal) && run[10..].StartsWith("msh", StringComparison.Ordinal))
        {
            vendor = "rapidapi";
        }
        else if (run[0] is 'M' or 'N' or 'O' && run.Length is >= 59 and <= 80 && IsDiscord(run))
        {
            vendor = "discord";
        }
        else if (scan.CharAt(start - 1) == ':' && run.Length is 35 && run.StartsWith("AA", StringComparison.Ordinal)
            && IsTelegram(scan.Text, start))
        {
            (vendor, start) = ("telegram", DigitsBefore(scan.Text, start - 1));
        }
        else if (scan.CharAt(start - 1) == '/' && IsWebhook(scan.Text, start))
        {
            vendor = "webhook";
        }

        // "abc8Q~…" has a tilde, which no run contains: it ends there.
        if (vendor is null && end - start >= 30 && start > 5 && scan.Text[start - 1] == '~' && scan.Text[start - 2] == 'Q'
            && char.IsAsciiDigit(scan.Text[start - 3]))
        {
            (vendor, start) = ("azure-ad", start - 6);
        }

        if (vendor is null || !Placeholders.LooksGenerated(scan.Text[start..end]))
        {
            return false;
        }

        scan.Add(SensitiveType.Secret, start, end, SensitiveConfidence.High, vendor);
        return true;
    }

    // The id of the account in Base64, six characters, and the signature.
    private static bool IsDiscord(ReadOnlySpan<char> run)
    {
        int first = run.IndexOf('.');
        return first is >= 23 and <= 28 && run.Length > first + 7 && run[first + 7] == '.' && run.Length - first - 8 >= 27;
    }

    private static bool IsTelegram(ReadOnlySpan<char> text, int start) => start - 1 - DigitsBefore(text, start - 1) is >= 8 and <= 10;

    private static int DigitsBefore(ReadOnlySpan<char> text, int end)
    {
        int start = end;
        while (start > 0 && end - start < 11 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    // https://hooks.slack.com/services/T…/B…/…, https://discord.com/api/webhooks/…/….
    private static bool IsWebhook(ReadOnlySpan<char> text, int start)
    {
        int window = Math.Max(0, start - 80);
        ReadOnlySpan<char> before = text[window..start];
        int slack = before.LastIndexOf("hooks.slack.com/"), discord = before.LastIndexOf("/api/webhooks/");
        if (slack < 0 && discord < 0)
        {
            return false;
        }

        return before[Math.Max(slack, discord)..].IndexOfAny(EndsOfUrl) < 0;
    }
}

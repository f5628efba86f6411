using PandaProbe.Safety.Numbers;
using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Secrets;

/// <summary>Looks at a run of at least sixteen letters, digits, <c>_ - .</c>: keys with a prefix, JWTs, crypto addresses, Base64.</summary>
internal static class TokenDetector
{
    // The beginning of a token says whether it was generated.
    private const int Judged = 256;

    public static void Look(ref TextScan scan, int start, int end)
    {
        ReadOnlySpan<char> text = scan.Text;
        if (start > 0 && text[start - 1] == '\\' && end - start > 6)
        {
            start += text[start] is 'n' or 'r' or 't' ? 1 : text[start] == 'u' ? 5 : 0;
        }
        else if (start > 0 && text[start - 1] == '%' && end - start > 2)
        {
            start += 2;
        }

        if (scan.Wants(SensitiveType.Secret))
        {
            for (int at = start; at < end - 8;)
            {
                // A key that stands alone is looked at whatever stands before it.
                if ((at == start || scan.SecretRuns.MayRead(at)) && TryPrefix(ref scan, at, out int after))
                {
                    at = after;
                    if (at >= end - 8)
                    {
                        return;
                    }
                }

                int separator = text[at..end].IndexOfAny('.', '_', '-');
                if (separator < 0)
                {
                    break;
                }

                at += separator + 1;
            }

            if (Infixes.TryRead(ref scan, start, end) || Bearer(ref scan, start, end))
            {
                return;
            }
        }

        if (scan.Wants(SensitiveType.CryptoAddress))
        {
            CryptoAddresses.Look(ref scan, start, end);
        }

        if (!scan.Settings.WantsNumbers && scan.Wants(SensitiveType.NationalId) && end - start <= 18)
        {
            LetteredIds.Look(ref scan, start, end);
        }

        EncodedText.LookAtBase64(ref scan, start, end);
    }

    private static bool TryPrefix(ref TextScan scan, int start, out int end)
    {
        ReadOnlySpan<char> text = scan.Text[start..];
        end = start;
        if (start > 0 && char.IsAsciiLetterOrDigit(scan.Text[start - 1]) && !(start > 1 && scan.Text[start - 2] is '\\' or '%')
            && !(start > 2 && scan.Text[start - 3] == '%')
            && !(start > 5 && scan.Text[start - 6] == '\\'))
        {
            return false;
        }

        ulong first = SecretForm.HeadOf(text);
        foreach ((ulong head, ulong mask, SecretForm form) in SecretForms.StartingLike(text[0], text[1], text[2]))
        {
            if ((first & mask) == head && TryForm(ref scan, start, form, out end))
            {
                return true;
            }
        }

        return text.StartsWith("eyJ", StringComparison.Ordinal) && JsonWebTokens.TryRead(ref scan, start, out end);
    }

    private static bool TryForm(ref TextScan scan, int start, SecretForm form, out int end)
    {
        int body = start + form.Prefix.Length;
        end = start;
        if (form.Prefix.Length > SecretForm.HeadLength && !scan.Text[start..].StartsWith(form.Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        int tail = Tail(ref scan, body, form.Tail);
        if (tail == 0 || scan.CharAt(body + tail) is var after && (char.IsAsciiLetterOrDigit(after) || after == '_'))
        {
            return false;
        }

        ReadOnlySpan<char> random = scan.Text.Slice(body, Math.Min(tail, Judged));
        scan.SecretRuns.Reread(random.Length);
        if (!Placeholders.LooksGenerated(random) || (form.Prefix.Length < 5 && !HasKeyLetters(random)))
        {
            return false;
        }

        end = body + tail;
        bool proven = form.HasChecksum && GitHubChecksum.IsRight(scan.Text[body..end]);
        scan.Add(SensitiveType.Secret, start, end, form.HasChecksum && !proven ? SensitiveConfidence.Medium : SensitiveConfidence.High,
            form.Vendor);
        return true;
    }

    // A short prefix is also how names in code begin; what follows then needs digits or capitals among small letters.
    private static bool HasKeyLetters(ReadOnlySpan<char> random)
    {
        int digits = 0, changes = 0;
        for (int i = 0; i < random.Length; i++)
        {
            digits += char.IsAsciiDigit(random[i]) ? 1 : 0;
            changes += i > 0 && char.IsAsciiLetterUpper(random[i]) != char.IsAsciiLetterUpper(random[i - 1]) ? 1 : 0;
        }

        return digits >= 2 || changes * 4 >= random.Length || !random.ContainsAnyInRange('a', 'z');
    }

    /// <summary>How many characters the parts take, or 0 where they do not fit.</summary>
    private static int Tail(ref TextScan scan, int start, SecretPart[] parts)
    {
        ReadOnlySpan<char> text = scan.Text;
        int at = start;
        foreach (SecretPart part in parts)
        {
            int length = scan.SecretRuns.Length(text, at, part);
            if (length == 0)
            {
                return 0;
            }

            at += length;
        }

        // A full stop or a dash that ends a sentence is no part of the key.
        while (at > start && parts[^1].Alphabet == 'x' && text[at - 1] is '.' or '-')
        {
            at--;
        }

        return at - start;
    }

    /// <summary>"Bearer" and a token, where no sign stands between.</summary>
    private static bool Bearer(ref TextScan scan, int start, int end)
    {
        ReadOnlySpan<char> text = scan.Text;
        if (start < 7 || text[start - 1] != ' ' || text[start - 2] is not ('r' or 'R')
            || !text[(start - 7)..(start - 1)].Equals("bearer", StringComparison.OrdinalIgnoreCase)
            || !Placeholders.LooksRandom(text[start..end]))
        {
            return false;
        }

        scan.Add(SensitiveType.Secret, start, end, SensitiveConfidence.High, "bearer");
        return true;
    }
}

using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Secrets;

/// <summary>JSON Web Tokens: three or five parts of Base64 whose first is a JSON object with an algorithm.</summary>
internal static class JsonWebTokens
{
    public static bool TryRead(ref TextScan scan, int start, out int end)
    {
        ReadOnlySpan<char> text = scan.Text;
        int dots = 0, first = 0;
        for (end = start; end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'); end++)
        {
            if (text[end] == '.')
            {
                first = dots++ == 0 ? end - start : first;
            }
        }

        while (text[end - 1] is '.' or '-' && dots > 2)
        {
            dots -= text[--end] == '.' ? 1 : 0;
        }

        if (dots < 2 || first is < 16 or > 1024)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[784];
        int length = Base64Text.Decode(text.Slice(start, first), header);
        if (length < 8 || header[..length].IndexOf("\"alg\""u8) < 0)
        {
            return false;
        }

        scan.Add(SensitiveType.Secret, start, end, SensitiveConfidence.High, "jwt");
        return true;
    }
}

using PandaProbe.Safety.Scanning;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Secrets;

/// <summary>JSON Web Tokens: three or five parts of Base64 whose first is a JSON object with an algorithm.</summary>
internal static class JsonWebTokens
{
    private const int ShortestHeader = 16, LongestHeader = 1024;

    public static bool TryRead(ref TextScan scan, int start, out int end)
    {
        ReadOnlySpan<char> text = scan.Text;
        end = start;

        // The header tells first, because a run can hold many beginnings.
        int first = text[start..Math.Min(text.Length, start + LongestHeader + 1)].IndexOf('.');
        Span<byte> header = stackalloc byte[LongestHeader * 3 / 4 + 2];
        int length = first < ShortestHeader ? 0 : Base64Text.Decode(text.Slice(start, first), header);
        if (length < 8 || header[..length].IndexOf("\"alg\""u8) < 0)
        {
            return false;
        }

        int dots = 1;
        for (end = start + first + 1; end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'); end++)
        {
            dots += text[end] == '.' ? 1 : 0;
        }

        while (text[end - 1] is '.' or '-' && dots > 2)
        {
            dots -= text[--end] == '.' ? 1 : 0;
        }

        if (dots < 2)
        {
            end = start;
            return false;
        }

        scan.Add(SensitiveType.Secret, start, end, SensitiveConfidence.High, "jwt");
        return true;
    }
}

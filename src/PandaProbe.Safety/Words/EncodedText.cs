using System.Buffers;
using System.Text;
using System.Text.Unicode;
using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Words;

/// <summary>Text in Base64 or percent-encoding: decoded once and scanned. Base64 with a finding is masked as a whole, percent-encoding in
/// its part.</summary>
internal static class EncodedText
{
    // No detector takes a shorter text for a value.
    private const int ShortestDecoded = 6, MostOnStack = 128;

    private const int ShortestBase64 = 24, Probe = 24;

    // A long text is decoded in parts that overlap by more than the longest value, a private key of 8192 bits. Both are multiples of four,
    // the characters that Base64 decodes together.
    private const int Window = 131_072, Overlap = 16_384;

    public static void LookAtBase64(ref TextScan scan, int start, int end)
    {
        ReadOnlySpan<char> text = scan.Text;
        if (scan.Encoded || start < scan.BlocksOfBase64Done || text[start..end].Contains('.'))
        {
            return;
        }

        // Most tokens are no text after four characters.
        Span<byte> probe = stackalloc byte[Probe];
        bool begins = start == 0 || text[start - 1] is not ('+' or '/');
        if (begins && !IsText(probe[..Math.Max(0, Base64Text.Decode(text.Slice(start, 4), probe))]))
        {
            scan.BlocksOfBase64Done = end;
            return;
        }

        while (start > scan.BlocksOfBase64Done && text[start - 1] is '+' or '/' or (>= '0' and <= '9') or (>= 'A' and <= 'Z')
            or (>= 'a' and <= 'z') or '-' or '_')
        {
            start--;
        }

        while (end < text.Length && Base64Text.IsBase64(text[end]))
        {
            end++;
        }

        scan.BlocksOfBase64Done = end;
        if (end - start < ShortestBase64)
        {
            return;
        }

        // The first characters tell text from images, keys and hashes.
        if (!IsText(probe[..Math.Max(0, Base64Text.Decode(text.Slice(start, Probe), probe))]))
        {
            return;
        }

        if (StrongestIn(ref scan, start, end) is { } finding)
        {
            while (end < text.Length && text[end] == '=')
            {
                end++;
            }

            scan.Add(finding.Type, start, end, finding.Confidence, finding.Detector);
        }
    }

    private static SensitiveFinding? StrongestIn(ref TextScan scan, int start, int end)
    {
        int most = Math.Min(end - start, Window), length = most / 4 * 3 + 2;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        char[] chars = ArrayPool<char>.Shared.Rent(length);
        try
        {
            SensitiveFinding? strongest = null;
            for (int from = start; strongest is null && from < end; from += Window - Overlap)
            {
                int decoded = Base64Text.Decode(scan.Text[from..Math.Min(end, from + Window)], bytes);
                if (decoded > 0)
                {
                    int count = Encoding.UTF8.GetChars(bytes.AsSpan(0, decoded), chars);
                    TextScan inner = new(chars.AsSpan(0, count), scan.Name, scan.Settings, scan.Deadline, encoded: true);
                    inner.Run();
                    strongest = inner.Findings?.MaxBy(finding => (finding.Confidence, -finding.Start));
                }

                if (from + Window >= end)
                {
                    break;
                }
            }

            return strongest;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
            ArrayPool<byte>.Shared.Return(bytes, clearArray: true);
        }
    }

    public static void LookAtPercent(ref TextScan scan, int at)
    {
        ReadOnlySpan<char> text = scan.Text;
        if (scan.Encoded || at < scan.EncodingDone || at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1])
            || !char.IsAsciiHexDigit(text[at + 2]))
        {
            return;
        }

        int start = at, end = at;
        while (start > scan.EncodingDone && IsUrl(text[start - 1]))
        {
            start--;
        }

        while (end < text.Length && (IsUrl(text[end]) || text[end] == '%'))
        {
            end++;
        }

        scan.EncodingDone = end;
        if (end - start < ShortestDecoded + 2)
        {
            return;
        }

        if (end - start <= MostOnStack)
        {
            ScanPercent(ref scan, start, end, stackalloc char[MostOnStack], stackalloc int[MostOnStack + 1]);
            return;
        }

        int most = Math.Min(end - start, Window);
        char[] chars = ArrayPool<char>.Shared.Rent(most);
        int[] sources = ArrayPool<int>.Shared.Rent(most + 1);
        try
        {
            for (int from = start; from < end; from += Window - Overlap)
            {
                ScanPercent(ref scan, from, Math.Min(end, from + Window), chars, sources);
                if (from + Window >= end)
                {
                    break;
                }
            }
        }
        finally
        {
            ArrayPool<int>.Shared.Return(sources);
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
        }
    }

    private static void ScanPercent(
        ref TextScan scan, int start, int end, scoped Span<char> chars, scoped Span<int> sources)
    {
        ReadOnlySpan<char> text = scan.Text;
        int count = 0;
        for (int i = start; i < end; count++)
        {
            sources[count] = i;
            if (text[i] == '%' && i + 2 < end && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                // A byte beyond ASCII is part of a letter, whichever it is.
                int value = (Hex(text[i + 1]) << 4) | Hex(text[i + 2]);
                chars[count] = value < 128 ? (char)value : '\u00E4';
                i += 3;
            }
            else
            {
                chars[count] = text[i] == '+' ? ' ' : text[i];
                i++;
            }
        }

        sources[count] = end;
        if (count < ShortestDecoded)
        {
            return;
        }

        TextScan inner = new(chars[..count], scan.Name, scan.Settings, scan.Deadline, encoded: true);
        inner.Run();
        for (int i = 0; i < inner.Findings?.Count; i++)
        {
            SensitiveFinding finding = inner.Findings[i];
            scan.Add(finding.Type, sources[finding.Start], sources[finding.End], finding.Confidence, finding.Detector);
        }
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b is < 0x20 and not (9 or 10 or 13) or 0x7F or 0xC0 or 0xC1 or >= 0xF5)
            {
                return false;
            }
        }

        return bytes.Length > 0 && (!bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF) || EndsInCharacter(bytes));
    }

    // The last character may be cut.
    private static bool EndsInCharacter(ReadOnlySpan<byte> bytes)
    {
        for (int cut = 0; cut < 4 && cut <= bytes.Length; cut++)
        {
            if (Utf8.IsValid(bytes[..^cut]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUrl(char c) => char.IsAsciiLetterOrDigit(c)
        || c is '-' or '_' or '.' or '~' or '/' or ':' or '?' or '&' or '=' or '+' or ';' or ',' or '*' or '!' or '%';

    private static int Hex(char c) => char.IsAsciiDigit(c) ? c - '0' : (c & 0x5F) - 'A' + 10;
}

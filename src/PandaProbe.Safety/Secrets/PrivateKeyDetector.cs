using PandaProbe.Safety.Scanning;

namespace PandaProbe.Safety.Secrets;

/// <summary>Private keys in PEM form, from <c>-----BEGIN</c> to the end of <c>-----END …-----</c>, or to the end of the text where that is
/// missing.</summary>
internal static class PrivateKeyDetector
{
    private const string Begin = "-----BEGIN ", End = "-----END ";

    public static void Look(ref TextScan scan, int from, int to)
    {
        ReadOnlySpan<char> text = scan.Text;
        from = Math.Max(from, scan.KeysDone);
        while (from < to)
        {
            // The beginning may go on in the next block.
            int begin = text[from..Math.Min(text.Length, to + Begin.Length)].IndexOf(Begin);
            if (begin < 0 || from + begin >= to)
            {
                return;
            }

            int start = from + begin, label = start + Begin.Length;
            ReadOnlySpan<char> name = text[label..Math.Min(text.Length, label + 64)];
            int dashes = name.IndexOf("-----");
            if (dashes < 0 || !name[..dashes].Contains("PRIVATE KEY", StringComparison.Ordinal))
            {
                from = label;
                continue;
            }

            int body = label + dashes + 5, end = NextEnd(ref scan, body) - body;
            int stop = text.Length;
            if (end >= 0)
            {
                int afterEnd = body + end + End.Length, last = text[afterEnd..Math.Min(text.Length, afterEnd + 64)].IndexOf("-----");
                stop = last < 0 ? Math.Min(text.Length, afterEnd + 64) : afterEnd + last + 5;
            }

            // Documentation says "-----BEGIN PRIVATE KEY-----" and no more.
            int content = (end < 0 ? text.Length : body + end) - body;
            bool isKey = HasLongRun(text.Slice(body, Math.Min(content, 512)));
            scan.KeysDone = from = isKey ? stop : body;
            if (isKey)
            {
                scan.Add(SensitiveType.PrivateKey, start, stop, SensitiveConfidence.High, "pem");
            }
        }
    }

    // Many beginnings have the same end, or none.
    private static int NextEnd(ref TextScan scan, int from)
    {
        if (scan.EndOfKey < from && scan.EndOfKey >= 0)
        {
            int end = scan.Text[from..].IndexOf(End);
            scan.EndOfKey = end < 0 ? -1 : from + end;
        }

        return scan.EndOfKey;
    }

    // A line of a key is longer than any word; half a surrogate or an escape ends it.
    private static bool HasLongRun(ReadOnlySpan<char> text)
    {
        int run = 0, next = text.IndexOf("-----");
        foreach (char c in next < 0 ? text : text[..next])
        {
            run = char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '=' ? run + 1 : 0;
            if (run == 16)
            {
                return true;
            }
        }

        return false;
    }
}

using PandaProbe.Safety;

namespace PandaProbe.Runtime;

/// <summary>
/// Keeps a cut from going through a sensitive value: half of a key is no key to a detector that comes later, and still one to a reader.
/// </summary>
internal static class WholeValues
{
    /// <summary>How many characters before and behind a cut are looked at. Longer than a private key.</summary>
    public const int Reach = 8192;

    /// <summary>Returns where the text may end: at <paramref name="length"/>, or before the value that lies across it.</summary>
    public static int EndOf(string text, int length)
    {
        IReadOnlyList<FieldScanners> scanners = ContentPolicy.Current.Scanners;
        if (scanners.Count == 0 || length <= 0 || length >= text.Length)
            return length;

        int start = Math.Max(0, length - Reach);
        int end = (int)Math.Min(text.Length, (long)length + Reach);
        string window = text[start..end];
        int safe = length;
        foreach (FieldScanners scanner in scanners)
        {
            try
            {
                foreach (SensitiveFinding finding in scanner.Widest.Scan(window))
                {
                    if (start + finding.Start < safe && start + finding.End > length)
                        safe = start + finding.Start;
                }
            }
            catch (Exception)
            {
                // What cannot be looked at does not leave.
                return start;
            }
        }

        return safe;
    }
}

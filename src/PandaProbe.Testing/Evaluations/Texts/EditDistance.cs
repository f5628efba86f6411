using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>Levenshtein's distance: how many characters must be inserted, removed or replaced to make one text of another.</summary>
internal static class EditDistance
{
    /// <summary>The most characters of one text. Two such texts take about half a second.</summary>
    public const int MaxLength = 20_000;

    /// <summary>Returns 1 for equal texts, 0 where nothing is equal, and the share of characters that stay otherwise.</summary>
    public static double Similarity(string left, string right)
    {
        Rune[] a = [.. left.EnumerateRunes()];
        Rune[] b = [.. right.EnumerateRunes()];
        if (Math.Max(a.Length, b.Length) > MaxLength)
        {
            throw new EvaluatorException(string.Create(
                CultureInfo.InvariantCulture, $"A text has more than {MaxLength:N0} characters, so the edit distance is not computed."));
        }

        return a.Length + b.Length == 0 ? 1 : 1 - (double)Between(a, b) / Math.Max(a.Length, b.Length);
    }

    private static int Between(ReadOnlySpan<Rune> a, ReadOnlySpan<Rune> b)
    {
        int common = a.CommonPrefixLength(b);
        a = a[common..];
        b = b[common..];
        int[] row = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++)
            row[j] = j;

        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int replaced = diagonal + (a[i] == b[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[b.Length];
    }
}

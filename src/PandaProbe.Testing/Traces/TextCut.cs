using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>Brings texts of agents onto one line of a message.</summary>
internal static class TextCut
{
    /// <summary>Returns a text on one line, cut to a length.</summary>
    public static string Short(string text, int maxLength)
    {
        StringBuilder line = new(Math.Min(text.Length, maxLength));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > maxLength)
                return line.Length == 0 ? "…" : line.ToString(0, line.Length - LastLength(line)) + "…";

            line.Append(rune.Value switch
            {
                '\n' => "↵",
                '\r' => "",
                '\t' => " ",
                // Control characters and those that change the direction of text would garble what stands beside them.
                _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format ? "\uFFFD" : rune.ToString(),
            });
        }

        return line.ToString();
    }

    private static int LastLength(StringBuilder line) => char.IsLowSurrogate(line[^1]) ? 2 : 1;
}

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
                _ => Visible(rune),
            });
        }

        return line.ToString();
    }

    /// <summary>
    /// Returns a character, or a replacement character for one that cannot be seen or that turns the direction of what follows.
    /// </summary>
    public static string Visible(Rune rune) => rune.Value switch
    {
        // These two join characters of scripts and of emoji.
        0x200C or 0x200D => rune.ToString(),
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned ? "\uFFFD" : rune.ToString(),
    };

    private static int LastLength(StringBuilder line) => char.IsLowSurrogate(line[^1]) ? 2 : 1;
}

using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>Writes texts of agents into HTML.</summary>
internal static class HtmlText
{
    private const int MaxLength = 20_000;

    /// <summary>
    /// Returns a text for the content of an element or for an attribute in quotes. Characters that cannot be seen, or that turn the
    /// direction of what follows, become a replacement character.
    /// </summary>
    public static string Encode(string text)
    {
        StringBuilder encoded = new(text.Length + 16);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (encoded.Length > MaxLength)
                return encoded.Append(CultureInfo.InvariantCulture, $"… ({text.Length:N0} characters)").ToString();

            encoded.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\r' => "",
                '\n' or '\t' => rune.ToString(),
                _ => TextCut.Visible(rune),
            });
        }

        return encoded.ToString();
    }
}

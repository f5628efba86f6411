using System.Text;
using PandaProbe.Safety.Words;

namespace PandaProbe.Safety.Injection;

/// <summary>Text as a model reads it: small Latin letters without accents and disguises, words with one space between, and what was hidden
/// in it.</summary>
internal sealed class NormalText
{
    private const int ShortestBase64 = 24, LongestText = 200_000;

    private NormalText(string words, string raw, int disguises, bool hasTags) =>
        (Words, Raw, Disguises, HasTags) = (words, raw, disguises, hasTags);

    /// <summary>The words, with a space before the first and after the last.</summary>
    public string Words { get; }

    /// <summary>The text with its signs, in small letters.</summary>
    public string Raw { get; }

    /// <summary>How many ways of hiding words it uses: invisible characters inside words, letters of other scripts, spaced letters,
    /// Base64.</summary>
    public int Disguises { get; }

    /// <summary>Whether it carries text in tag characters, which nobody sees.</summary>
    public bool HasTags { get; }

    public static NormalText Of(string text)
    {
        if (text.Length > LongestText)
        {
            text = string.Concat(text.AsSpan(0, LongestText / 2), " ", text.AsSpan(text.Length - (LongestText / 2)));
        }

        int disguises = 0;
        StringBuilder plain = new(text.Length), tags = new();
        bool invisible = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0xE0020 and <= 0xE007E)
            {
                tags.Append((char)(rune.Value - 0xE0000));
            }
            else if (rune.Value is 0xAD or 0x180E or (>= 0x200B and <= 0x200F) or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x2064)
                or 0xFEFF or (>= 0xFE00 and <= 0xFE0F))
            {
                // A joiner between letters of a word; emoji and Arabic use it too.
                invisible |= plain.Length > 0 && char.IsAsciiLetter(plain[^1]);
            }
            else
            {
                Append(plain, rune);
            }
        }

        disguises += invisible ? 1 : 0;
        if (tags.Length > 0)
        {
            plain.Append(' ').Append(tags.ToString().ToLowerInvariant());
        }

        if (Decoded(text) is { } decoded)
        {
            disguises++;
            plain.Append(' ').Append(decoded.ToLowerInvariant());
        }

        string raw = plain.ToString();
        string words = Join(Split(raw, ref disguises), ref disguises);
        return new(words, raw, disguises, tags.Length > 0);
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        int c = rune.Value;
        c = c switch
        {
            >= 0xFF01 and <= 0xFF5E => c - 0xFEE0,
            >= 0x1D400 and <= 0x1D6A3 => (c - 0x1D400) % 52 is int letter && letter < 26 ? 'A' + letter : 'a' + ((c - 0x1D400) % 52) - 26,
            >= 0x1D7CE and <= 0x1D7FF => '0' + ((c - 0x1D7CE) % 10),
            >= 0x24B6 and <= 0x24CF => 'a' + c - 0x24B6,
            >= 0x24D0 and <= 0x24E9 => 'a' + c - 0x24D0,
            >= 0x1F130 and <= 0x1F149 => 'a' + c - 0x1F130,
            >= 0x1F170 and <= 0x1F189 => 'a' + c - 0x1F170,
            _ => c,
        };
        if (c is >= 0xC0 and <= 0x17F)
        {
            plain.Append(WithoutAccent((char)c));
        }
        else if (c < 0x10000)
        {
            plain.Append(char.ToLowerInvariant((char)c));
        }
        else
        {
            plain.Append(rune.ToString());
        }
    }

    private static string WithoutAccent(char c)
    {
        const string Latin1 = "aaaaaaaceeeeiiiidnooooo×ouuuuyþsaaaaaaaceeeeiiiidnooooo÷ouuuuyþy";
        const string Extended =
            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
        return c == 'ß' ? "ss" : c <= 0xFF ? Latin1[c - 0xC0].ToString() : Extended[Math.Min(c - 0x100, Extended.Length - 1)].ToString();
    }

    /// <summary>Words of letters and digits. In a word of two scripts, and in one with digits among letters, look-alikes become Latin
    /// letters.</summary>
    private static List<string> Split(string text, ref int disguises)
    {
        List<string> words = [];
        bool disguised = false;
        for (int i = 0; i < text.Length;)
        {
            int start = i;
            bool latin = false, other = false, digit = false;
            while (i < text.Length
                && (char.IsLetterOrDigit(text[i])
                || (text[i] is '\'' or '@' or '$' or '’' && i > start && i + 1 < text.Length && char.IsLetter(text[i + 1]))))
            {
                latin |= char.IsAsciiLetter(text[i]);
                other |= text[i] is >= '\u0370' and <= '\u052F';
                digit |= char.IsAsciiDigit(text[i]) || text[i] is '@' or '$';
                i++;
            }

            if (i == start)
            {
                i++;
                continue;
            }

            string word = text[start..i];
            if (latin && (other || digit))
            {
                string read = string.Concat(word.Select(LookAlike));
                disguised |= other;
                word = read;
            }

            words.Add(word.Replace("'", "", StringComparison.Ordinal).Replace("’", "", StringComparison.Ordinal));
        }

        disguises += disguised ? 1 : 0;
        return words;
    }

    // "i g n o r e" is one word: at least four letters that stand alone.
    private static string Join(List<string> words, ref int disguises)
    {
        StringBuilder text = new(" ");
        bool spaced = false;
        for (int i = 0; i < words.Count; i++)
        {
            int end = i;
            while (end < words.Count && words[end].Length == 1 && char.IsAsciiLetter(words[end][0]))
            {
                end++;
            }

            if (end - i >= 5)
            {
                spaced = true;
                text.AppendJoin("", words[i..end]).Append(' ');
                i = end - 1;
            }
            else
            {
                text.Append(words[i]).Append(' ');
            }
        }

        disguises += spaced ? 1 : 0;
        return text.ToString();
    }

    private static char LookAlike(char c)
    {
        const string From = "аеорсухіјѕԁһвкмнтгαεορτυικνβζ0134578@$", To = "aeopcyxijsdhbkmhtraeoptuiknbzoieastbas";
        int at = From.IndexOf(c, StringComparison.Ordinal);
        return at < 0 ? c : To[at];
    }

    private static string? Decoded(string text)
    {
        StringBuilder? all = null;
        byte[] bytes = [];
        for (int i = 0; i < text.Length;)
        {
            int start = i;
            while (i < text.Length && Base64Text.IsBase64(text[i]))
            {
                i++;
            }

            if (i - start >= ShortestBase64)
            {
                bytes = bytes.Length < i - start ? new byte[i - start] : bytes;
                int count = Base64Text.Decode(text.AsSpan(start, i - start), bytes);
                if (count > 0 && !bytes.AsSpan(0, count).ContainsAnyInRange((byte)0, (byte)8)
                    && System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, count)))
                {
                    (all ??= new()).Append(Encoding.UTF8.GetString(bytes, 0, count)).Append(' ');
                }
            }

            i = Math.Max(i, start + 1);
        }

        return all?.ToString();
    }
}

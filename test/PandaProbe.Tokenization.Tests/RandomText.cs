using System.Globalization;
using System.Text;

namespace PandaProbe.Tokenization.Tests;

/// <summary>Text that meets the corners of the split patterns far more often than real text does.</summary>
internal static class RandomText
{
    private static readonly string[] Pieces =
    [
        " ", " ", "  ", "\n", "\r", "\r\n", "\t", "\u00A0", "\u3000", "\u2028", "\u0085", "\v", "'", "'s", "'S", "'t", "'re", "'RE", "'Ve",
            "'m", "'ll", "'LL", "'d",
        "'\u017F", "'l", "'r", "a", "b", "hello", "World", "ABC", "aB", "é", "É", "ß", "ǅ", "ʰ", "ª", "中", "文", "ع", "א", "ไ", "한",
        "\u0301", "\u0903", "\u20DD", "0", "1",
        "123", "4567", "Ⅷ", "²", "٣", "½", ".", ",", "!", "//", "/", "-", "_", "{", "}", "(", "$", "+", "€", "…", "—", "\u200D", "\uFE0F",
        "\uFFFD", "\0", "\u007F", "\uE000",
        "<|endoftext|>",
    ];

    private static readonly string[] Astral =
    [
        "😀", "👩‍💻", "🇯🇵", "👍🏽", "𝐀", "𝐚", "𐐀", "𐐨", "𝟎", "𠀀", "𪚥", "𐎠", "\U0001E000", "\U000E0100", "\U0001F1E6",
        "\U000F0000",
            "\U0010FFFF", "𐄇",
    ];

    public static string Bmp(Random random, int pieces) => Make(random, pieces, Pieces, astral: false);

    public static string Any(Random random, int pieces) => Make(random, pieces, [.. Pieces, .. Astral], astral: true);

    private static string Make(Random random, int pieces, string[] from, bool astral)
    {
        var text = new StringBuilder();
        for (int i = 0; i < pieces; i++)
        {
            if (random.Next(8) > 0)
                text.Append(from[random.Next(from.Length)]);
            else
                text.Append(AnyRune(random, astral ? 0x110000 : 0x10000));
        }

        return text.ToString();
    }

    private static string AnyRune(Random random, int end)
    {
        while (true)
        {
            int value = random.Next(4) > 0 ? random.Next(Math.Min(end, 0x3000)) : random.Next(end);
            if (Rune.IsValid(value) && CharUnicodeInfo.GetUnicodeCategory(value) != UnicodeCategory.OtherNotAssigned)
                return new Rune(value).ToString();
        }
    }
}

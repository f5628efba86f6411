using System.Globalization;

namespace PandaProbe.TokenizerData;

/// <summary>
/// The character class of every code point, as a two-level table: 4,352 block numbers (one per 256 code points), then the distinct blocks.
/// Written to a file so that every runtime splits text alike, whatever version of Unicode it brings.
/// </summary>
internal static class CategoryFile
{
    private const byte Letter = 1, Number = 2, Space = 4, Newline = 8, Upper = 16, Lower = 32, Caseless = 64;

    public static void Write(string path)
    {
        var index = new List<byte>();
        var blocks = new List<byte[]>();
        for (int first = 0; first < 0x110000; first += 256)
        {
            byte[] block = Enumerable.Range(first, 256).Select(ClassOf).ToArray();
            int number = blocks.FindIndex(known => known.AsSpan().SequenceEqual(block));
            if (number < 0)
            {
                number = blocks.Count;
                blocks.Add(block);
            }

            index.Add(checked((byte)number));
        }

        File.WriteAllBytes(path, [.. index, .. blocks.SelectMany(block => block)]);
        Console.WriteLine($"{Path.GetFileName(path)}: {blocks.Count} distinct blocks");
    }

    private static byte ClassOf(int codePoint) => codePoint switch
    {
        '\r' or '\n' => Space | Newline,
        '\t' or '\v' or '\f' or 0x85 => Space,
        _ => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => Letter | Upper,
            UnicodeCategory.LowercaseLetter => Letter | Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Letter | Caseless,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => Caseless,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Number,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Space,
            _ => 0,
        },
    };
}

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using PandaProbe.Tokenization.Splitting;

namespace PandaProbe.Tokenization.Tests;

/// <summary>The scanners written by hand against the patterns themselves.</summary>
public sealed class SplitPatternTests
{
    // .NET does not count the long s among the forms of s; Unicode, and with it the reference, does.
    private const string Contraction = "(?:'[sS\u017F]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";

    private static readonly Regex O200k = Compile(
        @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" + Contraction + "?"
        + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + Contraction + "?"
        + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+");

    private static readonly Regex Cl100k = Compile(
        Contraction + @"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+");

    private static readonly Regex Gpt2 = Compile(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Splits_text_as_the_patterns_do(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 6000; i++)
            ShouldSplitAsThePatterns(RandomText.Bmp(random, random.Next(1, 40)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Splits_text_beyond_the_basic_plane_as_the_patterns_do(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 6000; i++)
            ShouldSplitAsThePatterns(RandomText.Any(random, random.Next(1, 40)));
    }

    [Fact]
    public void Splits_the_texts_of_the_vectors_as_the_patterns_do()
    {
        foreach (Vector vector in Vectors.All)
            ShouldSplitAsThePatterns(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(vector.Text)));
    }

    [Fact]
    public void Classifies_every_code_point_as_Unicode_does()
    {
        var letter = new Regex(@"\p{L}");
        var number = new Regex(@"\p{N}");
        var space = new Regex(@"\s");
        byte[] bytes = new byte[4];
        for (int value = 0; value < 0x110000; value++)
        {
            if (!Rune.IsValid(value))
                continue;
            var rune = new Rune(value);
            rune.EncodeToUtf8(bytes);
            int found = CharClass.At(ref bytes[0], out int size);
            bool isLetter = (found & CharClass.Letter) != 0, isNumber = (found & CharClass.Number) != 0;
            bool isRight = size == rune.Utf8SequenceLength;
            if (rune.IsBmp)
            {
                ReadOnlySpan<char> text = [(char)value];
                isRight &= isLetter == letter.IsMatch(text) && isNumber == number.IsMatch(text)
                    && (found & CharClass.Space) != 0 == space.IsMatch(text);
            }
            else
            {
                isRight &= isLetter == Rune.IsLetter(rune) && isNumber == Rune.IsNumber(rune);
            }

            // An assertion of Shouldly for each of five million comparisons would take seconds.
            if (!isRight)
                Assert.Fail($"U+{value:X4}: class {found}, {size} bytes");
        }
    }

    private static void ShouldSplitAsThePatterns(string text)
    {
        string standIns = string.Concat(text.EnumerateRunes().Select(StandIn));
        ShouldBeSame(Split<O200kPattern>(text), Split(O200k, standIns), text);
        ShouldBeSame(Split<Cl100kPattern>(text), Split(Cl100k, standIns), text);
        ShouldBeSame(Split<Gpt2Pattern>(text), Split(Gpt2, standIns), text);
    }

    // The message is written for a difference only: it takes longer than the comparison.
    private static void ShouldBeSame(List<int> ends, List<int> expected, string text)
    {
        if (!ends.SequenceEqual(expected))
            ends.ShouldBe(expected, Escape(text));
    }

    /// <summary>The ends of the pieces, in code points.</summary>
    private static List<int> Split<TPattern>(string text)
        where TPattern : struct, ISplitPattern
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var ends = new List<int>();
        int codePoints = 0;
        for (int position = 0; position < utf8.Length;)
        {
            int start = position;
            position = TPattern.EndOfPiece(ref utf8[0], position, utf8.Length);
            for (int at = start; at < position; at++)
            {
                if ((utf8[at] & 0xC0) != 0x80)
                    codePoints++;
            }

            ends.Add(codePoints);
        }

        return ends;
    }

    private static List<int> Split(Regex pattern, string standIns)
    {
        List<int> ends = [];
        foreach (ValueMatch match in pattern.EnumerateMatches(standIns))
            ends.Add(match.Index + match.Length);
        return ends;
    }

    /// <summary>
    /// .NET's regular expressions see halves of what is beyond the basic plane: a character of the same category from within stands in for
    /// it.
    /// </summary>
    private static string StandIn(Rune rune) => rune.IsBmp ? rune.ToString() : Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter => "Ω",
        UnicodeCategory.LowercaseLetter => "ω",
        UnicodeCategory.TitlecaseLetter => "ǅ",
        UnicodeCategory.ModifierLetter => "ʰ",
        UnicodeCategory.OtherLetter => "字",
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => "\u0300",
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => "٤",
        _ => "§",
    };

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.Compiled | RegexOptions.CultureInvariant);

    private static string Escape(string text) =>
        string.Join(' ', text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}

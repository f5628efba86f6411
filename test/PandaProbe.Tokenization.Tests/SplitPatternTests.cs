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
            size.ShouldBe(rune.Utf8SequenceLength);
            if (rune.IsBmp)
            {
                ReadOnlySpan<char> text = [(char)value];
                ((found & CharClass.Letter) != 0).ShouldBe(letter.IsMatch(text));
                ((found & CharClass.Number) != 0).ShouldBe(number.IsMatch(text));
                ((found & CharClass.Space) != 0).ShouldBe(space.IsMatch(text));
            }
            else
            {
                ((found & CharClass.Letter) != 0).ShouldBe(Rune.IsLetter(rune));
                ((found & CharClass.Number) != 0).ShouldBe(Rune.IsNumber(rune));
            }
        }
    }

    private static void ShouldSplitAsThePatterns(string text)
    {
        Split<O200kPattern>(text).ShouldBe(Split(O200k, text), Escape(text));
        Split<Cl100kPattern>(text).ShouldBe(Split(Cl100k, text), Escape(text));
        Split<Gpt2Pattern>(text).ShouldBe(Split(Gpt2, text), Escape(text));
    }

    /// <summary>The ends of the pieces, in code points.</summary>
    private static List<int> Split<TPattern>(string text)
        where TPattern : struct, ISplitPattern
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var ends = new List<int>();
        for (int position = 0; position < utf8.Length;)
        {
            position = TPattern.EndOfPiece(ref utf8[0], position, utf8.Length);
            ends.Add(utf8.AsSpan(0, position).ToArray().Count(value => (value & 0xC0) != 0x80));
        }

        return ends;
    }

    /// <summary>
    /// .NET's regular expressions see halves of what is beyond the basic plane: a character of the same category from within stands in for
    /// it.
    /// </summary>
    private static List<int> Split(Regex pattern, string text)
    {
        string standIns = string.Concat(text.EnumerateRunes().Select(StandIn));
        return [.. pattern.Matches(standIns).Select(match => match.Index + match.Length)];
    }

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

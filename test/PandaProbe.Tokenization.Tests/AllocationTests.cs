using System.Text;
using PandaProbe.Tests;

namespace PandaProbe.Tokenization.Tests;

public sealed class AllocationTests
{
    [Theory]
    [InlineData("o200k_base")]
    [InlineData("cl100k_base")]
    public void Counting_allocates_nothing(string encoding)
    {
        var tokenizer = Tokenizer.ForEncoding(encoding);
        string text = RandomText.Any(new Random(1), 20_000) + "\uD800" + new string('x', 300);
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] illFormed = [.. utf8, 0xFF];
        int[] ids = new int[text.Length * 3];
        Count();
        Allocated.By(Count).ShouldBe(0);

        void Count()
        {
            tokenizer.CountTokens(text);
            tokenizer.CountTokens(utf8);
            tokenizer.CountTokens(illFormed);
            tokenizer.IndexOfTokenLimit(text, 3000);
            tokenizer.TryEncode(text, ids, out _).ShouldBeTrue();
            TokenCounter.Count(text, tokenizer.Encoding == "o200k_base" ? "gpt-4o" : "gpt-4");
            TokenCounter.Count(text, "claude-opus-4");
        }
    }
}

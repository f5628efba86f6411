using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Tests;

public sealed class FirstUseTests
{
    [Fact]
    public async Task Sixty_four_threads_can_use_an_encoding_first()
    {
        // Words that are one token and words that must be merged, for which different things must have been loaded.
        const string Text = "Hello, world! 你好 🎉 xqzwvk Unübersetzbarkeitsgrundsatz";

        // A definition of its own, that no other test has used.
        foreach (EncodingDefinition encoding in EncodingDefinition.Create())
        {
            int[] expected = Tokenizer.ForEncoding(encoding.Name).Encode(Text);
            using var start = new Barrier(64);
            int[][] results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return new Tokenizer(encoding).Encode(Text);
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            foreach (int[]? result in results)
                result.ShouldBe(expected);
        }
    }

    [Fact]
    public void What_could_not_be_loaded_is_loaded_when_it_is_needed_again()
    {
        int attempts = 0;
        var loaded = new OnDemand<string>(() => ++attempts > 1 ? "loaded" : throw new OutOfMemoryException());

        Should.Throw<OutOfMemoryException>(() => loaded.Value);
        loaded.IsThere.ShouldBeFalse();
        loaded.Value.ShouldBe("loaded");
        loaded.Value.ShouldBe("loaded");
        attempts.ShouldBe(2);
    }
}

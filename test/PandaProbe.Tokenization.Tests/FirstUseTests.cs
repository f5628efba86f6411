namespace PandaProbe.Tokenization.Tests;

public sealed class FirstUseTests
{
    [Fact]
    public async Task Sixty_four_threads_can_use_an_encoding_first()
    {
        // A definition of its own, that no other test has used.
        foreach (var encoding in EncodingDefinition.Create())
        {
            using var start = new Barrier(64);
            var counts = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return new Tokenizer(encoding).Encode("Hello, world! 你好 🎉").Length;
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            counts.Distinct().Count().ShouldBe(1);
        }
    }
}

using BenchmarkDotNet.Attributes;
using PandaProbe.Pricing;

namespace PandaProbe.Benchmarks;

/// <summary>What a cost adds to the end of each LLM span, beside the same arithmetic by hand with the price already at hand.</summary>
[MemoryDiagnoser]
public class PriceBookBenchmarks
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenUsage Tokens = TokenUsage.Inclusive(input: 1_200, output: 80, cacheRead: 1_024, reasoning: 20);
    private readonly PriceBook _book = PriceBook.Default;
    private readonly decimal _input = 2.5m;
    private readonly decimal _output = 15m;
    private readonly decimal _cacheRead = 0.25m;

    [Params("gpt-5.4", "llama3.2")]
    public string Model { get; set; } = "";

    [Benchmark(Baseline = true)]
    public decimal ByHand() => ((_input * (1_200 - 1_024)) + (_cacheRead * 1_024) + (_output * 80)) / 1_000_000;

    [Benchmark]
    public decimal TryGetCost() => _book.TryGetCost(null, Model, Tokens, At, out Cost cost) ? cost.Total : -1;

    /// <summary>Once for a process, at the first cost.</summary>
    [Benchmark]
    public object Load() => PriceCatalog.LoadEmbedded();

    [Benchmark]
    public TokenUsage Normalise() => TokenUsage.Exclusive(input: 176, output: 80, cacheRead: 1_024, cacheWrite: 0, reasoning: 20);
}

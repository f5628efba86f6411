using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Benchmarks;

/// <summary>
/// A stream of 21 and one of 1021 chunks of 8 characters, alone (the control) and observed: with nobody listening and recorded. What a
/// chunk costs is the difference between the two lengths, by 1000.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class StreamBenchmarks
{
    private static readonly ChunkSource Few = new(21);
    private static readonly ChunkSource Many = new(1021);

    private TracerProvider? _provider;

    [Params(Listening.Nobody, Listening.Recorded)]
    public Listening Listener { get; set; }

    public enum Listening
    {
        Nobody,
        Recorded,
    }

    [GlobalSetup]
    public void Setup() =>
        _provider = Listener == Listening.Nobody
            ? null : Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None).Build();

    [GlobalCleanup]
    public void Cleanup() => _provider?.Dispose();

    [Benchmark(Baseline = true), BenchmarkCategory("21 chunks")]
    public void Few_Alone() => Drain(Few);

    [Benchmark, BenchmarkCategory("21 chunks")]
    public void Few_Observed() => DrainObserved(Few);

    [Benchmark, BenchmarkCategory("21 chunks")]
    public void Few_InASpan() => DrainInASpan(Few);

    [Benchmark(Baseline = true), BenchmarkCategory("1021 chunks")]
    public void Many_Alone() => Drain(Many);

    [Benchmark, BenchmarkCategory("1021 chunks")]
    public void Many_Observed() => DrainObserved(Many);

    [Benchmark, BenchmarkCategory("1021 chunks")]
    public void Many_InASpan() => DrainInASpan(Many);

    private static void Drain(IAsyncEnumerable<string> stream) => DrainAsync(stream).GetAwaiter().GetResult();

    // The span alone, so that what is left is the stream.
    private static void DrainInASpan(IAsyncEnumerable<string> stream)
    {
        using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
        span.SetTokenUsage(100, 100);
        Drain(stream);
    }

    private static void DrainObserved(IAsyncEnumerable<string> stream)
    {
        using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
        span.SetTokenUsage(100, 100);
        Drain(span.Observe(stream));
    }

    private static async Task DrainAsync(IAsyncEnumerable<string> stream)
    {
        await foreach (string chunk in stream)
        {
        }
    }

    /// <summary>Chunks that are there at once, from an enumerator that costs next to nothing.</summary>
    private sealed class ChunkSource(int count) : IAsyncEnumerable<string>
    {
        public IAsyncEnumerator<string> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(count);

        private sealed class Enumerator(int count) : IAsyncEnumerator<string>
        {
            private int _at;

            public string Current => "8 chars.";

            public ValueTask<bool> MoveNextAsync() => new(_at++ < count);

            public ValueTask DisposeAsync() => default;
        }
    }
}

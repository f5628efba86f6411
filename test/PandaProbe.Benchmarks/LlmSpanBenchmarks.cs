using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Tokenization;

namespace PandaProbe.Benchmarks;

/// <summary>A span whose prompt of 2 KB is counted before the call, beside the same span without and the count alone.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class LlmSpanBenchmarks
{
    private static readonly string Prompt = string.Concat(
        Enumerable.Repeat("Where is my order \"ORD-78432\"? The confirmation says two days, that was last week.\n", 30))[..2048];

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

    [Benchmark(Baseline = true)]
    public void Span_WithInput()
    {
        using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
        span.SetInput(Prompt);
    }

    [Benchmark]
    public void Span_WithTokens()
    {
        using SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", Prompt);
    }

    [Benchmark]
    public void Count_Alone() => TokenCounter.Count(Prompt, "gpt-4o");
}

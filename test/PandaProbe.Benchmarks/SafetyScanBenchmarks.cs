using BenchmarkDotNet.Attributes;
using PandaProbe.Safety;

namespace PandaProbe.Benchmarks;

/// <summary>
/// The scanner beside sixteen source-generated patterns, by kind of text and for hostile ones, each of about 200,000 characters: divide
/// them by the mean. Goal: 50 million characters a second for every kind. <c>-- safety</c> prints the same as one table in a minute.
/// </summary>
[MemoryDiagnoser]
public class SafetyScanBenchmarks
{
    private static readonly SensitiveScanner Secrets = new();
    private static readonly SensitiveScanner All = new(new SafetyOptions().MaskPersonalData());

    private string _text = "";

    [ParamsSource(nameof(Kinds))]
    public string Text { get; set; } = "";

    public static IEnumerable<string> Kinds => SafetyTexts.All().Select(static text => text.Kind);

    [GlobalSetup]
    public void Setup() => _text = SafetyTexts.All().Single(text => text.Kind == Text).Text;

    [Benchmark(Baseline = true)]
    public int Patterns() => SafetyPatterns.Count(_text);

    [Benchmark]
    public int ScanSecrets() => Secrets.Scan(_text).Count;

    [Benchmark]
    public int ScanAll() => All.Scan(_text).Count;

    [Benchmark]
    public int ScanAllWithoutVectors() => All.Find(_text, default, default, plain: true)?.Count ?? 0;

    [Benchmark]
    public string MaskAll() => All.Mask(_text).Text;
}

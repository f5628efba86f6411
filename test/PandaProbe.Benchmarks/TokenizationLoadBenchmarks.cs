using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using PandaProbe.Tokenization;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Loading an encoding, in a warm process; "Allocated" is what stays resident. The quick mode shows the first use in a cold process.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(RunStrategy.Monitoring, iterationCount: 20)]
public class TokenizationLoadBenchmarks
{
    [Params("o200k_base", "cl100k_base", "p50k_base", "r50k_base")]
    public string Encoding { get; set; } = "";

    [Benchmark]
    public int Load()
    {
        EncodingDefinition definition = EncodingDefinition.Create().Single(encoding => encoding.Name == Encoding);
        return new Tokenizer(definition).CountTokens("Hello world! xqzwvkj");
    }
}

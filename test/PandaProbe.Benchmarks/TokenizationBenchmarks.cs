using BenchmarkDotNet.Attributes;
using PandaProbe.Tokenization;

namespace PandaProbe.Benchmarks;

/// <summary>
/// Counting and encoding of 100,000 characters, of texts never seen before and of one text again and again. The texts made from a seed are
/// taken in turn, so many that no cache of a reasonable size holds their pieces. MB/s: bytes of UTF-8 (100,000, for "cjk" about 270,000) by
/// the mean.
/// </summary>
[MemoryDiagnoser]
public class TokenizationBenchmarks
{
    private const int Characters = 100_000;
    private const int Texts = 64;

    private Tokenizer _tokenizer = null!;
    private string[] _texts = [];
    private byte[][] _utf8 = [];
    private int[] _ids = [];
    private int _next;

    [Params("o200k_base", "cl100k_base")]
    public string Encoding { get; set; } = "";

    [ParamsSource(nameof(Kinds))]
    public string Text { get; set; } = "";

    public static IEnumerable<string> Kinds => TokenizationTexts.Kinds;

    [GlobalSetup]
    public void Setup()
    {
        _tokenizer = Tokenizer.ForEncoding(Encoding);
        _texts = [.. Enumerable.Range(0, Texts).Select(seed => TokenizationTexts.Make(Text, seed, Characters))];
        _utf8 = [.. _texts.Select(System.Text.Encoding.UTF8.GetBytes)];
        _ids = new int[4 * Characters];
    }

    [Benchmark(Baseline = true)]
    public int CountUnseen() => _tokenizer.CountTokens(_texts[_next++ % Texts]);

    [Benchmark]
    public int CountSeen() => _tokenizer.CountTokens(_texts[0]);

    [Benchmark]
    public int CountUnseenUtf8() => _tokenizer.CountTokens(_utf8[_next++ % Texts]);

    [Benchmark]
    public bool EncodeUnseen() => _tokenizer.TryEncode(_texts[_next++ % Texts], _ids, out _);

    [Benchmark]
    public bool EncodeSeen() => _tokenizer.TryEncode(_texts[0], _ids, out _);

    /// <summary>The control: what it takes to look at every character of the text once as UTF-8.</summary>
    [Benchmark]
    public int CountRunesOnly() => System.Text.Encoding.UTF8.GetByteCount(_texts[_next++ % Texts]);
}

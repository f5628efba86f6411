using System.Text;
using System.Text.Unicode;
using PandaProbe.Tokenization.Splitting;
using PandaProbe.Tokenization.Vocabularies;
using PandaProbe.Tokenization.Walking;

namespace PandaProbe.Tokenization;

/// <summary>Defines an encoding: names, split pattern, special tokens and vocabulary. The vocabulary is loaded on first use.</summary>
internal sealed class EncodingDefinition
{
    private readonly SplitPatternKind _pattern;
    private readonly string _alias;
    private readonly (int Id, string Text)[] _specialTokens;
    private readonly OnDemand<Vocabulary> _vocabulary;

    // p50k_base is r50k_base with 24 more tokens for runs of spaces, after the id of <|endoftext|>, so one file serves both.
    private EncodingDefinition(
        string name, string alias, SplitPatternKind pattern, string file, int idLimit, params (int, string)[] specialTokens)
    {
        Name = name;
        _alias = alias;
        _pattern = pattern;
        _specialTokens = specialTokens;
        _vocabulary = new OnDemand<Vocabulary>(() => Load(file, idLimit));
    }

    public string Name { get; }

    public static EncodingDefinition[] All { get; } = Create();

    public static EncodingDefinition[] Create() =>
    [
        new("o200k_base", "o200k_harmony", SplitPatternKind.O200k, "o200k_base", 199_998, (199_999, "<|endoftext|>"),
            (200_018, "<|endofprompt|>")),
        new("cl100k_base", "", SplitPatternKind.Cl100k, "cl100k_base", 100_256,
            (100_257, "<|endoftext|>"), (100_258, "<|fim_prefix|>"), (100_259, "<|fim_middle|>"), (100_260, "<|fim_suffix|>"),
            (100_276, "<|endofprompt|>")),
        new("p50k_base", "p50k_edit", SplitPatternKind.Gpt2, "p50k_base", 50_281, (50_256, "<|endoftext|>")),
        new("r50k_base", "gpt2", SplitPatternKind.Gpt2, "p50k_base", 50_256, (50_256, "<|endoftext|>")),
    ];

    public Vocabulary Vocabulary => _vocabulary.Value;

    public bool IsNamed(string? name) =>
        !string.IsNullOrEmpty(name)
            && (name.Equals(Name, StringComparison.OrdinalIgnoreCase) || name.Equals(_alias, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the bytes of a token or special token; empty for any other number.</summary>
    public ReadOnlySpan<byte> BytesOf(int id)
    {
        foreach ((int specialId, string? text) in _specialTokens)
        {
            if (specialId == id)
                return Encoding.UTF8.GetBytes(text);
        }

        return Vocabulary.BytesOf(id);
    }

    public void Walk<TSink>(ReadOnlySpan<char> text, ref TSink sink)
        where TSink : struct, IPieceSink
    {
        switch (_pattern)
        {
            case SplitPatternKind.O200k:
                Walker.Walk<O200kPattern, TSink>(Vocabulary, text, ref sink);
                break;
            case SplitPatternKind.Cl100k:
                Walker.Walk<Cl100kPattern, TSink>(Vocabulary, text, ref sink);
                break;
            default:
                Walker.Walk<Gpt2Pattern, TSink>(Vocabulary, text, ref sink);
                break;
        }
    }

    public void Walk<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, IPieceSink
    {
        if (Utf8.IsValid(text))
        {
            WalkWellFormed(text, isFinal: true, ref sink);
            return;
        }

        switch (_pattern)
        {
            case SplitPatternKind.O200k:
                Walker.WalkIllFormed<O200kPattern, TSink>(Vocabulary, text, ref sink);
                break;
            case SplitPatternKind.Cl100k:
                Walker.WalkIllFormed<Cl100kPattern, TSink>(Vocabulary, text, ref sink);
                break;
            default:
                Walker.WalkIllFormed<Gpt2Pattern, TSink>(Vocabulary, text, ref sink);
                break;
        }
    }

    /// <inheritdoc cref="Walker.Walk{TPattern,TSink}(Vocabulary,ReadOnlySpan{byte},bool,ref TSink)"/>
    public int WalkWellFormed<TSink>(ReadOnlySpan<byte> text, bool isFinal, ref TSink sink)
        where TSink : struct, IPieceSink => _pattern switch
        {
            SplitPatternKind.O200k => Walker.Walk<O200kPattern, TSink>(Vocabulary, text, isFinal, ref sink),
            SplitPatternKind.Cl100k => Walker.Walk<Cl100kPattern, TSink>(Vocabulary, text, isFinal, ref sink),
            _ => Walker.Walk<Gpt2Pattern, TSink>(Vocabulary, text, isFinal, ref sink),
        };

    private static unsafe Vocabulary Load(string file, int idLimit) => new(new VocabularyReader(EmbeddedData.Get(file, out _)), idLimit);
}

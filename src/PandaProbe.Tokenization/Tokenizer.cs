using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using PandaProbe.Tokenization.Walking;

namespace PandaProbe.Tokenization;

/// <summary>
/// Counts, encodes and decodes tokens exactly as OpenAI's tokenizer does, for <c>o200k_base</c>, <c>cl100k_base</c>, <c>p50k_base</c> and <c>r50k_base</c>.
/// </summary>
/// <remarks>
/// Instances are shared and thread-safe; an encoding's data is loaded when it is first used. Special tokens such as <c>&lt;|endoftext|&gt;</c>
/// in a text are ordinary text. Surrogates without their other half count as U+FFFD, as they do once converted to UTF-8.
/// </remarks>
/// <example>
/// <code>
/// var tokenizer = Tokenizer.ForModel("gpt-4o");
/// int tokens = tokenizer.CountTokens("Hello world!"); // 3
/// int[] ids = tokenizer.Encode("Hello world!");       // 13225, 2375, 0
/// string text = tokenizer.Decode(ids);                // "Hello world!"
/// </code>
/// </example>
public sealed class Tokenizer
{
    private static readonly Tokenizer[] All = Array.ConvertAll(EncodingDefinition.All, definition => new Tokenizer(definition));

    private readonly EncodingDefinition _definition;

    internal Tokenizer(EncodingDefinition definition) => _definition = definition;

    /// <summary>The name of the encoding, for example <c>o200k_base</c>.</summary>
    public string Encoding => _definition.Name;

    internal EncodingDefinition Definition => _definition;

    /// <summary>The tokenizer of an OpenAI model.</summary>
    /// <param name="model">A model's name, such as <c>gpt-4o</c>, <c>gpt-4.1-2025-04-14</c>, <c>ft:gpt-4o-mini:acme::id</c>, <c>openai/o3</c> or Azure's <c>gpt-35-turbo</c>; case does not matter.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">It is not known which encoding the model uses; <see cref="TokenCounter"/> estimates for such models.</exception>
    public static Tokenizer ForModel(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return TryForModel(model, out var tokenizer) ? tokenizer : throw UnknownModel(model);
    }

    /// <summary>The tokenizer of an encoding.</summary>
    /// <param name="encoding"><c>o200k_base</c>, <c>cl100k_base</c>, <c>p50k_base</c> or <c>r50k_base</c>, or <c>o200k_harmony</c>, <c>p50k_edit</c> or <c>gpt2</c>, which encode text as the first, third and fourth of them do.</param>
    /// <exception cref="ArgumentNullException"><paramref name="encoding"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no such encoding here.</exception>
    public static Tokenizer ForEncoding(string encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return TryForEncoding(encoding, out var tokenizer) ? tokenizer : throw UnknownEncoding(encoding);
    }

    /// <summary>The tokenizer of an OpenAI model, if it is known which encoding the model uses.</summary>
    /// <param name="model">A model's name; null is an unknown one.</param>
    /// <param name="tokenizer">The tokenizer, or null.</param>
    public static bool TryForModel([NotNullWhen(true)] string? model, [NotNullWhen(true)] out Tokenizer? tokenizer)
    {
        tokenizer = null;
        return ModelTable.EncodingOf(model) is { } encoding && TryForEncoding(encoding, out tokenizer);
    }

    /// <summary>The tokenizer of an encoding, if it is one of those known here.</summary>
    /// <param name="encoding">An encoding's name; null is an unknown one.</param>
    /// <param name="tokenizer">The tokenizer, or null.</param>
    public static bool TryForEncoding([NotNullWhen(true)] string? encoding, [NotNullWhen(true)] out Tokenizer? tokenizer)
    {
        foreach (var known in All)
        {
            if (known._definition.IsNamed(encoding))
            {
                tokenizer = known;
                return true;
            }
        }

        tokenizer = null;
        return false;
    }

    /// <summary>The number of tokens in a text. Allocates nothing.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public int CountTokens(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CountTokens(text.AsSpan());
    }

    /// <inheritdoc cref="CountTokens(string)"/>
    public int CountTokens(ReadOnlySpan<char> text)
    {
        var sink = default(CountingSink);
        _definition.Walk(text, ref sink);
        return sink.Count;
    }

    /// <summary>The number of tokens in a text in UTF-8; ill-formed sequences count as U+FFFD. Allocates nothing.</summary>
    public int CountTokens(ReadOnlySpan<byte> utf8Text)
    {
        var sink = default(CountingSink);
        _definition.Walk(utf8Text, ref sink);
        return sink.Count;
    }

    /// <summary>The ids of a text's tokens.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(text.AsSpan());
    }

    /// <inheritdoc cref="Encode(string)"/>
    public int[] Encode(ReadOnlySpan<char> text)
    {
        var sink = new EncodingSink(text.Length / 3 + 16);
        _definition.Walk(text, ref sink);
        using (sink)
            return sink.Ids.ToArray();
    }

    /// <summary>The ids of the tokens of a text in UTF-8; ill-formed sequences count as U+FFFD.</summary>
    public int[] Encode(ReadOnlySpan<byte> utf8Text)
    {
        var sink = new EncodingSink(utf8Text.Length / 3 + 16);
        _definition.Walk(utf8Text, ref sink);
        using (sink)
            return sink.Ids.ToArray();
    }

    /// <summary>Writes the ids of a text's tokens to a buffer, without allocating.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to write the ids; nothing is written when they do not fit.</param>
    /// <param name="written">How many ids were written.</param>
    /// <returns>Whether they fit.</returns>
    public bool TryEncode(ReadOnlySpan<char> text, Span<int> destination, out int written)
    {
        var sink = new EncodingSink(text.Length / 3 + 16);
        _definition.Walk(text, ref sink);
        using (sink)
        {
            written = sink.Ids.TryCopyTo(destination) ? sink.Ids.Length : 0;
            return written == sink.Ids.Length;
        }
    }

    /// <summary>The text of tokens. Bytes that are not well-formed UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Ids, special ones included.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is not one of this encoding.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        var bytes = Collect(ids);
        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The bytes of tokens: a single token may be a part of a character only.</summary>
    /// <inheritdoc cref="Decode(IEnumerable{int})"/>
    public byte[] DecodeToUtf8(IEnumerable<int> ids) => Collect(ids).WrittenSpan.ToArray();

    /// <summary>The length of the longest prefix that has no more than <paramref name="maxTokens"/> tokens and does not end inside a code point.</summary>
    /// <remarks>Where the limit falls into a run of hundreds of characters without a break, a longer prefix that happens to have fewer tokens may be missed.</remarks>
    /// <example><code>string shortened = text[..tokenizer.IndexOfTokenLimit(text, 8000)];</code></example>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public int IndexOfTokenLimit(string text, int maxTokens)
    {
        ArgumentNullException.ThrowIfNull(text);
        return IndexOfTokenLimit(text.AsSpan(), maxTokens);
    }

    /// <inheritdoc cref="IndexOfTokenLimit(string,int)"/>
    public int IndexOfTokenLimit(ReadOnlySpan<char> text, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        return TokenLimit.Find(_definition, text, maxTokens);
    }

    /// <summary>The number of bytes of the longest prefix that has no more than <paramref name="maxTokens"/> tokens and does not end inside a code point.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public int IndexOfTokenLimit(ReadOnlySpan<byte> utf8Text, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        return TokenLimit.Find(_definition, utf8Text, maxTokens);
    }

    // In methods of their own, so that the just-in-time compiler does not compile the messages with the first use of a tokenizer.
    private static ArgumentException UnknownModel(string model) =>
        new($"No encoding is known for the model '{model}'. Use Tokenizer.ForEncoding if you know it, or TokenCounter.Count for an estimate.", nameof(model));

    private static ArgumentException UnknownEncoding(string encoding) =>
        new($"Unknown encoding '{encoding}'. Known are {string.Join(", ", EncodingDefinition.All.Select(known => known.Name))}.", nameof(encoding));

    private ArrayBufferWriter<byte> Collect(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (var id in ids)
        {
            var token = _definition.BytesOf(id);
            if (token.IsEmpty)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Not a token of {Encoding}.");
            bytes.Write(token);
        }

        return bytes;
    }
}

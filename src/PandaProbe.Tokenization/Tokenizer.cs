using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using PandaProbe.Tokenization.Walking;

namespace PandaProbe.Tokenization;

/// <summary>
/// Counts, encodes and decodes tokens exactly like OpenAI's tokenizer, for <c>o200k_base</c>, <c>cl100k_base</c>, <c>p50k_base</c> and
/// <c>r50k_base</c>.
/// </summary>
/// <remarks>
/// Instances are shared and thread-safe. An encoding's data is loaded on first use. Special tokens in a text, such as
/// <c>&lt;|endoftext|&gt;</c>, are ordinary text. Unpaired surrogates count as U+FFFD, as after conversion to UTF-8.
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

    /// <summary>Gets the name of the encoding, for example <c>o200k_base</c>.</summary>
    public string Encoding => _definition.Name;

    internal EncodingDefinition Definition => _definition;

    /// <summary>Gets the tokenizer of an OpenAI model.</summary>
    /// <param name="model">The name, such as <c>gpt-4o</c>, <c>gpt-4.1-2025-04-14</c>, <c>ft:gpt-4o-mini:acme::id</c>, <c>openai/o3</c> or
    /// Azure's <c>gpt-35-turbo</c>. Case is ignored.</param>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    /// <exception cref="ArgumentException">The model's encoding is unknown. <see cref="TokenCounter"/> estimates for such
    /// models.</exception>
    public static Tokenizer ForModel(string model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return TryForModel(model, out Tokenizer? tokenizer) ? tokenizer : throw UnknownModel(model);
    }

    /// <summary>Gets the tokenizer of an encoding.</summary>
    /// <param name="encoding">The name: <c>o200k_base</c>, <c>cl100k_base</c>, <c>p50k_base</c> or <c>r50k_base</c>. <c>o200k_harmony</c>,
    /// <c>p50k_edit</c> and <c>gpt2</c> are accepted too, because they encode text like the first, third and fourth of these.</param>
    /// <exception cref="ArgumentNullException"><paramref name="encoding"/> is null.</exception>
    /// <exception cref="ArgumentException">The encoding is unknown.</exception>
    public static Tokenizer ForEncoding(string encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return TryForEncoding(encoding, out Tokenizer? tokenizer) ? tokenizer : throw UnknownEncoding(encoding);
    }

    /// <summary>Tries to get the tokenizer of an OpenAI model.</summary>
    /// <param name="model">The name. Null returns false.</param>
    /// <param name="tokenizer">The tokenizer; null if the model's encoding is unknown.</param>
    public static bool TryForModel([NotNullWhen(true)] string? model, [NotNullWhen(true)] out Tokenizer? tokenizer)
    {
        tokenizer = null;
        return ModelTable.EncodingOf(model) is { } encoding && TryForEncoding(encoding, out tokenizer);
    }

    /// <summary>Tries to get the tokenizer of an encoding.</summary>
    /// <param name="encoding">The name. Null returns false.</param>
    /// <param name="tokenizer">The tokenizer; null if the encoding is unknown.</param>
    public static bool TryForEncoding([NotNullWhen(true)] string? encoding, [NotNullWhen(true)] out Tokenizer? tokenizer)
    {
        foreach (Tokenizer known in All)
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

    /// <summary>Counts the tokens of a text. Allocates nothing.</summary>
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

    /// <summary>Counts the tokens of a UTF-8 text. Ill-formed sequences count as U+FFFD. Allocates nothing.</summary>
    public int CountTokens(ReadOnlySpan<byte> utf8Text)
    {
        var sink = default(CountingSink);
        _definition.Walk(utf8Text, ref sink);
        return sink.Count;
    }

    /// <summary>Returns the token ids of a text.</summary>
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

    /// <summary>Returns the token ids of a UTF-8 text. Ill-formed sequences count as U+FFFD.</summary>
    public int[] Encode(ReadOnlySpan<byte> utf8Text)
    {
        var sink = new EncodingSink(utf8Text.Length / 3 + 16);
        _definition.Walk(utf8Text, ref sink);
        using (sink)
            return sink.Ids.ToArray();
    }

    /// <summary>Writes the token ids of a text to a buffer. Allocates nothing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">The buffer. If the ids do not fit, nothing is written.</param>
    /// <param name="written">The number of ids written.</param>
    /// <returns>Whether the ids fit.</returns>
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

    /// <summary>Returns the text of tokens. Ill-formed UTF-8 becomes U+FFFD.</summary>
    /// <param name="ids">The ids. Those of special tokens are accepted.</param>
    /// <exception cref="ArgumentNullException"><paramref name="ids"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The encoding has no such id.</exception>
    public string Decode(IEnumerable<int> ids)
    {
        ArrayBufferWriter<byte> bytes = Collect(ids);
        return System.Text.Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Returns the UTF-8 bytes of tokens. A single token may end inside a code point.</summary>
    /// <inheritdoc cref="Decode(IEnumerable{int})"/>
    public byte[] DecodeToUtf8(IEnumerable<int> ids) => Collect(ids).WrittenSpan.ToArray();

    /// <summary>
    /// Returns the length of the longest prefix with at most <paramref name="maxTokens"/> tokens that does not end inside a code point.
    /// </summary>
    /// <remarks>If the limit is inside a run of hundreds of characters without a break, a longer prefix with fewer tokens may be
    /// missed.</remarks>
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

    /// <summary>
    /// Returns the number of bytes of the longest prefix with at most <paramref name="maxTokens"/> tokens that does not end inside a code
    /// point.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxTokens"/> is negative.</exception>
    public int IndexOfTokenLimit(ReadOnlySpan<byte> utf8Text, int maxTokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTokens);
        return TokenLimit.Find(_definition, utf8Text, maxTokens);
    }

    // In separate methods, so that the first use of a tokenizer does not compile the messages.
    private static ArgumentException UnknownModel(string model) =>
        new($"No encoding is known for the model '{model}'. Use Tokenizer.ForEncoding if you know it, or TokenCounter.Count for an estimate.", nameof(model));

    private static ArgumentException UnknownEncoding(string encoding) =>
        new($"Unknown encoding '{encoding}'. Known are {string.Join(", ", EncodingDefinition.All.Select(known => known.Name))}.",
            nameof(encoding));

    private ArrayBufferWriter<byte> Collect(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>(256);
        foreach (int id in ids)
        {
            ReadOnlySpan<byte> token = _definition.BytesOf(id);
            if (token.IsEmpty)
                throw new ArgumentOutOfRangeException(nameof(ids), id, $"Not a token of {Encoding}.");
            bytes.Write(token);
        }

        return bytes;
    }
}

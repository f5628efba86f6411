using System.Text.Unicode;
using PandaProbe.Tokenization.Vocabularies;
using PandaProbe.Tokenization.Walking;

namespace PandaProbe.Tokenization;

/// <summary>
/// Counts the tokens of a text that arrives in chunks, such as a streamed completion. <see cref="Count"/> always equals the result of
/// <see cref="Tokenizer.CountTokens(string)"/> for the concatenated chunks.
/// </summary>
/// <remarks>
/// The counter keeps only the end of the text, where later chunks can change the tokens. This is usually a word or two, at most the longest
/// run of letters, spaces or symbols. Appending takes linear time for chunks of any size. A chunk may end inside a surrogate pair. Reading
/// <see cref="Count"/> after every chunk is cheap: in a long run it takes time linear in the text appended since the last read. Instances
/// are not thread-safe.
/// </remarks>
/// <example>
/// <code>
/// var counter = new IncrementalTokenCounter(Tokenizer.ForModel("gpt-4o"));
/// await foreach (var chunk in stream)
///     counter.Append(chunk.Text);
/// int completionTokens = counter.Count;
/// </code>
/// </example>
public sealed class IncrementalTokenCounter
{
    private const int InitialBytes = 256;
    private const int KeptBytes = 64 * 1024;

    private readonly Tokenizer _tokenizer;
    private byte[] _buffer = new byte[InitialBytes];
    private int _filled;

    /// <summary>
    /// The buffer length, in bytes, at which to look again for decided text: twice the length that was undecided the last time.
    /// </summary>
    private int _nextLook;
    private char _highSurrogate;
    private int _decided;
    private int _undecided = -1;

    private readonly LongPieces _longPieces = new();
    private LongRun? _run;

    /// <summary>Creates a counter for an empty text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="tokenizer"/> is null.</exception>
    public IncrementalTokenCounter(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
    }

    /// <summary>Gets the number of tokens appended so far, as if the text ended here.</summary>
    public int Count
    {
        get
        {
            if (_undecided < 0)
                _undecided = CountUndecided();

            return _decided + _undecided;
        }
    }

    /// <summary>Appends a chunk. Allocates only if a run without a possible split outgrows the buffer.</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return;

        _undecided = -1;
        if (_highSurrogate != 0)
        {
            ReadOnlySpan<char> pair = [_highSurrogate, text[0]];
            _highSurrogate = '\0';
            if (char.IsLowSurrogate(pair[1]))
            {
                AppendWhole(pair);
                text = text[1..];
            }
            else
            {
                AppendWhole(pair[..1]);
            }
        }

        if (!text.IsEmpty && char.IsHighSurrogate(text[^1]))
        {
            _highSurrogate = text[^1];
            text = text[..^1];
        }

        AppendWhole(text);
    }

    /// <inheritdoc cref="Append(ReadOnlySpan{char})"/>
    public void Append(string? text) => Append(text.AsSpan());

    /// <summary>Resets the counter to an empty text.</summary>
    public void Reset()
    {
        (_filled, _nextLook, _decided, _undecided) = (0, 0, 0, -1);
        _highSurrogate = '\0';
        _run = null;
        _longPieces.Forget();
        if (_buffer.Length > KeptBytes)
            _buffer = new byte[InitialBytes];
    }

    private void AppendWhole(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            Utf8.FromUtf16(text, _buffer.AsSpan(_filled), out int read, out int written);
            text = text[read..];
            _filled += written;
            if (text.IsEmpty)
                break;

            if (_filled >= _nextLook)
                Decide();
            if (_buffer.Length - _filled < _buffer.Length / 2)
                Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        }
    }

    private void Decide()
    {
        var sink = new CountingSink { Count = _decided };
        int consumed = _tokenizer.Definition.WalkWellFormed(_buffer.AsSpan(0, _filled), isFinal: false, ref sink);
        _decided = sink.Count;
        _buffer.AsSpan(consumed, _filled - consumed).CopyTo(_buffer);
        _filled -= consumed;
        _nextLook = 2 * _filled;
        if (consumed > 0)
        {
            _run = null;
            _longPieces.Forget();
        }
    }

    private int CountUndecided()
    {
        Vocabulary vocabulary = _tokenizer.Definition.Vocabulary;
        int end = EndWithHalf();
        int count;
        if (_run is { } run && run.GoesOn(_buffer.AsSpan(0, end)))
        {
            count = run.CountBefore + _longPieces.Count(vocabulary, ref _buffer[run.Start], run.Start, end - run.Start);
            if (end == _filled)
                _run = run with { End = end };
        }
        else
        {
            Decide();
            end = EndWithHalf();
            var sink = new RecountingSink(_longPieces);
            _tokenizer.Definition.WalkWellFormed(_buffer.AsSpan(0, end), isFinal: true, ref sink);
            count = sink.Count;
            if (end == _filled)
                _run = LongRun.Find(_buffer.AsSpan(0, end), sink.LastStart, sink.CountBeforeLast);
        }

        if (end > _filled)
            _longPieces.Shorten(_filled);
        return count;
    }

    /// <summary>
    /// Returns the end of the text. An unpaired high surrogate at the end counts as U+FFFD until its low surrogate arrives.
    /// </summary>
    private int EndWithHalf()
    {
        if (_highSurrogate == 0)
            return _filled;

        ReadOnlySpan<byte> replacement = "\uFFFD"u8;
        if (_buffer.Length - _filled < replacement.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        replacement.CopyTo(_buffer.AsSpan(_filled));
        return _filled + replacement.Length;
    }
}

using System.Text.Unicode;
using PandaProbe.Tokenization.Vocabularies;
using PandaProbe.Tokenization.Walking;

namespace PandaProbe.Tokenization;

/// <summary>
/// Counts the tokens of a text that comes in chunks, such as a streamed completion: at any time <see cref="Count"/> is exactly what
/// <see cref="Tokenizer.CountTokens(string)"/> gives for all chunks put together.
/// </summary>
/// <remarks>
/// The counter keeps only the end of the text whose tokens may still change: usually a word or two, at most the longest run of letters, of
/// spaces or of symbols. Appending takes time linear in the text, however it is cut into chunks, even between the halves of a surrogate pair.
/// <see cref="Count"/> may be asked after every chunk: inside a long run it takes time linear in what was appended since it was asked last.
/// Instances are not thread-safe.
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

    /// <summary>How many bytes there must be before looking again for what is decided: twice what was undecided the last time.</summary>
    private int _nextLook;
    private char _highSurrogate;
    private int _decided;
    private int _undecided = -1;

    private readonly LongPieces _longPieces = new();
    private LongRun? _run;

    /// <summary>Creates a counter of an empty text.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="tokenizer"/> is null.</exception>
    public IncrementalTokenCounter(Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
    }

    /// <summary>The number of tokens of everything appended so far, as if the text ended here.</summary>
    public int Count
    {
        get
        {
            if (_undecided < 0)
                _undecided = CountUndecided();

            return _decided + _undecided;
        }
    }

    /// <summary>Appends a chunk. Allocates nothing, unless a run without any possible split outgrows what any before it needed.</summary>
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

    /// <summary>Forgets the text, to count another.</summary>
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
            Utf8.FromUtf16(text, _buffer.AsSpan(_filled), out var read, out var written);
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
        var consumed = _tokenizer.Definition.WalkWellFormed(_buffer.AsSpan(0, _filled), isFinal: false, ref sink);
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
        var vocabulary = _tokenizer.Definition.Vocabulary;
        var end = EndWithHalf();
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

    /// <summary>Where the text ends. Half a surrogate pair at its end, whose other half may still come, is U+FFFD until then.</summary>
    private int EndWithHalf()
    {
        if (_highSurrogate == 0)
            return _filled;

        var replacement = "\uFFFD"u8;
        if (_buffer.Length - _filled < replacement.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
        replacement.CopyTo(_buffer.AsSpan(_filled));
        return _filled + replacement.Length;
    }
}

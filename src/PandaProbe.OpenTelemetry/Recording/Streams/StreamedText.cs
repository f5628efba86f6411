using System.Buffers;
using PandaProbe.Diagnostics;
using PandaProbe.Metrics;
using PandaProbe.Runtime;
using PandaProbe.Tokenization;

namespace PandaProbe.Recording;

/// <summary>
/// Collects the text of a streamed answer in one pooled buffer. The buffer keeps the beginning, as much as may be recorded, and behind it a
/// window on the rest, which is only counted. Tokens are counted when the count is read or the window is full, so that no text is counted
/// twice.
/// </summary>
/// <param name="keep">The number of characters to keep.</param>
internal sealed class StreamedText(int keep)
{
    private const int Window = 4096;
    private const int FirstBuffer = 1024;

    private char[]? _buffer;
    private int _length;
    private int _counted;
    private IncrementalTokenCounter? _counter;
    private long _tokens;
    private TokenCountMethod _method;
    private bool _failed;

    /// <summary>Gets the number of characters appended, kept or not.</summary>
    public long Total { get; private set; }

    /// <summary>Gets the text that was kept.</summary>
    public ReadOnlySpan<char> Kept => _buffer.AsSpan(0, Math.Min(_length, keep));

    public void Append(ReadOnlySpan<char> text, string? model)
    {
        Total += text.Length;
        if (_buffer is { } buffer && text.Length <= buffer.Length - _length)
        {
            text.CopyTo(buffer.AsSpan(_length));
            _length += text.Length;
            return;
        }

        AppendSlowly(text, model);
    }

    /// <summary>Counts the tokens of all the text; <see langword="null"/> when there is no text or counting failed.</summary>
    public TokenCount? Count(string? model)
    {
        if (Total == 0)
            return null;
        if (_counted == 0 && _tokens == 0 && _counter is null && !_failed)
            return TokenCounting.Count(_buffer.AsSpan(0, _length), model);

        CountWindow(model);
        if (_failed)
            return null;
        return _counter is null
            ? new((int)Math.Min(_tokens, int.MaxValue), _method)
            : new(_counter.Count, TokenCountMethod.Tiktoken);
    }

    /// <summary>Returns the buffer to the pool. Do not use this object afterwards.</summary>
    public void Return()
    {
        if (_buffer is not { } buffer)
            return;

        _buffer = null;
        _length = 0;
        ArrayPool<char>.Shared.Return(buffer);
    }

    private void AppendSlowly(ReadOnlySpan<char> text, string? model)
    {
        int most = keep + Window;
        while (!text.IsEmpty)
        {
            int room = (_buffer?.Length ?? 0) - _length;
            if (room < text.Length && (_buffer?.Length ?? 0) < most)
            {
                Grow(_length + text.Length, most);
                room = _buffer!.Length - _length;
            }

            int taken = Math.Min(room, text.Length);
            text[..taken].CopyTo(_buffer.AsSpan(_length));
            _length += taken;
            text = text[taken..];
            if (!text.IsEmpty)
            {
                CountWindow(model);
                _length = _counted = Math.Min(_length, keep);
            }
        }
    }

    private void Grow(int needed, int most)
    {
        int size = Math.Max(needed, Math.Max(FirstBuffer, 2 * (_buffer?.Length ?? 0)));
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Min(size, most));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer is not null)
            ArrayPool<char>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void CountWindow(string? model)
    {
        ReadOnlySpan<char> window = _buffer.AsSpan(_counted, _length - _counted);
        _counted = _length;
        if (window.IsEmpty || _failed)
            return;

        try
        {
            if (_counter is null && _tokens == 0 && ProcessSettings.Current.TokenCounter is null
                && Tokenizer.TryForModel(model, out Tokenizer? tokenizer))
            {
                _counter = new(tokenizer);
            }

            if (_counter is not null)
            {
                _counter.Append(window);
            }
            else if (TokenCounting.Count(window, model) is { } count)
            {
                _tokens += count.Tokens;
                _method = count.Method;
            }
            else
            {
                _failed = true;
            }
        }
        catch (Exception exception)
        {
            _failed = true;
            PandaProbeEventSource.Log.TelemetryFailed("count tokens", exception);
        }
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using PandaProbe.Tokenization.Splitting;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Walks over the pieces of a text. Scans UTF-8; converts UTF-16 in a buffer that fits the first-level cache.</summary>
internal static class Walker
{
    private const int BufferBytes = 8192;
    private const int BufferChars = 1024;

    /// <summary>The maximum number of bytes that a pattern reads after the end of a piece, apart from runs of spaces and letters.</summary>
    private const int LookAhead = 8;

    /// <summary>
    /// Passes the pieces of the well-formed <paramref name="text"/> to the sink. If more text may follow, passes only the pieces that it
    /// cannot change.
    /// </summary>
    /// <returns>The number of bytes passed.</returns>
    public static int Walk<TPattern, TSink>(Vocabulary vocabulary, ReadOnlySpan<byte> text, bool isFinal, ref TSink sink)
        where TPattern : struct, ISplitPattern
        where TSink : struct, IPieceSink
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        int length = text.Length;
        int limit = isFinal ? length : EndOfDecided(text);
        int position = 0;
        while (position < limit)
        {
            int end = TPattern.EndOfPiece(ref start, position, length);
            if (end > limit || !sink.Add(vocabulary, ref Unsafe.Add(ref start, position), end - position, length - position))
                break;
            position = end;
        }

        return position;
    }

    /// <inheritdoc cref="Walk{TPattern,TSink}(Vocabulary,ReadOnlySpan{byte},bool,ref TSink)"/>
    [SkipLocalsInit]
    public static void Walk<TPattern, TSink>(Vocabulary vocabulary, ReadOnlySpan<char> text, ref TSink sink)
        where TPattern : struct, ISplitPattern
        where TSink : struct, IPieceSink
    {
        byte[]? rented = null;
        Span<byte> buffer = stackalloc byte[BufferBytes];
        int filled = 0;
        while (true)
        {
            Utf8.FromUtf16(text, buffer[filled..], out int read, out int written);
            text = text[read..];
            filled += written;
            if (text.IsEmpty)
                break;

            int consumed = Walk<TPattern, TSink>(vocabulary, buffer[..filled], isFinal: false, ref sink);
            KeepRest(ref buffer, ref filled, consumed, ref rented);
        }

        Walk<TPattern, TSink>(vocabulary, buffer[..filled], isFinal: true, ref sink);
        Return(rented);
    }

    /// <summary>
    /// Walks over UTF-8 that may be ill-formed. Invalid sequences become U+FFFD, like in <see cref="System.Text.Encoding.UTF8"/>.
    /// </summary>
    [SkipLocalsInit]
    public static void WalkIllFormed<TPattern, TSink>(Vocabulary vocabulary, ReadOnlySpan<byte> text, ref TSink sink)
        where TPattern : struct, ISplitPattern
        where TSink : struct, IPieceSink
    {
        byte[]? rented = null;
        Span<char> chars = stackalloc char[BufferChars];
        Span<byte> buffer = stackalloc byte[BufferBytes];
        int filled = 0;
        while (true)
        {
            Utf8.ToUtf16(text, chars[..Math.Min(chars.Length, (buffer.Length - filled) / 3)], out int read, out int decoded);
            Utf8.FromUtf16(chars[..decoded], buffer[filled..], out _, out int written);
            text = text[read..];
            filled += written;
            if (text.IsEmpty)
                break;

            int consumed = Walk<TPattern, TSink>(vocabulary, buffer[..filled], isFinal: false, ref sink);
            KeepRest(ref buffer, ref filled, consumed, ref rented);
        }

        Walk<TPattern, TSink>(vocabulary, buffer[..filled], isFinal: true, ref sink);
        Return(rented);
    }

    /// <summary>
    /// Returns the last position where a piece ends regardless of the following text. The patterns look ahead over runs of spaces, and over
    /// runs of letters and marks, so nothing inside such a run at the end is decided. Otherwise they look ahead a few characters only.
    /// </summary>
    private static int EndOfDecided(ReadOnlySpan<byte> text)
    {
        int runClasses = 0;
        int position = text.Length;
        int capital = -1;
        while (position > 0)
        {
            int start = position - 1;
            while (start > 0 && (text[start] & 0xC0) == 0x80)
                start--;
            int found = CharClass.At(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start), out _);
            if (runClasses == 0)
                runClasses = (found & CharClass.Space) != 0 ? CharClass.Space : CharClass.Letter | CharClass.Caseless;
            if ((found & runClasses) == 0)
                break;

            // No pattern looks past a capital after a lower-case letter: a piece ends there, or the whole run is one piece.
            if ((found & CharClass.Upper) != 0)
                capital = start;
            position = start;
            if ((found & CharClass.Lower) != 0 && capital >= 0)
            {
                position = capital;
                break;
            }
        }

        return Math.Min(position, text.Length - LookAhead);
    }

    /// <summary>
    /// Moves unconsumed bytes to the front. If they fill more than half, moves them to a larger buffer, so each byte moves once on average.
    /// </summary>
    private static void KeepRest(scoped ref Span<byte> buffer, ref int filled, int consumed, ref byte[]? rented)
    {
        Span<byte> rest = buffer[consumed..filled];
        filled = rest.Length;
        if (rest.Length <= buffer.Length / 2)
        {
            rest.CopyTo(buffer);
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        rest.CopyTo(larger);
        Return(rented);
        buffer = rented = larger;
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using PandaProbe.Tokenization.Splitting;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Finds the longest prefix of a text within a number of tokens.</summary>
internal static class TokenLimit
{
    /// <summary>
    /// The maximum difference between the tokens of a prefix and those of the same bytes inside a longer text. If a prefix splits
    /// differently, only the tokens around that split change.
    /// </summary>
    private const int SplitTokens = 2;

    private const int FirstWindow = 4096;

    public static int Find(EncodingDefinition encoding, ReadOnlySpan<char> text, int maxTokens)
    {
        (int start, int window) = (0, FirstWindow);
        while (true)
        {
            int length = Math.Min(window, text.Length - start);
            bool isFinal = start + length == text.Length;
            if (!isFinal && char.IsHighSurrogate(text[start + length - 1]))
                length--;

            byte[] rented = ArrayPool<byte>.Shared.Rent(checked(length * 3));
            Utf8.FromUtf16(text.Slice(start, length), rented, out _, out int written);
            Span<byte> utf8 = rented.AsSpan(0, written);
            var sink = new LimitSink(maxTokens);
            encoding.WalkWellFormed(utf8, isFinal, ref sink);
            int found = -1;
            int advance = 0;
            if (sink.ExceedingLength > 0)
                found = Encoding.UTF8.GetCharCount(utf8[..Cut(encoding, utf8, sink, maxTokens)]);
            else if (!isFinal)
                advance = Encoding.UTF8.GetCharCount(utf8[..sink.PreviousPosition]);
            ArrayPool<byte>.Shared.Return(rented);

            if (found >= 0)
                return start + found;
            if (isFinal)
                return text.Length;

            // The next window starts at the last piece again, because the limit may require an end inside it if the next piece exceeds the
            // limit.
            start += advance;
            maxTokens -= sink.PreviousCount;
            window = advance > 0 ? FirstWindow : window * 2;
        }
    }

    public static int Find(EncodingDefinition encoding, ReadOnlySpan<byte> utf8Text, int maxTokens)
    {
        if (Utf8.IsValid(utf8Text))
        {
            var sink = new LimitSink(maxTokens);
            encoding.WalkWellFormed(utf8Text, isFinal: true, ref sink);
            return sink.ExceedingLength > 0 ? Cut(encoding, utf8Text, sink, maxTokens) : utf8Text.Length;
        }

        int chars = Find(encoding, Encoding.UTF8.GetString(utf8Text).AsSpan(), maxTokens);
        int bytes = 0;
        while (chars > 0)
        {
            Rune.DecodeFromUtf8(utf8Text[bytes..], out Rune rune, out int size);
            bytes += size;
            chars -= rune.Utf16SequenceLength;
        }

        return bytes;
    }

    /// <summary>
    /// Finds the end inside or right after the piece that exceeds the limit. Ends are tried from the last to the first, because the end of
    /// a text may split and merge differently from the same bytes before more text. For example, spaces at the end are one piece, but
    /// before more text the last space belongs to the next piece.
    /// </summary>
    private static int Cut(EncodingDefinition encoding, ReadOnlySpan<byte> text, in LimitSink sink, int maxTokens)
    {
        int end = sink.Position + sink.ExceedingLength;
        end += SpaceAt(text, end);
        bool isLong = sink.ExceedingLength >= LongPieces.MinLength;
        if (isLong)
            end = (int)Math.Min(end, sink.Position + ((maxTokens - sink.Count + SplitTokens) * (long)Vocabulary.MaxTokenLength));

        PrefixCounts? prefixes = isLong ? new PrefixCounts() : null;
        LongPieces? longPieces = isLong ? new LongPieces() : null;
        int firstSpace = sink.Position + SpaceAt(text, sink.Position);
        for (; end > sink.Position; end--)
        {
            if (end < text.Length && (text[end] & 0xC0) == 0x80)
                continue;

            // Rejects most ends without counting.
            if (prefixes is not null && sink.Count
                + prefixes.Count(encoding.Vocabulary, ref Start(text[sink.Position..]), end - sink.Position) > maxTokens + SplitTokens)
            {
                continue;
            }

            int tokens = end == firstSpace
                ? sink.PreviousCount + Count(encoding, text[sink.PreviousPosition..end])
                : sink.Count + (longPieces is null
                ? Count(encoding, text[sink.Position..end]) : Count(encoding, text[sink.Position..end], longPieces));
            if (tokens <= maxTokens)
                return end;
        }

        return sink.Position;
    }

    private static int Count(EncodingDefinition encoding, ReadOnlySpan<byte> text)
    {
        var sink = default(CountingSink);
        encoding.WalkWellFormed(text, isFinal: true, ref sink);
        return sink.Count;
    }

    private static int Count(EncodingDefinition encoding, ReadOnlySpan<byte> text, LongPieces longPieces)
    {
        var sink = new RecountingSink(longPieces);
        encoding.WalkWellFormed(text, isFinal: true, ref sink);
        return sink.Count;
    }

    private static ref byte Start(ReadOnlySpan<byte> text) => ref MemoryMarshal.GetReference(text);

    /// <summary>Returns the length in bytes of the space at a position; 0 if there is none.</summary>
    private static int SpaceAt(ReadOnlySpan<byte> text, int position)
    {
        if (position >= text.Length)
            return 0;
        int found = CharClass.At(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), position), out int size);
        return (found & CharClass.Space) != 0 ? size : 0;
    }
}

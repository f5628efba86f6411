using System.Buffers;
using System.Security.Cryptography;

namespace PandaProbe.Local.Storing;

/// <summary>A part of a span that is stored once, however many spans have it.</summary>
internal readonly record struct Chunk(int Offset, UInt128 Hash, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The bytes of a span in two parts: the long texts, each to be stored once, and what is between them. Agents send their whole history with
/// every call, so most of a conversation's bytes are repetitions. Put together again, the parts are the bytes that were received.
/// </summary>
internal sealed record FoldedBody(byte[] Rest, IReadOnlyList<Chunk> Chunks, int Length)
{
    /// <summary>Folds the bytes of a span. The result refers to them.</summary>
    public static FoldedBody Fold(ReadOnlyMemory<byte> span)
    {
        List<Range> ranges = SpanTexts.Find(span.Span);
        if (ranges.Count == 0)
            return new(Packing.Pack(span.Span), [], span.Length);

        var chunks = new Chunk[ranges.Count];
        byte[] rest = ArrayPool<byte>.Shared.Rent(span.Length);
        int position = 0;
        int kept = 0;
        for (int i = 0; i < chunks.Length; i++)
        {
            Range range = ranges[i];
            kept += Copy(span.Span[position..range.Start.Value], rest.AsSpan(kept));
            ReadOnlyMemory<byte> bytes = span[range];
            chunks[i] = new(kept, HashOf(bytes.Span), bytes);
            position = range.End.Value;
        }

        kept += Copy(span.Span[position..], rest.AsSpan(kept));
        FoldedBody folded = new(Packing.Pack(rest.AsSpan(0, kept)), chunks, span.Length);
        ArrayPool<byte>.Shared.Return(rest);
        return folded;
    }

    public static UInt128 HashOf(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Ids.Read(hash[..16]);
    }

    /// <summary>Writes where each chunk stands, and which stored one it is.</summary>
    public static byte[] WriteReferences(IReadOnlyList<Chunk> chunks, ReadOnlySpan<long> ids)
    {
        byte[] draft = new byte[chunks.Count * 15];
        int length = 0;
        int offset = 0;
        for (int i = 0; i < chunks.Count; i++)
        {
            length += WriteNumber(draft.AsSpan(length), (ulong)(chunks[i].Offset - offset));
            length += WriteNumber(draft.AsSpan(length), (ulong)ids[i]);
            offset = chunks[i].Offset;
        }

        return draft[..length];
    }

    public static List<(int Offset, long Id)> ReadReferences(ReadOnlySpan<byte> references)
    {
        List<(int, long)> result = [];
        int offset = 0;
        while (!references.IsEmpty)
        {
            offset += (int)ReadNumber(ref references);
            result.Add((offset, (long)ReadNumber(ref references)));
        }

        return result;
    }

    /// <summary>Returns the bytes that were folded.</summary>
    public byte[] Unfold() =>
        Unfold(Rest, WriteReferences(Chunks, [.. Enumerable.Range(0, Chunks.Count).Select(static index => (long)index)]),
            id => Chunks[(int)id].Bytes.ToArray());

    public static byte[] Unfold(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> references, Func<long, byte[]> chunk)
    {
        byte[] plain = Packing.Unpack(rest);
        if (references.IsEmpty)
            return plain;

        List<(int Offset, byte[] Bytes)> chunks = [.. ReadReferences(references)
            .Select(reference => (reference.Offset, chunk(reference.Id)))];
        byte[] span = new byte[plain.Length + chunks.Sum(static part => part.Bytes.Length)];
        int position = 0;
        int taken = 0;
        foreach ((int offset, byte[] bytes) in chunks)
        {
            plain.AsSpan(taken, offset - taken).CopyTo(span.AsSpan(position));
            position += offset - taken;
            taken = offset;
            bytes.CopyTo(span.AsSpan(position));
            position += bytes.Length;
        }

        plain.AsSpan(taken).CopyTo(span.AsSpan(position));
        return span;
    }

    private static int Copy(ReadOnlySpan<byte> source, Span<byte> target)
    {
        source.CopyTo(target);
        return source.Length;
    }

    private static int WriteNumber(Span<byte> target, ulong value)
    {
        int length = 0;
        while (value >= 0x80)
        {
            target[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[length++] = (byte)value;
        return length;
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> source)
    {
        ulong value = 0;
        int shift = 0;
        while (true)
        {
            byte next = source[0];
            source = source[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
            shift += 7;
        }
    }
}

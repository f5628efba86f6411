using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace PandaProbe.Local.Storing;

/// <summary>Bytes as they are stored: a byte that says how, then the bytes, compressed when they are long enough for it to pay.</summary>
internal static class Packing
{
    private const int SmallestCompressed = 1024;
    private const byte Plain = 0;
    private const byte Brotli = 1;
    private const int HeaderLength = 5;

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        byte[] draft = ArrayPool<byte>.Shared.Rent(bytes.Length + 1);
        byte[] packed = Pack(bytes, draft).ToArray();
        ArrayPool<byte>.Shared.Return(draft);
        return packed;
    }

    /// <summary>Packs into memory that has room for one byte more than is to be packed. Returns what it took of it.</summary>
    public static ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> bytes, Span<byte> target)
    {
        // Quality 1 is the fastest; the window of 64 KB keeps its memory small. What does not get shorter is stored as it is.
        if (bytes.Length >= SmallestCompressed
            && BrotliEncoder.TryCompress(bytes, target[HeaderLength..bytes.Length], out int written, quality: 1, window: 16))
        {
            target[0] = Brotli;
            BinaryPrimitives.WriteInt32LittleEndian(target[1..], bytes.Length);
            return target[..(HeaderLength + written)];
        }

        target[0] = Plain;
        bytes.CopyTo(target[1..]);
        return target[..(bytes.Length + 1)];
    }

    public static byte[] Unpack(ReadOnlySpan<byte> packed)
    {
        if (packed.IsEmpty)
            return [];
        if (packed[0] == Plain)
            return packed[1..].ToArray();

        byte[] bytes = new byte[BinaryPrimitives.ReadInt32LittleEndian(packed[1..])];
        if (!BrotliDecoder.TryDecompress(packed[HeaderLength..], bytes, out int written) || written != bytes.Length)
            throw new InvalidDataException("A stored value cannot be decompressed.");
        return bytes;
    }
}

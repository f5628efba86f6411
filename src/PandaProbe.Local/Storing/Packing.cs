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
        if (bytes.Length >= SmallestCompressed)
        {
            byte[] draft = ArrayPool<byte>.Shared.Rent(bytes.Length);
            try
            {
                // Quality 1 is the fastest; the window of 64 KB keeps its memory small.
                if (BrotliEncoder.TryCompress(bytes, draft.AsSpan(HeaderLength), out int written, quality: 1, window: 16))
                {
                    draft[0] = Brotli;
                    BinaryPrimitives.WriteInt32LittleEndian(draft.AsSpan(1), bytes.Length);
                    return draft[..(HeaderLength + written)];
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(draft);
            }
        }

        byte[] plain = new byte[bytes.Length + 1];
        plain[0] = Plain;
        bytes.CopyTo(plain.AsSpan(1));
        return plain;
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

using System.Buffers.Binary;
using System.Numerics;

namespace PandaProbe.Safety.Secrets;

/// <summary>Keccak-256 as Ethereum uses it, for texts of less than one block. .NET's SHA3 pads differently and is not on every
/// platform.</summary>
internal static class Keccak
{
    private const int Block = 136;

    private static ReadOnlySpan<ulong> Constants =>
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
            0x8000000080008081, 0x8000000000008009,
        0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B,
            0x8000000000008089, 0x8000000000008003,
        0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080,
            0x0000000080000001, 0x8000000080008008,
    ];

    private static ReadOnlySpan<byte> Rotations =>
        [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];

    private static ReadOnlySpan<byte> Lanes => [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    public static void Hash(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        Span<byte> padded = stackalloc byte[Block];
        padded.Clear();
        text.CopyTo(padded);
        padded[text.Length] = 1;
        padded[Block - 1] |= 0x80;

        Span<ulong> state = stackalloc ulong[25], column = stackalloc ulong[5];
        state.Clear();
        for (int i = 0; i < Block / 8; i++)
        {
            state[i] = BinaryPrimitives.ReadUInt64LittleEndian(padded[(i * 8)..]);
        }

        foreach (ulong constant in Constants)
        {
            for (int x = 0; x < 5; x++)
            {
                column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }

            for (int x = 0; x < 5; x++)
            {
                ulong mixed = column[(x + 4) % 5] ^ BitOperations.RotateLeft(column[(x + 1) % 5], 1);
                for (int y = 0; y < 25; y += 5)
                {
                    state[y + x] ^= mixed;
                }
            }

            ulong moved = state[1];
            for (int i = 0; i < 24; i++)
            {
                (moved, state[Lanes[i]]) = (state[Lanes[i]], BitOperations.RotateLeft(moved, Rotations[i]));
            }

            for (int y = 0; y < 25; y += 5)
            {
                state.Slice(y, 5).CopyTo(column);
                for (int x = 0; x < 5; x++)
                {
                    state[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
                }
            }

            state[0] ^= constant;
        }

        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hash[(i * 8)..], state[i]);
        }
    }
}

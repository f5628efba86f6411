using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>
/// Holds eight bytes for every token: the two tokens of its last merge (itself, for a single byte), its offset and its length.
/// </summary>
internal readonly struct TokenParts(int count)
{
    private const int IdBits = 18;
    private const int IdMask = (1 << IdBits) - 1;
    private const int OffsetBits = 21;
    private const int OffsetMask = (1 << OffsetBits) - 1;

    // From the lowest bit: left (18), right (18), offset (21), length modulo 128 (7). No token is empty, so length 0 means 128. An unused
    // id is 0 in all bits. Token 0 is not, because its length is 1.
    private readonly ulong[] _parts = new ulong[count];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int id, int left, int right, int offset, int length) =>
        _parts[id] = (uint)left | ((ulong)(uint)right << IdBits) | ((ulong)(uint)offset << (2 * IdBits)) | (
            (ulong)(uint)length << (2 * IdBits + OffsetBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LeftOf(int id) => (int)At(id) & IdMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int RightOf(int id) => (int)(At(id) >> IdBits) & IdMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int OffsetOf(int id) => (int)(At(id) >> (2 * IdBits)) & OffsetMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int LengthOf(int id)
    {
        ulong parts = At(id);
        int length = (int)(parts >> (2 * IdBits + OffsetBits));
        return length > 0 || parts == 0 ? length : Vocabulary.MaxTokenLength;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsPair(int id, int left, int right) =>
        (At(id) & ((1UL << (2 * IdBits)) - 1)) == ((uint)left | ((ulong)(uint)right << IdBits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong At(int id) => Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_parts), id);
}

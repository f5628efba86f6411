using System.Buffers;
using System.Runtime.CompilerServices;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

internal struct CountingSink : IPieceSink
{
    private const int StackIds = 256;

    public int Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(Vocabulary vocabulary, ref byte piece, int length, int available)
    {
        Count += vocabulary.Find(ref piece, length, available) >= 0 ? 1 : CountMerged(vocabulary, ref piece, length);
        return true;
    }

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int CountMerged(Vocabulary vocabulary, ref byte piece, int length)
    {
        if (length <= StackIds)
            return vocabulary.Merge(ref piece, length, stackalloc int[StackIds]);

        int[] rented = ArrayPool<int>.Shared.Rent(length);
        int count = vocabulary.Merge(ref piece, length, rented);
        ArrayPool<int>.Shared.Return(rented);
        return count;
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using PandaProbe.Tokenization.Vocabularies;

namespace PandaProbe.Tokenization.Walking;

/// <summary>Collects ids in a rented array.</summary>
internal struct EncodingSink(int capacity) : IPieceSink, IDisposable
{
    private int[] _ids = ArrayPool<int>.Shared.Rent(capacity);
    private int _count;

    public readonly ReadOnlySpan<int> Ids => _ids.AsSpan(0, _count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(Vocabulary vocabulary, ref byte piece, int length, int available)
    {
        if (_ids.Length - _count < length)
            Grow(length);

        int id = vocabulary.Find(ref piece, length, available);
        if (id >= 0)
            _ids[_count++] = id;
        else
            _count += vocabulary.Merge(ref piece, length, _ids.AsSpan(_count));
        return true;
    }

    public readonly void Dispose() => ArrayPool<int>.Shared.Return(_ids);

    private void Grow(int room)
    {
        int[] larger = ArrayPool<int>.Shared.Rent((int)Math.Min(Math.Max(2L * _ids.Length, (long)_count + room), Array.MaxLength));
        Ids.CopyTo(larger);
        ArrayPool<int>.Shared.Return(_ids);
        _ids = larger;
    }
}

using System.Buffers;

namespace PandaProbe.Export.Writing;

/// <summary>
/// The body of a request, in pooled pieces of 32 KB. Bodies reach tens of MB: one growing array would be copied at each doubling, and keep
/// an array of the next power of two in the pool for each sender.
/// </summary>
internal sealed class RequestBody : IBufferWriter<byte>, IDisposable
{
    private const int PieceSize = 32 * 1024;

    private readonly List<ArraySegment<byte>> _full = [];
    private byte[] _piece = [];
    private int _at;
    private long _before;

    public long Length => _before + _at;

    /// <summary>Gets what was written, piece by piece.</summary>
    public IEnumerable<ArraySegment<byte>> Pieces => _at == 0 ? _full : _full.Append(new(_piece, 0, _at));

    public void Advance(int count) => _at += count;

    /// <inheritdoc/>
    /// <remarks>A hint beyond 32 KB gets a piece of its own size.</remarks>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _piece.AsMemory(_at);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _piece.AsSpan(_at);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = GetSpan();
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            _at += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Empties the body for its next use, keeping one piece.</summary>
    public void Clear()
    {
        foreach (ArraySegment<byte> piece in _full)
            ArrayPool<byte>.Shared.Return(piece.Array!);
        _full.Clear();
        _before = 0;
        _at = 0;
    }

    public byte[] ToArray()
    {
        byte[] all = new byte[Length];
        int at = 0;
        foreach (ArraySegment<byte> piece in Pieces)
        {
            piece.AsSpan().CopyTo(all.AsSpan(at));
            at += piece.Count;
        }

        return all;
    }

    public void Dispose()
    {
        Clear();
        ReturnPiece();
    }

    private void MakeRoom(int size)
    {
        if (_piece.Length - _at >= Math.Max(size, 1))
            return;

        if (_at == 0)
        {
            ReturnPiece();
        }
        else
        {
            _full.Add(new(_piece, 0, _at));
            _before += _at;
        }

        _piece = ArrayPool<byte>.Shared.Rent(Math.Max(size, PieceSize));
        _at = 0;
    }

    private void ReturnPiece()
    {
        if (_piece.Length > 0)
            ArrayPool<byte>.Shared.Return(_piece);
        _piece = [];
    }
}

using System.Runtime.CompilerServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>The tokens of an encoding: which pieces of text are one token, and how the others are merged.</summary>
internal sealed class Vocabulary
{
    /// <summary>No token of any encoding is longer.</summary>
    public const int MaxTokenLength = 128;

    private readonly int _idBits;
    private readonly byte[] _bytes;
    private readonly TokenParts _parts;
    private readonly PieceTable _pieces;
    private readonly OnDemand<PrefixTree> _tree;
    private readonly OnDemand<PieceMerger> _merger;

    /// <summary>Begins to load the vocabulary and returns before it is loaded. Members that need the rest wait for it.</summary>
    public Vocabulary(VocabularyReader reader, int idLimit)
    {
        IdLimit = idLimit;
        _idBits = reader.IdBits;
        _parts = new TokenParts(reader.IdCount);
        _bytes = GC.AllocateUninitializedArray<byte>(reader.TokenBytes);
        _pieces = NewPieceTable();
        var tree = new PrefixTree(reader.NodeCount, _parts, _bytes);
        var otherHalf = Aside.Start(() => reader.ReadHalf(first: false, idLimit, tree, _parts, _bytes));
        _tree = new OnDemand<PrefixTree>(() =>
        {
            reader.ReadHalf(first: true, idLimit, tree, _parts, _bytes);
            otherHalf?.Join();
            return tree;
        });
        _merger = new OnDemand<PieceMerger>(() => new PieceMerger(_tree.Value, _parts, new PairTable(_parts, idLimit, _idBits)));
        Aside.Start(Load);
    }

    /// <summary>Ids are below this; not every number below it is a token.</summary>
    public int IdLimit { get; }

    /// <summary>The id of a piece that is one token and has been merged before, or -1. <paramref name="available"/> bytes may be read, of which the piece is the beginning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ref byte piece, int length, int available) => _pieces.Find(ref piece, length, available);

    /// <summary>Merges a piece. There must be room for as many ids as it has bytes.</summary>
    /// <returns>The number of its tokens.</returns>
    public int Merge(ref byte piece, int length, Span<int> ids)
    {
        // A piece that is one token needs only the tree, so it does not wait for the tables of merges.
        var count = 1;
        if (!_merger.IsThere && _tree.Value.Find(ref piece, length) is var token and >= 0)
            ids[0] = token;
        else
            count = _merger.Value.Merge(ref piece, length, ids);

        if (count == 1)
            _pieces.Add(ids[0]);
        return count;
    }

    /// <inheritdoc cref="PieceMerger.MergePrefixes"/>
    public void MergePrefixes(ref byte piece, int length, int known, Span<int> lastTokens, Span<int> counts) =>
        _merger.Value.MergePrefixes(ref piece, length, known, lastTokens, counts);

    /// <summary>The bytes of a token; empty for a number that is not one.</summary>
    public ReadOnlySpan<byte> BytesOf(int id)
    {
        _ = _tree.Value;
        return (uint)id < (uint)IdLimit ? _bytes.AsSpan(_parts.OffsetOf(id), _parts.LengthOf(id)) : default;
    }

    /// <summary>Creates a table without tokens.</summary>
    public PieceTable NewPieceTable() => new(_parts, _bytes, _idBits);

    private void Load()
    {
        try
        {
            _ = _merger.Value;
        }
        catch (OutOfMemoryException)
        {
            // The next caller that needs the data loads it again and gets the exception.
        }
    }
}

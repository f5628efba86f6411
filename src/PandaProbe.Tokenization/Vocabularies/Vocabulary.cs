using System.Runtime.CompilerServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>Holds the tokens of an encoding and merges pieces of text into them.</summary>
internal sealed class Vocabulary
{
    /// <summary>The length in bytes of the longest token of all encodings.</summary>
    public const int MaxTokenLength = 128;

    private readonly int _idBits;
    private readonly byte[] _bytes;
    private readonly TokenParts _parts;
    private readonly PieceTable _pieces;
    private readonly OnDemand<PrefixTree> _tree;
    private readonly OnDemand<PieceMerger> _merger;

    /// <summary>Starts loading the vocabulary and returns before it is loaded. Members that need the data wait for it.</summary>
    public Vocabulary(VocabularyReader reader, int idLimit)
    {
        IdLimit = idLimit;
        _idBits = reader.IdBits;
        _parts = new TokenParts(reader.IdCount);
        _bytes = GC.AllocateUninitializedArray<byte>(reader.TokenBytes);
        _pieces = NewPieceTable();
        var tree = new PrefixTree(reader.NodeCount, _parts, _bytes);
        Thread? otherHalf = Aside.Start(() => reader.ReadHalf(first: false, idLimit, tree, _parts, _bytes));
        _tree = new OnDemand<PrefixTree>(() =>
        {
            reader.ReadHalf(first: true, idLimit, tree, _parts, _bytes);
            otherHalf?.Join();
            return tree;
        });
        _merger = new OnDemand<PieceMerger>(() => new PieceMerger(_tree.Value, _parts, new PairTable(_parts, idLimit, _idBits)));
        Aside.Start(Load);
    }

    /// <summary>Gets the limit of all ids. Not every number below it is a token.</summary>
    public int IdLimit { get; }

    /// <summary>
    /// Returns the id of a piece that is one token and has been merged before, or -1. The piece starts the <paramref name="available"/>
    /// readable bytes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ref byte piece, int length, int available) => _pieces.Find(ref piece, length, available);

    /// <summary>Merges a piece. The span needs room for one id per byte.</summary>
    /// <returns>The number of its tokens.</returns>
    public int Merge(ref byte piece, int length, Span<int> ids)
    {
        // A piece that is one token needs only the tree, so it does not wait for the merge tables.
        int count = 1;
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

    /// <summary>Returns the bytes of a token; empty for any other number.</summary>
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

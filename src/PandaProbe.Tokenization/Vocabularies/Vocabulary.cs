using System.Runtime.CompilerServices;

namespace PandaProbe.Tokenization.Vocabularies;

/// <summary>The tokens of an encoding: which pieces of text are one token, and how the others are merged. Immutable once loaded.</summary>
internal sealed class Vocabulary
{
    /// <summary>No token of any encoding is longer.</summary>
    public const int MaxTokenLength = 128;

    private readonly byte[] _bytes;
    private readonly TokenParts _parts;
    private readonly PieceTable _pieces;
    private readonly PieceMerger _merger;
    private readonly ShortMerger _shortMerger;

    public Vocabulary(VocabularyReader reader, int idLimit)
    {
        IdLimit = idLimit;
        var idBits = reader.IdBits;
        var tree = reader.ReadTree(idLimit, out var parts, out _bytes);
        _parts = parts;

        // Both tables at once: waiting for a task that has not begun runs it here.
        var pairs = Task.Run(() => new PairTable(parts, idLimit, idBits));
        _pieces = new PieceTable(parts, _bytes, idLimit, idBits);
        var pairTable = pairs.GetAwaiter().GetResult();
        _merger = new PieceMerger(tree, parts, pairTable);
        _shortMerger = new ShortMerger(tree, pairTable);
    }

    /// <summary>Ids are below this; not every number below it is a token.</summary>
    public int IdLimit { get; }

    /// <summary>See <see cref="PieceTable.LongestProbe"/>.</summary>
    public int LongestProbe => _pieces.LongestProbe;

    /// <summary>The id of a piece that is one token, or -1. <paramref name="available"/> bytes may be read, of which the piece is the beginning.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ref byte piece, int length, int available) => _pieces.Find(ref piece, length, available);

    /// <summary>Merges a piece that is not one token. There must be room for as many ids as the piece has bytes.</summary>
    public int Merge(ref byte piece, int length, Span<int> ids) =>
        ShortMerger.Takes(ref piece, length) ? _shortMerger.Merge(ref piece, length, ids) : _merger.Merge(ref piece, length, ids);

    /// <summary>The bytes of a token; empty for a number that is not one.</summary>
    public ReadOnlySpan<byte> BytesOf(int id) =>
        (uint)id < (uint)IdLimit ? _bytes.AsSpan(_parts.OffsetOf(id), _parts.LengthOf(id)) : default;
}

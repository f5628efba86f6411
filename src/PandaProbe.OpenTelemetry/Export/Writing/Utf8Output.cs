using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace PandaProbe.Export.Writing;

/// <summary>
/// JSON in pooled pieces that stay off the large object heap. Text is escaped by looking for the next character that needs it (vectorised) and
/// transcoding what lies before it in one go.
/// </summary>
internal sealed class Utf8Output : IDisposable
{
    private const int PieceSize = 32 * 1024;
    private const int EscapeLength = 6;

    private static readonly SearchValues<char> Special = SearchValues.Create(
        "\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f");

    private readonly List<ArraySegment<byte>> _full = [];
    private byte[] _piece = ArrayPool<byte>.Shared.Rent(PieceSize);
    private int _at;
    private long _before;

    public long Length => _before + _at;

    /// <summary>What was written, piece by piece.</summary>
    public IEnumerable<ArraySegment<byte>> Pieces => _at == 0 ? _full : _full.Append(new(_piece, 0, _at));

    /// <summary>Room for <paramref name="size"/> bytes in one piece; say with <see cref="Advance"/> how many were used.</summary>
    public Span<byte> GetSpan(int size)
    {
        if (_piece.Length - _at < size)
            NextPiece();
        return _piece.AsSpan(_at);
    }

    public void Advance(int count) => _at += count;

    public void Byte(byte value)
    {
        if (_at == _piece.Length)
            NextPiece();
        _piece[_at++] = value;
    }

    /// <summary>Bytes that are JSON already.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > _piece.Length - _at)
        {
            int room = _piece.Length - _at;
            bytes[..room].CopyTo(_piece.AsSpan(_at));
            _at += room;
            bytes = bytes[room..];
            NextPiece();
        }

        bytes.CopyTo(_piece.AsSpan(_at));
        _at += bytes.Length;
    }

    /// <summary>Text that is JSON already. What cannot be stored becomes U+FFFD: a surrogate without its other half, and U+0000, which JSON only has escaped.</summary>
    public void Raw(ReadOnlySpan<char> text)
    {
        // Most text has nothing escaped by number, which is sooner seen in its bytes than in its characters.
        Span<byte> room = _piece.AsSpan(_at);
        if (Utf8.FromUtf16(text, room, out _, out int written) == OperationStatus.Done && room[..written].IndexOf(@"\u"u8) < 0)
            _at += written;
        else
            RawWithEscapes(text);
    }

    /// <summary>Text as a JSON string.</summary>
    public void String(ReadOnlySpan<char> text)
    {
        Byte((byte)'"');
        Escaped(text);
        Byte((byte)'"');
    }

    /// <summary>Text as the inside of a JSON string.</summary>
    public void Escaped(ReadOnlySpan<char> text)
    {
        while (true)
        {
            int special = text.IndexOfAny(Special);
            if (special < 0)
            {
                Transcoded(text);
                return;
            }

            if (special > 0)
                Transcoded(text[..special]);
            Escape(text[special]);
            text = text[(special + 1)..];
        }
    }

    public void Number(long value)
    {
        value.TryFormat(GetSpan(20), out int written, default, CultureInfo.InvariantCulture);
        _at += written;
    }

    public void Number(double value)
    {
        value.TryFormat(GetSpan(32), out int written, default, CultureInfo.InvariantCulture);
        _at += written;
    }

    public void Number(decimal value)
    {
        value.TryFormat(GetSpan(32), out int written, default, CultureInfo.InvariantCulture);
        _at += written;
    }

    /// <summary>A moment in UTC as a JSON string.</summary>
    public void Time(DateTime utc)
    {
        Span<byte> span = GetSpan(40);
        span[0] = (byte)'"';
        utc.TryFormat(span[1..], out int written, "O", CultureInfo.InvariantCulture);
        span[written + 1] = (byte)'"';
        _at += written + 2;
    }

    public void Id(Guid id)
    {
        Span<byte> span = GetSpan(38);
        span[0] = (byte)'"';
        id.TryFormat(span[1..], out _);
        span[37] = (byte)'"';
        _at += 38;
    }

    /// <summary>Takes back what was written after <paramref name="length"/>.</summary>
    public void CutTo(long length)
    {
        while (length < _before)
        {
            ArrayPool<byte>.Shared.Return(_piece);
            ArraySegment<byte> last = _full[^1];
            _full.RemoveAt(_full.Count - 1);
            _piece = last.Array!;
            _at = last.Count;
            _before -= last.Count;
        }

        _at = (int)(length - _before);
    }

    /// <summary>Empties it for the next use, keeping one piece.</summary>
    public void Clear() => CutTo(0);

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
        if (_piece.Length > 0)
            ArrayPool<byte>.Shared.Return(_piece);
        _piece = [];
    }

    private void RawWithEscapes(ReadOnlySpan<char> text)
    {
        int seen = 0;
        while (text[seen..].IndexOf(@"\u") is >= 0 and var next)
        {
            int at = seen + next;
            seen = at + StorableLength(text, at);
            if (seen > at)
                continue;

            Transcoded(text[..at]);
            Raw("\\ufffd"u8);
            text = text[(at + EscapeLength)..];
            seen = 0;
        }

        Transcoded(text);
    }

    /// <summary>How many characters may stay as they are from the <c>\u</c> at <paramref name="at"/> on; 0 when it is the escape of something that cannot be stored.</summary>
    private static int StorableLength(ReadOnlySpan<char> text, int at)
    {
        int before = at;
        while (before > 0 && text[before - 1] == '\\')
            before--;

        // Behind an odd number of backslashes this one is itself what is escaped.
        if ((at - before) % 2 != 0 || EscapedAt(text, at) is not { } letter)
            return 2;
        if (!char.IsSurrogate(letter))
            return letter == 0 ? 0 : EscapeLength;
        return char.IsHighSurrogate(letter) && EscapedAt(text, at + EscapeLength) is { } other && char.IsLowSurrogate(other) ? 2 * EscapeLength : 0;
    }

    private static char? EscapedAt(ReadOnlySpan<char> text, int at) =>
        text.Length >= at + EscapeLength && text[at] == '\\' && text[at + 1] == 'u'
        && ushort.TryParse(text.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort letter)
            ? (char)letter
            : null;

    private void Transcoded(ReadOnlySpan<char> text)
    {
        while (true)
        {
            OperationStatus status = Utf8.FromUtf16(text, _piece.AsSpan(_at), out int read, out int written);
            _at += written;
            if (status != OperationStatus.DestinationTooSmall)
                return;

            text = text[read..];
            NextPiece();
        }
    }

    private void Escape(char special)
    {
        Span<byte> span = GetSpan(6);
        span[0] = (byte)'\\';
        byte letter = special switch
        {
            '"' => (byte)'"',
            '\\' => (byte)'\\',
            '\n' => (byte)'n',
            '\r' => (byte)'r',
            '\t' => (byte)'t',
            '\b' => (byte)'b',
            '\f' => (byte)'f',
            _ => 0,
        };
        if (letter != 0)
        {
            span[1] = letter;
            _at += 2;
            return;
        }

        // PostgreSQL, and so PandaProbe, cannot store U+0000.
        "\\u00"u8.CopyTo(span);
        if (special == 0)
            "\\ufffd"u8.CopyTo(span);
        else
            ((int)special).TryFormat(span[4..], out _, "x2", CultureInfo.InvariantCulture);
        _at += 6;
    }

    private void NextPiece()
    {
        if (_at > 0)
        {
            _full.Add(new(_piece, 0, _at));
            _before += _at;
        }
        else if (_piece.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_piece);
        }

        _piece = ArrayPool<byte>.Shared.Rent(PieceSize);
        _at = 0;
    }
}

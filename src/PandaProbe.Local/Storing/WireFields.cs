namespace PandaProbe.Local.Storing;

/// <summary>The fields of a message that have a length. Others are skipped; what is no message ends the search.</summary>
internal ref struct WireFields(ReadOnlySpan<byte> bytes, int position)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position = position;

    public int Number { get; private set; }

    public Range Content { get; private set; }

    /// <summary>Gets whether the search ended because the bytes are no message.</summary>
    public bool IsBroken { get; private set; }

    public bool Next()
    {
        while (_position < _bytes.Length && !IsBroken)
        {
            ulong tag = Varint();
            Number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    Varint();
                    break;
                case 1:
                    _position += 8;
                    break;
                case 5:
                    _position += 4;
                    break;
                case 2:
                    ulong length = Varint();
                    if (length > (ulong)(_bytes.Length - _position))
                    {
                        IsBroken = true;
                        return false;
                    }

                    Content = _position..(_position + (int)length);
                    _position += (int)length;
                    return true;
                default:
                    IsBroken = true;
                    return false;
            }
        }

        IsBroken |= _position > _bytes.Length;
        return false;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && _position < _bytes.Length; shift += 7)
        {
            byte next = _bytes[_position++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        IsBroken = true;
        return value;
    }
}

namespace PandaProbe.TokenizerData;

/// <summary>Packs numbers of a fixed width, lowest bit first; padded so that a reader may always load eight bytes.</summary>
internal sealed class BitWriter(int width)
{
    private readonly List<byte> _bytes = [];
    private ulong _pending;
    private int _bits;

    public void Write(int value)
    {
        _pending |= (ulong)(uint)value << _bits;
        for (_bits += width; _bits >= 8; _bits -= 8)
        {
            _bytes.Add((byte)_pending);
            _pending >>= 8;
        }
    }

    public byte[] ToArray() => [.. _bytes, (byte)_pending, 0, 0, 0, 0, 0, 0, 0];
}

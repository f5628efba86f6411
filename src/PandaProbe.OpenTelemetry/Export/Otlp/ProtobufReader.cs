namespace PandaProbe.Export.Otlp;

/// <summary>
/// Reads the fields of one protobuf message, in order. A message that is not well-formed ends at the first wrong byte. No generated classes
/// are needed for the few fields of OTLP that are read.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Gets the number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Gets the value of a field that is a number.</summary>
    public long Number { get; private set; }

    /// <summary>Gets the content of a field that is a text, bytes or a message; empty for all others.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Gets the current field with its key.</summary>
    public ReadOnlySpan<byte> Whole { get; private set; }

    /// <summary>Goes to the next field.</summary>
    public bool Next()
    {
        ReadOnlySpan<byte> start = _rest;
        Bytes = default;
        Number = 0;
        if (!TryVarint(out ulong key))
            return false;

        Field = (int)(key >> 3);
        switch ((int)(key & 7))
        {
            case VarintType when TryVarint(out ulong number):
                Number = (long)number;
                break;
            case Fixed64Type when _rest.Length >= sizeof(long):
                _rest = _rest[sizeof(long)..];
                break;
            case Fixed32Type when _rest.Length >= sizeof(int):
                _rest = _rest[sizeof(int)..];
                break;
            case BytesType when TryVarint(out ulong length) && length <= (ulong)_rest.Length:
                Bytes = _rest[..(int)length];
                _rest = _rest[(int)length..];
                break;
            default:
                _rest = default;
                return false;
        }

        Whole = start[..(start.Length - _rest.Length)];
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && !_rest.IsEmpty; shift += 7)
        {
            byte next = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(next & 127) << shift;
            if (next < 128)
                return true;
        }

        return false;
    }
}

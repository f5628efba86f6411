using System.Buffers;

namespace PandaProbe.Export.Otlp;

/// <summary>Writes fields of a protobuf message.</summary>
internal static class ProtobufWriter
{
    private const int BytesType = 2;

    /// <summary>Writes a field that is a text, bytes or a message.</summary>
    public static void WriteBytes(this ArrayBufferWriter<byte> output, int field, ReadOnlySpan<byte> value)
    {
        output.WriteVarint(((ulong)field << 3) | BytesType);
        output.WriteVarint((ulong)value.Length);
        output.Write(value);
    }

    /// <summary>Writes a field that is a number.</summary>
    public static void WriteNumber(this ArrayBufferWriter<byte> output, int field, long value)
    {
        output.WriteVarint((ulong)field << 3);
        output.WriteVarint((ulong)value);
    }

    private static void WriteVarint(this ArrayBufferWriter<byte> output, ulong value)
    {
        while (value > 127)
        {
            output.Write([(byte)(value | 128)]);
            value >>= 7;
        }

        output.Write([(byte)value]);
    }
}

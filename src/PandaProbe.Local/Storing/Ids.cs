using System.Buffers.Binary;

namespace PandaProbe.Local.Storing;

/// <summary>
/// Identifiers of traces and spans as 16 bytes. A span's identifier is the first half of its trace id followed by its span id, as
/// PandaProbe's SDK makes it for the REST API: so a span that comes by both ways is one span.
/// </summary>
internal static class Ids
{
    public static UInt128 Read(ReadOnlySpan<byte> bytes) => bytes.Length == 16 ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : default;

    public static void Write(UInt128 id, Span<byte> bytes) => BinaryPrimitives.WriteUInt128BigEndian(bytes, id);

    public static byte[] Bytes(UInt128 id)
    {
        byte[] bytes = new byte[16];
        Write(id, bytes);
        return bytes;
    }

    /// <summary>Traces of systems with ids of 64 bits have zeros in front; the second half tells them apart then.</summary>
    public static UInt128 Span(UInt128 trace, ulong span)
    {
        ulong upper = (ulong)(trace >> 64);
        return new(upper != 0 ? upper : (ulong)trace, span);
    }

    public static UInt128 FromGuid(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Read(bytes);
    }

    public static Guid ToGuid(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(id, bytes);
        return new(bytes, bigEndian: true);
    }

    public static string Hex(UInt128 id)
    {
        Span<byte> bytes = stackalloc byte[16];
        Write(id, bytes);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Reads an identifier that <see cref="Hex"/> wrote.</summary>
    public static UInt128 Parse(string hex) =>
        UInt128.Parse(hex, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Understands 32 hexadecimal digits, and the same with the dashes of a uuid.</summary>
    public static bool TryParse(string? text, out UInt128 id)
    {
        id = default;
        if (text is not { Length: 32 or 36 } || !Guid.TryParseExact(text, text.Length == 32 ? "N" : "D", out Guid guid))
            return false;

        id = FromGuid(guid);
        return true;
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Spooling;

/// <summary>
/// One request on disk: a mark, the length and the hash of what follows, a header that says what it is, and the body as it would have been
/// sent. Neither key nor project is in it.
/// </summary>
internal sealed record SpoolEntry(
    Guid TraceId, Guid RequestId, bool HasHead, int Spans, bool IsScore, bool CountsAsTrace, string Name, DateTime StartedAt)
{
    /// <summary>No file that is whole has fewer bytes.</summary>
    public const int Smallest = Prefix;

    private const int Prefix = 4 + 4 + 8 + 32;

    private static ReadOnlySpan<byte> Mark => "PPS1"u8;

    public static void Write(Stream file, SpoolEntry entry, RequestBody body)
    {
        ArrayBufferWriter<byte> head = new(256);
        using (Utf8JsonWriter json = new(head))
        {
            json.WriteStartObject();
            json.WriteString("trace_id"u8, entry.TraceId);
            json.WriteString("request_id"u8, entry.RequestId);
            json.WriteBoolean("head"u8, entry.HasHead);
            json.WriteNumber("spans"u8, entry.Spans);
            json.WriteBoolean("score"u8, entry.IsScore);
            json.WriteBoolean("counts"u8, entry.CountsAsTrace);
            json.WriteString("name"u8, entry.Name);
            json.WriteString("started_at"u8, entry.StartedAt);
            json.WriteEndObject();
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head.WrittenSpan);
        foreach (ArraySegment<byte> piece in body.Pieces)
            hash.AppendData(piece.AsSpan());

        Span<byte> prefix = stackalloc byte[Prefix];
        Mark.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix[4..], head.WrittenCount);
        BinaryPrimitives.WriteInt64LittleEndian(prefix[8..], body.Length);
        hash.GetHashAndReset(prefix[16..]);
        file.Write(prefix);
        file.Write(head.WrittenSpan);
        foreach (ArraySegment<byte> piece in body.Pieces)
            file.Write(piece);
    }

    /// <summary>Reads an entry and its body. Null when the file is not whole.</summary>
    public static SpoolEntry? Read(Stream file, RequestBody body)
    {
        Span<byte> prefix = stackalloc byte[Prefix];
        if (file.ReadAtLeast(prefix, Prefix, throwOnEndOfStream: false) < Prefix || !prefix.StartsWith(Mark))
            return null;

        int headLength = BinaryPrimitives.ReadInt32LittleEndian(prefix[4..]);
        long bodyLength = BinaryPrimitives.ReadInt64LittleEndian(prefix[8..]);
        if (headLength is < 2 or > 64 * 1024 || file.Length != Prefix + headLength + bodyLength)
            return null;

        byte[] head = new byte[headLength];
        if (file.ReadAtLeast(head, headLength, throwOnEndOfStream: false) < headLength)
            return null;

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(head);
        for (long rest = bodyLength; rest > 0;)
        {
            Span<byte> piece = body.GetSpan(4096);
            int read = file.Read(piece[..(int)Math.Min(piece.Length, rest)]);
            if (read == 0)
                return null;

            hash.AppendData(piece[..read]);
            body.Advance(read);
            rest -= read;
        }

        Span<byte> actual = stackalloc byte[32];
        hash.GetHashAndReset(actual);
        if (!actual.SequenceEqual(prefix[16..]))
            return null;

        using var json = JsonDocument.Parse(head);
        JsonElement root = json.RootElement;
        return new(
            root.GetProperty("trace_id").GetGuid(),
            root.GetProperty("request_id").GetGuid(),
            root.GetProperty("head").GetBoolean(),
            root.GetProperty("spans").GetInt32(),
            root.GetProperty("score").GetBoolean(),
            root.GetProperty("counts").GetBoolean(),
            root.GetProperty("name").GetString() ?? "trace",
            root.GetProperty("started_at").GetDateTime());
    }
}

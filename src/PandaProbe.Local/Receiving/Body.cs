using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace PandaProbe.Local.Receiving;

/// <summary>The body of a request in memory, unpacked, and never more than <see cref="Limit"/> of it.</summary>
internal sealed class Body : IDisposable
{
    public const int Limit = 64 << 20;

    private const int FirstSize = 64 << 10;

    private byte[] _buffer;
    private int _start;

    private Body(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(_start, Length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, Length);

    public static async Task<Body> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > Limit)
            throw new BodyTooLargeException();

        string encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is "" or "identity")
            return await ReadAsync(request.Body, (int)(request.ContentLength ?? FirstSize), cancellation);
        if (encoding is not "gzip")
            throw new InvalidDataException($"Content-Encoding '{encoding}' is not known here; gzip is.");

        await using GZipStream unpacked = new(request.Body, CompressionMode.Decompress, leaveOpen: true);
        return await ReadAsync(unpacked, FirstSize, cancellation);
    }

    public static Body Unpack(ReadOnlyMemory<byte> packed)
    {
        using MemoryStream source = new(packed.ToArray(), writable: false);
        using GZipStream unpacked = new(source, CompressionMode.Decompress);
        Body body = new(Math.Max(FirstSize, packed.Length * 4 % Limit));
        try
        {
            int read;
            while ((read = unpacked.Read(body.Free().Span)) > 0)
                body.Advance(read);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Leaves out the first bytes of a body that was read whole.</summary>
    public void Skip(int count)
    {
        _start += count;
        Length -= count;
    }

    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        Length = 0;
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
    }

    private static async Task<Body> ReadAsync(Stream source, int expected, CancellationToken cancellation)
    {
        Body body = new(Math.Max(expected + 1, 1024));
        try
        {
            int read;
            while ((read = await source.ReadAsync(body.Free(), cancellation)) > 0)
                body.Advance(read);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private Memory<byte> Free()
    {
        if (Length == _buffer.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(Length);
    }

    private void Advance(int read)
    {
        Length += read;
        if (Length > Limit)
            throw new BodyTooLargeException();
    }
}

/// <summary>A request is larger than this viewer takes.</summary>
internal sealed class BodyTooLargeException() : Exception("A request may have 64 MB, unpacked as well. Send smaller batches.");

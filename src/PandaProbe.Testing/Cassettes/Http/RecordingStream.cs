namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>Passes a body on, and remembers it and how it ended.</summary>
internal sealed class RecordingStream(Stream inner, TimeProvider time) : Stream
{
    private readonly object _lock = new();
    private readonly MemoryStream _bytes = new();
    private readonly List<(long End, long Timestamp)> _arrivals = [(0, time.GetTimestamp())];

    public Exception? Failure { get; private set; }

    public bool IsComplete { get; private set; }

    public byte[] Bytes
    {
        get
        {
            lock (_lock)
                return _bytes.ToArray();
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns how much later the last byte before <paramref name="end"/> came than the one before
    /// <paramref name="start"/>.</summary>
    public TimeSpan PauseBefore(int start, int end)
    {
        lock (_lock)
            return time.GetElapsedTime(Arrival(start), Arrival(end));
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            int count = inner.Read(buffer);
            Remember(buffer[..count], buffer.Length);
            return count;
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            Remember(buffer.Span[..count], buffer.Length);
            return count;
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }

    private void Remember(ReadOnlySpan<byte> read, int asked)
    {
        lock (_lock)
        {
            _bytes.Write(read);
            _arrivals.Add((_bytes.Length, time.GetTimestamp()));
            IsComplete |= read.IsEmpty && asked > 0;
        }
    }

    /// <summary>A reader who gives up is not a stream that breaks.</summary>
    private bool Saw(Exception exception)
    {
        if (exception is not (OperationCanceledException or ObjectDisposedException))
            Failure ??= exception;

        return false;
    }

    private long Arrival(int end) => _arrivals.First(arrival => arrival.End >= end).Timestamp;
}

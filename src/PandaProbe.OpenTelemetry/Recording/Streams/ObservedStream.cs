namespace PandaProbe.Recording;

/// <summary>Wraps a stream, and tells the derived class what is read and how it ends.</summary>
internal abstract class ObservedStream(Stream inner) : ForwardStream
{
    public sealed override bool CanTimeout => inner.CanTimeout;

    public sealed override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    public sealed override long Length => inner.Length;

    public sealed override long Position { get => inner.Position; set => inner.Position = value; }

    public sealed override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }

        Passed(buffer[..count], isEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    public sealed override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Saw(exception))
        {
            throw;
        }

        Passed(buffer.Span[..count], isEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    /// <summary>Takes what the reader got.</summary>
    protected abstract void Passed(ReadOnlySpan<byte> bytes, bool isEnd);

    /// <summary>Takes what the reader got instead of bytes.</summary>
    protected abstract void Failed(Exception exception);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();

        base.Dispose(disposing);
    }

    // As a filter, so that the exception stays as it is.
    private bool Saw(Exception exception)
    {
        Failed(exception);
        return false;
    }
}

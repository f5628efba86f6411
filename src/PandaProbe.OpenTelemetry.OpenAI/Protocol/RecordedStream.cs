using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Calls;
using PandaProbe.Diagnostics;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>The stream of an answer as the caller reads it. Listens to the events that pass, and ends the call with the stream.</summary>
internal sealed class RecordedStream(Stream inner, StreamedCall<JsonElement> events) : Stream
{
    private readonly EventLines _lines = new();

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override bool CanTimeout => inner.CanTimeout;

    public override int ReadTimeout { get => inner.ReadTimeout; set => inner.ReadTimeout = value; }

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int count;
        try
        {
            count = inner.Read(buffer);
        }
        catch (Exception exception) when (Failed(exception))
        {
            throw;
        }

        Passed(buffer[..count], buffer.Length);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failed(exception))
        {
            throw;
        }

        Passed(buffer.Span[..count], buffer.Length);
        return count;
    }

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            Finish();
        }

        base.Dispose(disposing);
    }

    private void Passed(ReadOnlySpan<byte> bytes, int wanted)
    {
        if (bytes.IsEmpty && wanted > 0)
        {
            events.Complete();
            Finish();
            return;
        }

        try
        {
            _lines.Feed(bytes, OnData);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("stream", exception);
        }
    }

    private void OnData(ReadOnlyMemory<byte> data)
    {
        if (data.Span.SequenceEqual("[DONE]"u8))
        {
            events.Complete();
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(data);
            events.Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            // What a proxy says to keep the connection alive, for one. The events after it count.
            PandaProbeEventSource.Log.TelemetryFailed("stream", exception);
        }
    }

    private bool Failed(Exception exception)
    {
        events.Failed(exception);
        Finish();
        return false;
    }

    private void Finish()
    {
        // The stream is read wherever the caller likes: what the end of the call makes current there must not stay.
        Activity? before = Activity.Current;
        events.Call.Enter();
        events.Finish();
        events.Call.Leave(before);
    }
}

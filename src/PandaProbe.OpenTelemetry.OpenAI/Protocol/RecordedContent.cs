using System.Buffers;
using System.ClientModel;

namespace PandaProbe.OpenAI.Protocol;

/// <summary>Wraps the caller's request content and keeps a copy of the bytes it last wrote.</summary>
internal sealed class RecordedContent(BinaryContent inner) : BinaryContent
{
    private readonly ArrayBufferWriter<byte> _written = new();

    public ReadOnlyMemory<byte> Bytes => _written.WrittenMemory;

    public override bool TryComputeLength(out long length) => inner.TryComputeLength(out length);

    public override void WriteTo(Stream stream, CancellationToken cancellationToken = default)
    {
        _written.ResetWrittenCount();
        inner.WriteTo(new CopyingStream(stream, _written), cancellationToken);
    }

    public override Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        _written.ResetWrittenCount();
        return inner.WriteToAsync(new CopyingStream(stream, _written), cancellationToken);
    }

    public override void Dispose() => inner.Dispose();

    private sealed class CopyingStream(Stream target, ArrayBufferWriter<byte> copy) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => target.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            target.Write(buffer);
            copy.Write(buffer);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await target.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            copy.Write(buffer.Span);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

using PandaProbe.Recording;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>A recorded body. A read returns bytes of one piece at most, so that events come one by one as they did.</summary>
/// <param name="pieces">The pieces and the pauses before them.</param>
/// <param name="end">What comes after them.</param>
/// <param name="time">The clock of the pauses. Null for no pauses.</param>
internal sealed class ReplayedStream(IReadOnlyList<(byte[] Bytes, TimeSpan Pause)> pieces, BodyEnd end, TimeProvider? time) : ForwardStream
{
    private readonly CancellationTokenSource _closed = new();
    private int _piece;
    private int _offset;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (buffer.IsEmpty)
            return 0;

        if (_piece == pieces.Count)
            return await EndAsync(cancellationToken).ConfigureAwait(false);

        (byte[] bytes, TimeSpan pause) = pieces[_piece];
        if (_offset == 0 && pause > TimeSpan.Zero && time is not null)
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);

        int count = Math.Min(buffer.Length, bytes.Length - _offset);
        bytes.AsMemory(_offset, count).CopyTo(buffer);
        _offset += count;
        if (_offset == bytes.Length)
            (_piece, _offset) = (_piece + 1, 0);

        return count;
    }

    public override int Read(Span<byte> buffer)
    {
        byte[] read = new byte[buffer.Length];
        int count = ReadAsync(read).AsTask().GetAwaiter().GetResult();
        read.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        // It is not disposed: a read that waits may still ask for its token.
        if (disposing)
            _closed.Cancel();

        base.Dispose(disposing);
    }

    private async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        if (end.Failure is { } failure)
            throw failure();

        if (end.IsOpen)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop.Token).ConfigureAwait(false);
        }

        return 0;
    }
}

using PandaProbe.Recording;

namespace PandaProbe.Testing.Cassettes.Http;

/// <summary>Passes a body on, and remembers it and how it ended.</summary>
internal sealed class RecordingStream(Stream inner, TimeProvider time) : ObservedStream(inner)
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

    /// <summary>Returns how much later the last byte before <paramref name="end"/> came than the one before
    /// <paramref name="start"/>.</summary>
    public TimeSpan PauseBefore(int start, int end)
    {
        lock (_lock)
            return time.GetElapsedTime(Arrival(start), Arrival(end));
    }

    protected override void Passed(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        lock (_lock)
        {
            _bytes.Write(bytes);
            _arrivals.Add((_bytes.Length, time.GetTimestamp()));
            IsComplete |= isEnd;
        }
    }

    /// <summary>A reader who gives up is not a stream that breaks.</summary>
    protected override void Failed(Exception exception)
    {
        if (exception is not (OperationCanceledException or ObjectDisposedException))
            Failure ??= exception;
    }

    private long Arrival(int end) => _arrivals.First(arrival => arrival.End >= end).Timestamp;
}

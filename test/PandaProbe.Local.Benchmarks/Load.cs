using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace PandaProbe.Local.Benchmarks;

/// <summary>How requests are sent.</summary>
internal enum Protocol
{
    Http,
    Grpc,
}

/// <summary>Sends recorded requests to a viewer, and measures what it needs for them.</summary>
internal sealed class Load : IDisposable
{
    private const int Prepared = 32;

    private readonly Viewer _viewer;
    private readonly Protocol _protocol;
    private readonly HttpClient _client = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
    {
        Timeout = TimeSpan.FromMinutes(1),
    };

    // Made before the first measurement: making one takes as long as storing several.
    private readonly ConcurrentBag<RecordedRequest> _requests = [.. Enumerable.Range(0, Prepared)
        .Select(static seed => new RecordedRequest(seed))];
    private int _made = Prepared;

    public Load(Viewer viewer, Protocol protocol) => (_viewer, _protocol) = (viewer, protocol);

    /// <summary>Sends on a number of connections: the next request when the last one was answered.</summary>
    public Task<LoadResult> SendAsync(int connections, TimeSpan duration, long mostSpans = long.MaxValue) => MeasureAsync(latencies =>
    {
        long spans = 0;
        long begun = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(begun) < duration && Interlocked.Add(ref spans, RecordedRequest.Spans) <= mostSpans)
                latencies.Add(await SendOneAsync(Stopwatch.GetTimestamp()));
        })));
    });

    /// <summary>
    /// Sends so many spans a second, whether those before are answered or not. A request takes from when it was due, so a pause of the
    /// viewer counts for each request that was due within it.
    /// </summary>
    public Task<LoadResult> SendAsync(TimeSpan duration, double spansPerSecond) => MeasureAsync(async latencies =>
    {
        double ticks = Stopwatch.Frequency * RecordedRequest.Spans / spansPerSecond;
        long begun = Stopwatch.GetTimestamp();
        List<Task> sent = [];
        for (int number = 0; ; number++)
        {
            long due = begun + (long)(number * ticks);
            TimeSpan wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait);
            if (Stopwatch.GetElapsedTime(begun) >= duration)
                break;
            sent.Add(Task.Run(async () => latencies.Add(await SendOneAsync(due))));
        }

        await Task.WhenAll(sent);
    });

    public async Task PostAsync(byte[] body)
    {
        bool grpc = _protocol == Protocol.Grpc;
        Uri address = grpc ? new(_viewer.Grpc, "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
            : new(_viewer.Http, "/v1/traces");
        using HttpRequestMessage request = new(HttpMethod.Post, address);
        if (grpc)
        {
            byte[] frame = new byte[body.Length + 5];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
            body.CopyTo(frame, 5);
            body = frame;
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TE.Add(new("trailers"));
        }

        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new(grpc ? "application/grpc" : "application/x-protobuf");
        using HttpResponseMessage response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        if (grpc && response.TrailingHeaders.GetValues("grpc-status").Single() != "0")
            throw new InvalidOperationException("The request was refused.");
    }

    public void Dispose() => _client.Dispose();

    private async Task<LoadResult> MeasureAsync(Func<ConcurrentBag<double>, Task> send)
    {
        ConcurrentBag<double> latencies = [];
        TimeSpan viewer = _viewer.ProcessorTime;
        TimeSpan driver = Environment.CpuUsage.TotalTime;
        long written = _viewer.BytesWritten;
        long begun = Stopwatch.GetTimestamp();
        await send(latencies);
        TimeSpan took = Stopwatch.GetElapsedTime(begun);
        return new([.. latencies.Order()], took, _viewer.ProcessorTime - viewer, Environment.CpuUsage.TotalTime - driver,
            _viewer.BytesWritten - written);
    }

    private async Task<double> SendOneAsync(long since)
    {
        if (!_requests.TryTake(out RecordedRequest? request))
            request = new(Interlocked.Increment(ref _made));
        request.Renew(Random.Shared);
        await PostAsync(request.Bytes);
        _requests.Add(request);
        return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
    }
}

/// <summary>What a load needed. Latencies are milliseconds in ascending order.</summary>
internal sealed record LoadResult(double[] Latencies, TimeSpan Took, TimeSpan Viewer, TimeSpan Driver, long Written)
{
    public long Spans => Latencies.Length * (long)RecordedRequest.Spans;

    public double Rate => Spans / Took.TotalSeconds;

    public double ViewerMicroseconds => Viewer.TotalMicroseconds / Spans;

    public double Percentile(double part) =>
        Latencies.Length == 0 ? 0 : Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * part))];

    public override string ToString() =>
        $"{Rate:N0} spans/s; request median {Percentile(0.5):0.0} ms, p99 {Percentile(0.99):0.0} ms; "
        + $"processor time of a span {ViewerMicroseconds:0.0} µs in the viewer, {Driver.TotalMicroseconds / Spans:0.0} µs in this driver; "
        + $"{(double)Written / Spans:N0} bytes written for a span";
}

using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Otlp;

/// <summary>
/// A collector on the loopback address that speaks OTLP/HTTP and OTLP/gRPC and decodes what it gets with OTLP's own schema.
/// </summary>
internal sealed partial class OtlpReceiver : OtlpServer
{
    private readonly ConcurrentQueue<ResourceSpans> _received = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<byte[]> _logs = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly bool _hangs;

    private OtlpReceiver(bool hangs) => _hangs = hangs;

    public IReadOnlyList<ResourceSpans> Received => [.. _received];

    public IReadOnlyList<Span> Spans => [.. Received.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)];

    /// <summary>The bodies of requests with logs.</summary>
    public IReadOnlyList<byte[]> Logs => [.. _logs];

    /// <summary>Method, path and content type of every request.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <param name="hangs">Whether it takes requests and never answers.</param>
    public static Task<OtlpReceiver> StartAsync(bool hangs = false) => StartAsync(new OtlpReceiver(hangs));

    public Span Span(string name) => Spans.Where(span => span.Name == name).ToArray() is [var only]
        ? only
        : throw new ShouldAssertException(
        $"There should be one span '{name}'; received: {string.Join(", ", Spans.Select(span => span.Name))}");

    /// <summary>Waits until a request has arrived, answered or not.</summary>
    public async Task WaitForRequestAsync() => (await _arrived.WaitAsync(TimeSpan.FromMinutes(2))).ShouldBeTrue("no request arrived");

    public override async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await base.DisposeAsync();
        _closing.Dispose();
        _arrived.Dispose();
        Check(Received);
    }

    protected override async Task AnswerAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType}");
        (byte[] bytes, bool isPacked) = await ReadAsync(context);
        _arrived.Release();
        if (_hangs)
        {
            await Task.Delay(Timeout.Infinite, _closing.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        isPacked.ShouldBeFalse("compressed messages are not expected");
        if (context.Request.Path.Value!.Contains("logs", StringComparison.OrdinalIgnoreCase))
            _logs.Enqueue(bytes);
        if (context.Request.Path.Value is not ("/v1/metrics" or "/v1/logs"
            or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" or "/opentelemetry.proto.collector.logs.v1.LogsService/Export"))
        {
            foreach (ResourceSpans spans in ExportTraceServiceRequest.Parser.ParseFrom(bytes).ResourceSpans)
                _received.Enqueue(spans);
        }

        await AcceptAsync(context);
    }

    // The core's tests compare all spans with the conventions.
    static partial void Check(IReadOnlyList<ResourceSpans> received);
}

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Otlp;

/// <summary>
/// A collector on the loopback address that speaks OTLP/HTTP and OTLP/gRPC and decodes what it gets with OTLP's own schema.
/// </summary>
internal sealed partial class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ResourceSpans> _received = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<byte[]> _logs = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly CancellationTokenSource _closing = new();
    private readonly bool _hangs;

    private OtlpReceiver(bool hangs)
    {
        _hangs = hangs;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What to set <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to for <c>http/protobuf</c>.</summary>
    public Uri HttpEndpoint { get; private set; } = null!;

    /// <summary>What to set <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> to for <c>grpc</c>.</summary>
    public Uri GrpcEndpoint { get; private set; } = null!;

    public IReadOnlyList<ResourceSpans> Received => [.. _received];

    public IReadOnlyList<Span> Spans => [.. Received.SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)];

    /// <summary>The bodies of requests with logs.</summary>
    public IReadOnlyList<byte[]> Logs => [.. _logs];

    /// <summary>Method, path and content type of every request.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <param name="hangs">Whether it takes requests and never answers.</param>
    public static async Task<OtlpReceiver> StartAsync(bool hangs = false)
    {
        OtlpReceiver receiver = new(hangs);
        await receiver._app.StartAsync();
        Uri[] addresses = [.. receiver._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
        receiver.HttpEndpoint = addresses[0];
        receiver.GrpcEndpoint = addresses[1];
        return receiver;
    }

    public Span Span(string name) => Spans.Where(span => span.Name == name).ToArray() is [var only]
        ? only
        : throw new ShouldAssertException(
        $"There should be one span '{name}'; received: {string.Join(", ", Spans.Select(span => span.Name))}");

    /// <summary>Waits until a request has arrived, answered or not.</summary>
    public async Task WaitForRequestAsync() => (await _arrived.WaitAsync(TimeSpan.FromMinutes(2))).ShouldBeTrue("no request arrived");

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.DisposeAsync();
        _closing.Dispose();
        _arrived.Dispose();
        Check(Received);
    }

    // The core's tests compare all spans with the conventions.
    static partial void Check(IReadOnlyList<ResourceSpans> received);

    private async Task AnswerAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Method} {context.Request.Path} {context.Request.ContentType}");
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        _arrived.Release();
        if (_hangs)
        {
            await Task.Delay(Timeout.Infinite, _closing.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            context.Abort();
            return;
        }

        byte[] bytes = body.ToArray();
        bool grpc = context.Request.ContentType == "application/grpc";
        if (grpc)
        {
            bytes[0].ShouldBe((byte)0, "compressed messages are not expected");
            bytes = bytes.AsSpan(5, (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(1))).ToArray();
        }

        if (context.Request.Path.Value!.Contains("logs", StringComparison.OrdinalIgnoreCase))
            _logs.Enqueue(bytes);
        if (context.Request.Path.Value is not ("/v1/metrics" or "/v1/logs"
            or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" or "/opentelemetry.proto.collector.logs.v1.LogsService/Export"))
        {
            foreach (ResourceSpans spans in ExportTraceServiceRequest.Parser.ParseFrom(bytes).ResourceSpans)
                _received.Enqueue(spans);
        }

        context.Response.ContentType = context.Request.ContentType;
        if (grpc)
        {
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}

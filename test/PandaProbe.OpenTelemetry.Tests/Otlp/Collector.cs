using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Otlp;

/// <summary>
/// Answers as OpenTelemetry's collector does: over gRPC it takes 4 MiB and answers RESOURCE_EXHAUSTED beyond, over HTTP it takes 20 MiB and
/// answers 400 beyond. Other answers can be put in front.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    public const int GrpcLimit = 4 * 1024 * 1024;
    public const int HttpLimit = 20 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly ConcurrentQueue<(long Bytes, int Spans, bool Taken)> _requests = new();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _scripted = new();

    private Collector()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri HttpEndpoint { get; private set; } = null!;

    public Uri GrpcEndpoint { get; private set; } = null!;

    /// <summary>Whether every request that no script answers gets 503.</summary>
    public bool IsDown { get; set; }

    public bool KeepsSpans { get; init; } = true;

    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <summary>Every request: how large it was, how many spans it had, and whether it was taken.</summary>
    public IReadOnlyList<(long Bytes, int Spans, bool Taken)> Requests => [.. _requests];

    public static async Task<Collector> StartAsync(bool keepsSpans = true)
    {
        Collector collector = new() { KeepsSpans = keepsSpans };
        await collector._app.StartAsync();
        Uri[] addresses = [.. collector._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address))];
        collector.HttpEndpoint = addresses[0];
        collector.GrpcEndpoint = addresses[1];
        return collector;
    }

    public void NextAnswers(Func<HttpContext, Task> answer, int times = 1)
    {
        for (int i = 0; i < times; i++)
            _scripted.Enqueue(answer);
    }

    /// <summary>Answers the next request over HTTP.</summary>
    public void Next(int status, string? retryAfter = null, byte[]? body = null, int times = 1) => NextAnswers(
        async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/x-protobuf";
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            await context.Response.Body.WriteAsync(body ?? []);
        }, times);

    /// <summary>Answers the next request over gRPC.</summary>
    public void NextGrpc(int status, string message = "", byte[]? details = null) => NextAnswers(context =>
    {
        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", status.ToString());
        context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(message));
        if (details is not null)
            context.Response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(details).TrimEnd('='));
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream buffer = new();
        await context.Request.Body.CopyToAsync(buffer);
        bool isGrpc = context.Request.ContentType == "application/grpc";
        byte[] body = buffer.ToArray();
        bool isPacked = isGrpc ? body[0] == 1 : context.Request.Headers.ContentEncoding == "gzip";
        if (isGrpc)
            body = body.AsSpan(5, (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1))).ToArray();
        if (isPacked)
            body = Unpack(body);

        if (_scripted.TryDequeue(out Func<HttpContext, Task>? scripted))
        {
            _requests.Enqueue((body.Length, 0, false));
            await scripted(context);
            return;
        }

        bool isTooLarge = body.Length > (isGrpc ? GrpcLimit : HttpLimit);
        if (isTooLarge || IsDown)
        {
            _requests.Enqueue((body.Length, 0, false));
            await RefuseAsync(context, isGrpc, body.Length);
            return;
        }

        Span[] spans = [.. ExportTraceServiceRequest.Parser.ParseFrom(body).ResourceSpans
            .SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans)];
        _requests.Enqueue((body.Length, spans.Length, true));
        foreach (Span span in spans)
            _spans.Enqueue(KeepsSpans ? span : new() { Name = span.Name, SpanId = span.SpanId });

        context.Response.ContentType = context.Request.ContentType;
        if (isGrpc)
        {
            await context.Response.Body.WriteAsync(new byte[5]);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }

    private async Task RefuseAsync(HttpContext context, bool isGrpc, int length)
    {
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", IsDown ? "14" : "8");
            context.Response.AppendTrailer(
                "grpc-message", IsDown ? "shutting down" : $"grpc: received message larger than max ({length} vs. {GrpcLimit})");
            return;
        }

        context.Response.StatusCode = IsDown ? 503 : 400;
        context.Response.ContentType = "application/x-protobuf";
        await context.Response.Body.WriteAsync(IsDown ? [] : RpcStatus(3, "http: request body too large"));
    }

    /// <summary>A <c>google.rpc.Status</c>, with a <c>RetryInfo</c> if a delay is given.</summary>
    public static byte[] RpcStatus(int code, string message, TimeSpan? retryAfter = null)
    {
        using MemoryStream bytes = new();
        using CodedOutputStream output = new(bytes);
        output.WriteTag(1, WireFormat.WireType.Varint);
        output.WriteInt32(code);
        output.WriteTag(2, WireFormat.WireType.LengthDelimited);
        output.WriteString(message);
        if (retryAfter is { } delay)
        {
            var duration = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(delay);
            Google.Protobuf.WellKnownTypes.Any any = new()
            {
                TypeUrl = "type.googleapis.com/google.rpc.RetryInfo",
                Value = ByteString.CopyFrom([10, (byte)duration.CalculateSize(), .. duration.ToByteArray()]),
            };
            output.WriteTag(3, WireFormat.WireType.LengthDelimited);
            output.WriteMessage(any);
        }

        output.Flush();
        return bytes.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using MemoryStream unpacked = new();
        using (GZipStream zip = new(new MemoryStream(packed), CompressionMode.Decompress))
            zip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}

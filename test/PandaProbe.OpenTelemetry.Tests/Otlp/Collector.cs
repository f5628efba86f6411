using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Otlp;

/// <summary>
/// Answers as OpenTelemetry's collector does: over gRPC it takes 4 MiB and answers RESOURCE_EXHAUSTED beyond, over HTTP it takes 20 MiB and
/// answers 400 beyond. Other answers can be put in front.
/// </summary>
internal sealed class Collector : OtlpServer
{
    public const int GrpcLimit = 4 * 1024 * 1024;
    public const int HttpLimit = 20 * 1024 * 1024;

    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly ConcurrentQueue<(long Bytes, int Spans, bool Taken)> _requests = new();
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _scripted = new();

    private Collector()
    {
    }

    /// <summary>Whether every request that no script answers gets 503.</summary>
    public bool IsDown { get; set; }

    public bool KeepsSpans { get; init; } = true;

    public IReadOnlyList<Span> Spans => [.. _spans];

    /// <summary>Every request: how large it was, how many spans it had, and whether it was taken.</summary>
    public IReadOnlyList<(long Bytes, int Spans, bool Taken)> Requests => [.. _requests];

    public static Task<Collector> StartAsync(bool keepsSpans = true) => StartAsync(new Collector { KeepsSpans = keepsSpans });

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

    protected override async Task AnswerAsync(HttpContext context)
    {
        (byte[] body, _) = await ReadAsync(context);
        bool isGrpc = IsGrpc(context);
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

        await AcceptAsync(context);
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
}

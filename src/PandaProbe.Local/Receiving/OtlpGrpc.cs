using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving;

/// <summary>
/// OTLP over gRPC, as far as a unary call goes: a frame of five bytes and a message each way over HTTP/2, and the status in the trailers.
/// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
/// </summary>
internal sealed class OtlpGrpc(OtlpIntake intake)
{
    private const int FrameHeader = 5;
    private const int Ok = 0;
    private const int InvalidArgument = 3;
    private const int ResourceExhausted = 8;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-accept-encoding"] = "identity,gzip";
        if (!context.Request.ContentType.AsSpan().StartsWith("application/grpc"))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        (int status, string? reason, IMessage? answer) = await AnswerAsync(context);
        if (answer is not null)
            await WriteAsync(context.Response, answer);
        if (status == Unavailable)
            context.Response.AppendTrailer("grpc-retry-pushback-ms", "1000");
        context.Response.AppendTrailer("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (reason is not null)
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(reason));
    }

    private async Task<(int Status, string? Reason, IMessage? Answer)> AnswerAsync(HttpContext context)
    {
        try
        {
            switch (context.Request.Path.Value)
            {
                case "/opentelemetry.proto.collector.trace.v1.TraceService/Export":
                    return await TracesAsync(context);
                case "/opentelemetry.proto.collector.logs.v1.LogsService/Export":
                    return await LogsAsync(context);
                case "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export":
                    // Metrics are not shown. An exporter that is refused would log an error every minute.
                    return (Ok, null, new ExportLogsServiceResponse());
                default:
                    return (Unimplemented, $"There is no {context.Request.Path}.", null);
            }
        }
        catch (BodyTooLargeException exception)
        {
            return (ResourceExhausted, exception.Message, null);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            return (InvalidArgument, exception.Message, null);
        }
        catch (Exception exception) when (exception is StoreBusyException or SqliteException)
        {
            return (Unavailable, exception.Message, null);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or IOException))
        {
            return (Internal, exception.Message, null);
        }
    }

    private async Task<(int, string?, IMessage?)> TracesAsync(HttpContext context)
    {
        using Body message = await ReadAsync(context);
        Rejection rejection = await intake.TakeAsync(message.Memory, message.Length);
        ExportTraceServiceResponse answer = new();
        if (rejection.Count > 0)
            answer.PartialSuccess = new() { RejectedSpans = rejection.Count, ErrorMessage = rejection.Reason };
        return (Ok, null, answer);
    }

    private async Task<(int, string?, IMessage?)> LogsAsync(HttpContext context)
    {
        using Body message = await ReadAsync(context);
        await intake.TakeAsync(ExportLogsServiceRequest.Parser.ParseFrom(message.Span), message.Length);
        return (Ok, null, new ExportLogsServiceResponse());
    }

    /// <summary>Returns the message without its frame, unpacked.</summary>
    private async Task<Body> ReadAsync(HttpContext context)
    {
        if (!intake.Store.HasRoom(context.Request.ContentLength ?? 0))
            throw new StoreBusyException("The store is behind. Come back in a second.");

        Body body = await Body.ReadAsync(context.Request, context.RequestAborted);
        try
        {
            ReadOnlyMemory<byte> frame = body.Memory;
            if (frame.Length < FrameHeader || BinaryPrimitives.ReadUInt32BigEndian(frame.Span[1..]) != (uint)(frame.Length - FrameHeader))
                throw new InvalidDataException("The body is not one gRPC message.");
            if (frame.Span[0] == 0)
            {
                body.Skip(FrameHeader);
                return body;
            }

            if (context.Request.Headers["grpc-encoding"] != "gzip")
                throw new InvalidDataException($"grpc-encoding '{context.Request.Headers["grpc-encoding"]}' is not known here; gzip is.");

            var unpacked = Body.Unpack(frame[FrameHeader..]);
            body.Dispose();
            return unpacked;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private static async Task WriteAsync(HttpResponse response, IMessage message)
    {
        byte[] frame = new byte[FrameHeader + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - FrameHeader);
        message.WriteTo(frame.AsSpan(FrameHeader));
        await response.Body.WriteAsync(frame);
    }
}

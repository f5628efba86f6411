using System.Text.Json;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Receiving;

/// <summary>OTLP over HTTP, as protobuf and as JSON. https://opentelemetry.io/docs/specs/otlp/#otlphttp</summary>
internal sealed class OtlpHttp(OtlpIntake intake)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    public Task TracesAsync(HttpContext context) => HandleAsync(context, async body =>
    {
        Rejection rejection = await (body.IsJson
            ? intake.TakeAsync(OtlpJson.ReadTraces(body.Body.Memory), body.Body.Length)
            : intake.TakeAsync(body.Body.Memory, body.Body.Length));
        ExportTraceServiceResponse answer = new();
        if (rejection.Count > 0)
            answer.PartialSuccess = new() { RejectedSpans = rejection.Count, ErrorMessage = rejection.Reason };
        return (answer, rejection);
    });

    public Task LogsAsync(HttpContext context) => HandleAsync(context, async body =>
    {
        ExportLogsServiceRequest request = body.IsJson
            ? OtlpJson.ReadLogs(body.Body.Memory) : ExportLogsServiceRequest.Parser.ParseFrom(body.Body.Span);
        return (new ExportLogsServiceResponse(), await intake.TakeAsync(request, body.Body.Length));
    });

    /// <summary>Metrics are not shown. An exporter that is refused would log an error every minute.</summary>
    public Task MetricsAsync(HttpContext context) =>
        HandleAsync(context, static _ => Task.FromResult<(IMessage, Rejection)>((new ExportLogsServiceResponse(), default)));

    private async Task HandleAsync(HttpContext context, Func<(Body Body, bool IsJson), Task<(IMessage Answer, Rejection Rejection)>> take)
    {
        string type = context.Request.ContentType?.Split(';')[0].Trim() ?? "";
        bool isJson = type.Equals(Json, StringComparison.OrdinalIgnoreCase);
        if (!isJson && !type.Equals(Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            await FailAsync(context, isJson: true, StatusCodes.Status415UnsupportedMediaType, 3,
                $"Content-Type '{type}' is not {Protobuf} or {Json}.");
            return;
        }

        try
        {
            if (!intake.Store.HasRoom(context.Request.ContentLength ?? 0))
                throw new StoreBusyException("The store is behind. Come back in a second.");

            using Body body = await Body.ReadAsync(context.Request, context.RequestAborted);
            (IMessage answer, Rejection rejection) = await take((body, isJson));
            await WriteAsync(context, isJson, StatusCodes.Status200OK, answer, isJson ? PartialSuccess(rejection) : null);
        }
        catch (BodyTooLargeException exception)
        {
            await FailAsync(context, isJson, StatusCodes.Status413PayloadTooLarge, 8, exception.Message);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException or JsonException)
        {
            await FailAsync(context, isJson, StatusCodes.Status400BadRequest, 3, exception.Message);
        }
        catch (Exception exception) when (exception is StoreBusyException or SqliteException)
        {
            context.Response.Headers.RetryAfter = "1";
            await FailAsync(context, isJson, StatusCodes.Status503ServiceUnavailable, 14, exception.Message);
        }
    }

    private static string PartialSuccess(Rejection rejection) => rejection.Count == 0
        ? "{}"
        : $$$"""{"partialSuccess":{"rejectedSpans":"{{{rejection.Count}}}","errorMessage":{{{Text(rejection.Reason)}}}}}""";

    /// <summary>Answers with a <c>google.rpc.Status</c>, as the specification asks for.</summary>
    private static Task FailAsync(HttpContext context, bool isJson, int status, int code, string message)
    {
        if (isJson)
            return WriteAsync(context, true, status, null, $$"""{"code":{{code}},"message":{{Text(message)}}}""");

        // The message has the shape of OTLP's own partial success: a number, then a text.
        return WriteAsync(context, false, status, new ExportTracePartialSuccess { RejectedSpans = code, ErrorMessage = message }, null);
    }

    private static async Task WriteAsync(HttpContext context, bool isJson, int status, IMessage? message, string? json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = isJson ? Json : Protobuf;
        byte[] bytes = isJson ? System.Text.Encoding.UTF8.GetBytes(json!) : message.ToByteArray();
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes);
    }

    private static string Text(string? text) => $"\"{JsonEncodedText.Encode(text ?? "")}\"";
}

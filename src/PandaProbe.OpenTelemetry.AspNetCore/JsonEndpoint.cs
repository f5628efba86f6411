using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PandaProbe.AspNetCore;

/// <summary>Answers a request in JSON with JSON.</summary>
/// <typeparam name="T">What the answer is written from.</typeparam>
internal abstract class JsonEndpoint<T>(int maxBodySize)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType() || !IsUtf8(context.Request))
        {
            await Problem.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send the request as application/json, in UTF-8.")
                .ConfigureAwait(false);
            return;
        }

        PipeReader body = context.Request.BodyReader;
        ReadOnlySequence<byte>? whole;
        try
        {
            whole = context.Request.ContentLength > maxBodySize
                ? null : await ReadAsync(body, context.RequestAborted).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception)
        {
            // The body exceeds the server's limit, or its chunks are malformed.
            await Problem.WriteAsync(context, exception.StatusCode, exception.Message).ConfigureAwait(false);
            return;
        }

        if (whole is not { } read)
        {
            await Problem.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, $"A request may have {maxBodySize} bytes at most.")
                .ConfigureAwait(false);
            return;
        }

        (T? Result, int Status, string? Fault) answer = Answer(read);
        body.AdvanceTo(read.End);
        if (answer.Fault is not null)
            await Problem.WriteAsync(context, answer.Status, answer.Fault).ConfigureAwait(false);
        else
            await WriteAsync(context, answer.Result!).ConfigureAwait(false);
    }

    // RFC 8259 requires UTF-8. A body in another encoding would be misread.
    private static bool IsUtf8(HttpRequest request)
    {
        StringSegment charset = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type)
            ? HeaderUtilities.RemoveQuotes(type.Charset) : default;
        return StringSegment.IsNullOrEmpty(charset)
            || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase);
    }

    // Returns null when the body is too long.
    private async Task<ReadOnlySequence<byte>?> ReadAsync(PipeReader body, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult result = await body.ReadAsync(cancellation).ConfigureAwait(false);
            if (result.Buffer.Length > maxBodySize)
            {
                body.AdvanceTo(result.Buffer.Start);
                return null;
            }

            if (result.IsCompleted)
                return result.Buffer;
            body.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private (T? Result, int Status, string? Fault) Answer(ReadOnlySequence<byte> body)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(WithoutByteOrderMark(body));
        }
        catch (JsonException exception)
        {
            return (default, StatusCodes.Status400BadRequest, $"The request is not JSON: {exception.Message}");
        }

        using (document)
        {
            try
            {
                return (Answer(document.RootElement), StatusCodes.Status200OK, null);
            }
            catch (JsonException exception)
            {
                return (default, StatusCodes.Status422UnprocessableEntity, exception.Message);
            }
            catch (InvalidOperationException)
            {
                // The JSON is valid, but a string in it is invalid UTF-8 or has an unpaired surrogate.
                return (default, StatusCodes.Status400BadRequest, "The request holds a text that is not valid Unicode.");
            }
        }
    }

    private static ReadOnlySequence<byte> WithoutByteOrderMark(ReadOnlySequence<byte> body)
    {
        SequenceReader<byte> reader = new(body);
        reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true);
        return reader.UnreadSequence;
    }

    /// <summary>Gets what to answer to a request.</summary>
    /// <exception cref="JsonException">The request has not the form that the endpoint takes. The message says which it takes.</exception>
    protected abstract T Answer(JsonElement request);

    protected abstract void Write(Utf8JsonWriter writer, T result);

    private async Task WriteAsync(HttpContext context, T result)
    {
        context.Response.ContentType = "application/json";
        using (Utf8JsonWriter writer = new(context.Response.BodyWriter))
        {
            writer.WriteStartObject();
            Write(writer, result);
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}

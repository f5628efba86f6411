using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using PandaProbe.Metrics;
using PandaProbe.Runtime;
using PandaProbe.Tokenization;

namespace PandaProbe.AspNetCore;

/// <summary>Counts the tokens of a prompt.</summary>
internal sealed class TokenCountingEndpoint(int maxBodySize)
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

        (TokenCount Count, int Status, string? Fault) answer = Answer(read);
        body.AdvanceTo(read.End);
        if (answer.Fault is not null)
            await Problem.WriteAsync(context, answer.Status, answer.Fault).ConfigureAwait(false);
        else
            await WriteAsync(context, answer.Count).ConfigureAwait(false);
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

    private static (TokenCount Count, int Status, string? Fault) Answer(ReadOnlySequence<byte> body)
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
                return Count(document.RootElement);
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

    private static (TokenCount Count, int Status, string? Fault) Count(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
            throw new JsonException("The request must be an object.");
        if (!request.TryGetProperty("prompt", out JsonElement prompt))
            throw new JsonException("'prompt' is missing: a string, or an array of messages.");

        string? model = null;
        if (request.TryGetProperty("model", out JsonElement named) && named.ValueKind != JsonValueKind.Null)
            model = named.ValueKind == JsonValueKind.String ? named.GetString() : throw new JsonException("'model' must be a string.");
        return (Replaced(prompt, model) ?? TokenCounter.Count(prompt, model), StatusCodes.Status200OK, null);
    }

    // Returns the count of PandaProbeOptions.TokenCounter. Returns null when none is set, or when the prompt holds more than strings. The
    // built-in counter then reports errors in the prompt.
    private static TokenCount? Replaced(JsonElement prompt, string? model)
    {
        if (ProcessSettings.Current.TokenCounter is null)
            return null;
        if (prompt.ValueKind == JsonValueKind.String)
            return TokenCounting.Count(prompt.GetString(), model);
        return MessagesOf(prompt) is { } messages ? TokenCounting.Count(messages, model) : null;
    }

    private static ProbeMessage[]? MessagesOf(JsonElement prompt)
    {
        if (prompt.ValueKind != JsonValueKind.Array)
            return null;

        List<ProbeMessage> messages = [];
        foreach (JsonElement message in prompt.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Object
                || (message.TryGetProperty("name", out JsonElement name) && name.ValueKind != JsonValueKind.Null)
                || !message.TryGetProperty("role", out JsonElement role)
                || role.ValueKind != JsonValueKind.String
                || TextOf(message) is not { } text)
            {
                return null;
            }

            messages.Add(new(role.GetString()!, text));
        }

        return [.. messages];
    }

    private static string? TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null)
            return "";
        if (content.ValueKind != JsonValueKind.Array)
            return content.ValueKind == JsonValueKind.String ? content.GetString() : null;

        StringBuilder text = new();
        foreach (JsonElement part in content.EnumerateArray())
        {
            JsonElement piece = part;
            if (part.ValueKind == JsonValueKind.Object && (!IsText(part) || !part.TryGetProperty("text", out piece)))
                return null;
            if (piece.ValueKind != JsonValueKind.String)
                return null;

            text.Append(piece.GetString());
        }

        return text.ToString();
    }

    private static bool IsText(JsonElement part) =>
        part.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String
            && type.GetString() is "text" or "input_text" or "output_text";

    private static async Task WriteAsync(HttpContext context, TokenCount count)
    {
        context.Response.ContentType = "application/json";
        Write(context.Response.BodyWriter, count);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static void Write(PipeWriter body, TokenCount count)
    {
        using Utf8JsonWriter writer = new(body);
        writer.WriteStartObject();
        writer.WriteNumber("tokens"u8, count.Tokens);
        writer.WriteString("method"u8, count.Method switch
        {
            TokenCountMethod.Tiktoken => "tiktoken"u8,
            TokenCountMethod.Estimated => "estimated"u8,
            _ => "unspecified"u8,
        });
        writer.WriteEndObject();
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PandaProbe.Tokenization;
using PandaProbe.Usage;

namespace PandaProbe.AspNetCore;

/// <summary>Answers how many tokens a prompt has.</summary>
internal sealed class TokenCountingEndpoint(int maxBodySize)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!context.Request.HasJsonContentType())
        {
            await Problem.WriteAsync(context, StatusCodes.Status415UnsupportedMediaType, "Send the request as application/json.").ConfigureAwait(false);
            return;
        }

        PipeReader body = context.Request.BodyReader;
        if (context.Request.ContentLength > maxBodySize || await ReadAsync(body, context.RequestAborted).ConfigureAwait(false) is not { } read)
        {
            await Problem.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, $"A request may have {maxBodySize} bytes at most.").ConfigureAwait(false);
            return;
        }

        (TokenCount Count, int Status, string? Fault) answer = Answer(read);
        body.AdvanceTo(read.End);
        if (answer.Fault is not null)
            await Problem.WriteAsync(context, answer.Status, answer.Fault).ConfigureAwait(false);
        else
            await WriteAsync(context, answer.Count).ConfigureAwait(false);
    }

    // The whole body, or null when it is too long.
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
            document = JsonDocument.Parse(body);
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
                // The syntax is right, but a text is not: bytes that are no UTF-8, or half of a surrogate pair.
                return (default, StatusCodes.Status400BadRequest, "The request holds a text that is not valid Unicode.");
            }
        }
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
        return (Count(prompt, model), StatusCodes.Status200OK, null);
    }

    private static TokenCount Count(JsonElement prompt, string? model)
    {
        // Also says what is wrong with a prompt, and counts what a counter of texts cannot.
        TokenCount count = TokenCounter.Count(prompt, model);
        if (TokenCounting.Replacement.Current is null)
            return count;
        if (prompt.ValueKind == JsonValueKind.String)
            return TokenCounting.Count(prompt.GetString(), model) ?? count;
        return MessagesOf(prompt) is { } messages ? TokenCounting.Count(messages, model) ?? count : count;
    }

    // Null when there is more to them than roles and texts.
    private static ProbeMessage[]? MessagesOf(JsonElement prompt)
    {
        List<ProbeMessage> messages = [];
        foreach (JsonElement message in prompt.EnumerateArray())
        {
            string? text = message.TryGetProperty("content", out JsonElement content) ? TextOf(content) : "";
            if (text is null || message.TryGetProperty("name", out _))
                return null;

            messages.Add(new(message.TryGetProperty("role", out JsonElement role) ? role.GetString() ?? "" : "", text));
        }

        return [.. messages];
    }

    private static string? TextOf(JsonElement content)
    {
        if (content.ValueKind != JsonValueKind.Array)
            return content.GetString() ?? "";

        StringBuilder text = new();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
                text.Append(part.GetString());
            else if (part.TryGetProperty("text", out JsonElement known))
                text.Append(known.GetString());
            else
                return null;
        }

        return text.ToString();
    }

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

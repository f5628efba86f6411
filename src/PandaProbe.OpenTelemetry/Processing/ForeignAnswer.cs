using System.Text.Json;
using PandaProbe.Runtime;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// The output messages of another library, with the finish reason that the library left out. Some backends drop all messages without it.
/// The text is made when somebody reads it.
/// </summary>
internal sealed class ForeignAnswer(string json, string finishReason) : ContentValue
{
    public const string FinishReasonProperty = "finish_reason";

    public override long Length => json.Length;

    public override object Applied(ContentPolicy policy, string field) => new ForeignAnswer(policy.ApplyToJson(json, field), finishReason);

    public override void WriteTo(Utf8JsonWriter writer)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            writer.WriteStringValue(json);
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                writer.WriteRawValue(json, skipInputValidation: true);
                return;
            }

            writer.WriteStartArray();
            foreach (JsonElement message in document.RootElement.EnumerateArray())
                Write(writer, message);
            writer.WriteEndArray();
        }
    }

    /// <summary>The reasoning in the messages, or null.</summary>
    public static string? ReasoningIn(string json)
    {
        if (!json.Contains("\"reasoning\"", StringComparison.Ordinal))
            return null;

        try
        {
            using var document = JsonDocument.Parse(json);
            List<string> texts = [];
            foreach (JsonElement message in document.RootElement.EnumerateArray())
            {
                if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("parts", out JsonElement parts)
                    || parts.ValueKind != JsonValueKind.Array)
                {
                    continue;
                }

                foreach (JsonElement part in parts.EnumerateArray())
                {
                    if (part.ValueKind == JsonValueKind.Object
                        && part.TryGetProperty("type", out JsonElement type) && type.ValueEquals("reasoning")
                        && part.TryGetProperty("content", out JsonElement content) && content.ValueKind == JsonValueKind.String)
                    {
                        texts.Add(content.GetString()!);
                    }
                }
            }

            return texts.Count == 0 ? null : string.Join("\n\n", texts);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // The raw JSON stays, because unescaping it may give invalid UTF-16.
    private void Write(Utf8JsonWriter writer, JsonElement message)
    {
        string raw = message.GetRawText();
        if (message.ValueKind == JsonValueKind.Object)
        {
            string comma = message.EnumerateObject().Any() ? "," : "";
            raw = $"{raw[..^1]}{comma}\"{FinishReasonProperty}\":\"{JsonEncodedText.Encode(finishReason)}\"}}";
        }

        writer.WriteRawValue(raw, skipInputValidation: true);
    }
}

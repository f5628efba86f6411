using System.Text.Json;

namespace PandaProbe.Pricing;

/// <summary>Reads the JSON of a price file: <c>{"models": […]}</c>, or only the list.</summary>
internal static class PriceFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="FormatException">The text is not JSON, or not a list of prices.</exception>
    internal static List<ModelPrice> Parse(ReadOnlyMemory<byte> json)
    {
        // Some editors write a byte order mark, and JsonDocument rejects it.
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json[3..];

        try
        {
            // For invalid UTF-8 or UTF-16 in a string, GetString throws InvalidOperationException, not JsonException.
            using var document = JsonDocument.Parse(json, Lenient);
            return PriceEntryParser.Parse(EntriesOf(ModelsOf(document.RootElement)));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException(fault.Message, fault);
        }
    }

    private static JsonElement ModelsOf(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("models", out JsonElement models))
            root = models;
        return root.ValueKind == JsonValueKind.Array ? root : throw new FormatException("there must be a list named 'models'");
    }

    private static IEnumerable<PriceEntry> EntriesOf(JsonElement list)
    {
        foreach (JsonElement element in list.EnumerateArray())
            yield return EntryOf(element);
    }

    private static PriceEntry EntryOf(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException("must be an object");

        var entry = new PriceEntry();
        foreach (JsonProperty property in element.EnumerateObject())
        {
            switch (property.Value.ValueKind)
            {
                case JsonValueKind.Null:
                    break;
                case JsonValueKind.String:
                    entry.Values.Add(new(property.Name, property.Value.GetString()!));
                    break;
                case JsonValueKind.Number:
                    entry.Values.Add(new(property.Name, property.Value.GetRawText()));
                    break;
                case JsonValueKind.Array when PriceEntryParser.Plain(property.Name) == PriceEntryParser.TiersName:
                    entry.Tiers.AddRange(EntriesOf(property.Value));
                    break;
                default:
                    throw new FormatException($"'{property.Name}' must be a number or a text");
            }
        }

        return entry;
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.TestBackend;

/// <summary>A trace as the backend holds it after all upserts.</summary>
public sealed class StoredTrace(Guid id)
{
    public Guid Id => id;

    /// <summary>The fields without the spans: later values that are not null replace earlier ones, metadata merges, tags unite.</summary>
    public JsonObject Fields { get; } = [];

    public ConcurrentDictionary<Guid, JsonElement> Spans { get; } = new();

    /// <summary>How often <c>POST /traces</c> came for this trace.</summary>
    public int Posts { get; set; }

    internal long? AcceptedAt { get; set; }

    public string Name => (string)Fields["name"]!;

    public string Status => (string?)Fields["status"] ?? "COMPLETED";

    public JsonElement Span(string name) => Spans.Values.Single(span => span.GetProperty("name").GetString() == name);

    internal void Merge(JsonElement trace)
    {
        lock (Fields)
        {
            Posts++;
            foreach (JsonProperty property in trace.EnumerateObject())
            {
                if (property.Name == "spans" || property.Value.ValueKind == JsonValueKind.Null)
                    continue;

                if (property.Name == "metadata" && Fields["metadata"] is JsonObject metadata)
                {
                    foreach (JsonProperty entry in property.Value.EnumerateObject())
                        metadata[entry.Name] = JsonNode.Parse(entry.Value.GetRawText());
                }
                else if (property.Name == "tags" && Fields["tags"] is JsonArray tags)
                {
                    foreach (JsonElement tag in property.Value.EnumerateArray())
                    {
                        if (!tags.Any(known => (string?)known == tag.GetString()))
                            tags.Add(tag.GetString());
                    }
                }
                else
                {
                    Fields[property.Name] = JsonNode.Parse(property.Value.GetRawText());
                }
            }
        }
    }
}

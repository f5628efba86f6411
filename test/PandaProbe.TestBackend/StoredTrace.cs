using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.TestBackend;

/// <summary>A trace as the backend holds it after all upserts, in the order in which the worker makes them.</summary>
public sealed class StoredTrace(Guid id)
{
    private readonly List<(long At, JsonElement Document)> _posts = [];
    private JsonObject? _fields;

    public Guid Id => id;

    /// <summary>The fields without the spans: later values that are not null replace earlier ones, metadata merges, tags unite.</summary>
    public JsonObject Fields
    {
        get
        {
            lock (_posts)
                return _fields ??= Merge();
        }
    }

    public ConcurrentDictionary<Guid, JsonElement> Spans { get; } = new();

    /// <summary>How often <c>POST /traces</c> came for this trace.</summary>
    public int Posts
    {
        get
        {
            lock (_posts)
                return _posts.Count;
        }
    }

    public string Name => (string)Fields["name"]!;

    public string Status => (string?)Fields["status"] ?? "COMPLETED";

    public JsonElement Span(string name) => Spans.Values.Single(span => span.GetProperty("name").GetString() == name);

    /// <param name="at">When the worker stores it.</param>
    /// <param name="document">What a <c>POST /traces</c> said.</param>
    internal void Store(long at, JsonElement document)
    {
        lock (_posts)
        {
            int place = _posts.FindIndex(post => post.At > at);
            _posts.Insert(place < 0 ? _posts.Count : place, (at, document));
            _fields = null;
        }
    }

    internal bool IsThere(long now)
    {
        lock (_posts)
            return _posts.Count > 0 && _posts[0].At <= now;
    }

    /// <summary>The fields at a moment; null before the first is stored.</summary>
    internal StoredTrace? At(long now)
    {
        lock (_posts)
        {
            StoredTrace then = new(id);
            then._posts.AddRange(_posts.Where(post => post.At <= now));
            return then._posts.Count > 0 ? then : null;
        }
    }

    private JsonObject Merge()
    {
        JsonObject fields = [];
        foreach ((_, JsonElement document) in _posts)
            Merge(fields, document);
        return fields;
    }

    private static void Merge(JsonObject fields, JsonElement trace)
    {
        foreach (JsonProperty property in trace.EnumerateObject())
        {
            if (property.Name == "spans" || property.Value.ValueKind == JsonValueKind.Null)
                continue;

            if (property.Name == "metadata" && fields["metadata"] is JsonObject metadata)
            {
                foreach (JsonProperty entry in property.Value.EnumerateObject())
                    metadata[entry.Name] = JsonNode.Parse(entry.Value.GetRawText());
            }
            else if (property.Name == "tags" && fields["tags"] is JsonArray tags)
            {
                foreach (JsonElement tag in property.Value.EnumerateArray())
                {
                    if (!tags.Any(known => (string?)known == tag.GetString()))
                        tags.Add(tag.GetString());
                }
            }
            else
            {
                fields[property.Name] = JsonNode.Parse(property.Value.GetRawText());
            }
        }
    }
}

using System.Text.Json;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Transport;

/// <summary>Finds a score among those that PandaProbe has of a trace. PandaProbe has no key against storing a score twice.</summary>
internal static class StoredScores
{
    public static async Task<bool> ContainsAsync(HttpContent list, RequestBody score, CancellationToken cancellation)
    {
        try
        {
            using Stream stream = await list.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
            using JsonDocument stored = await JsonDocument.ParseAsync(stream, default, cancellation).ConfigureAwait(false);
            using var sent = JsonDocument.Parse(score.ToArray());
            return stored.RootElement.ValueKind == JsonValueKind.Array
                && stored.RootElement.EnumerateArray().Any(one => Contains(one, sent.RootElement));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Whether what was sent is in what is stored. The server adds fields, and sorts metadata.</summary>
    private static bool Contains(JsonElement stored, JsonElement sent) => sent.ValueKind == JsonValueKind.Object
        ? stored.ValueKind == JsonValueKind.Object && sent.EnumerateObject().All(
            field => stored.TryGetProperty(field.Name, out JsonElement known) && Contains(known, field.Value))
        : sent.ValueKind == stored.ValueKind && sent.ToString() == stored.ToString();
}

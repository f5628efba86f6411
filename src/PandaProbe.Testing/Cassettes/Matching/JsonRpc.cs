using System.Text.Json;
using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Matching;

/// <summary>Messages of JSON-RPC, which the Model Context Protocol consists of. An answer carries the id of its request, and a client
/// counts its requests, so a recorded answer needs the id of the request that it answers now.</summary>
internal static class JsonRpc
{
    public static JsonNode? Id(JsonNode? message) =>
        message is JsonObject record && record["jsonrpc"] is not null && record["id"] is { } id ? id : null;

    /// <summary>Returns the text of a message with another id, and any other text as it is.</summary>
    public static string WithId(string text, JsonNode recorded, JsonNode current)
    {
        JsonNode? message;
        try
        {
            message = JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return text;
        }

        // The server's own requests, which may come in the same stream, have a method and ids of their own.
        if (Id(message) is not { } id || message!["method"] is not null || !JsonNode.DeepEquals(id, recorded))
            return text;

        message["id"] = current.DeepClone();
        return message.ToJsonString(CassetteJson.Compact);
    }
}

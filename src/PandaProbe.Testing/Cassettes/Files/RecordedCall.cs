using System.Text.Json.Nodes;
using PandaProbe.Testing.Cassettes.Matching;

namespace PandaProbe.Testing.Cassettes.Files;

/// <summary>A call and what came of it, as they stand in the file.</summary>
internal sealed class RecordedCall(JsonNode request, JsonObject response)
{
    public JsonNode Request { get; } = request;

    public JsonObject Response { get; } = response;

    public string Key { get; } = RequestForm.Key(request);
}

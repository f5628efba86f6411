using System.Text.Json.Nodes;

namespace PandaProbe.Testing.Cassettes.Files;

/// <summary>A call whose answer is being recorded.</summary>
internal sealed class OpenRecording(JsonNode request)
{
    private Func<JsonObject>? _makeResponse;
    private RecordedCall? _finished;

    /// <summary>Sets what tells the answer, as far as it is known when it is asked.</summary>
    public void Answer(Func<JsonObject> makeResponse) => Volatile.Write(ref _makeResponse, makeResponse);

    public RecordedCall? Finish() =>
        _finished ??= Volatile.Read(ref _makeResponse) is { } makeResponse ? new(request, makeResponse()) : null;
}

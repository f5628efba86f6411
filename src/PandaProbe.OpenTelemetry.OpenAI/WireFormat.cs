using System.Text.Json;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI;

/// <summary>Reads the JSON of one of OpenAI's endpoints into a call.</summary>
internal abstract class WireFormat
{
    public abstract void ReadRequest(ModelCall call, JsonElement request);

    public abstract void ReadResponse(ModelCall call, JsonElement response);

    /// <summary>Creates a reader of the endpoint's server-sent events.</summary>
    public abstract AnswerReader<JsonElement> NewEventReader(ModelCall call);

    public void ReadRequest(ModelCall call, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        ReadRequest(call, document.RootElement);
    }

    public void ReadResponse(ModelCall call, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        ReadResponse(call, document.RootElement);
    }
}

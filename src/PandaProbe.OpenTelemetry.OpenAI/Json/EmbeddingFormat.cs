using System.Text.Json;
using PandaProbe.Conventions;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads https://platform.openai.com/docs/api-reference/embeddings.</summary>
internal sealed class EmbeddingFormat : WireFormat
{
    public static readonly EmbeddingFormat Instance = new();

    public override void ReadRequest(ModelCall call, JsonElement request)
    {
        call.SetModel(request.Text("model"));
        if (!call.IsRecording)
            return;

        call.SetCount(GenAI.Embeddings.DimensionCount, request.Count("dimensions"));
        switch (request.Get("input"))
        {
            case { ValueKind: JsonValueKind.String } text:
                call.SetTexts([text.GetString()!]);
                break;
            case { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                call.SetTexts([.. list.EnumerateArray().Select(item => item.GetString()!)]);
                break;
        }
    }

    public override void ReadResponse(ModelCall call, JsonElement response)
    {
        call.SetResponse(null, response.Text("model"), null);
        UsageJson.Read(call, response);
        call.SetMetadata("embeddings", response.Items("data").LongCount());
    }

    public override AnswerReader<JsonElement> NewEventReader(ModelCall call) => throw new NotSupportedException();
}

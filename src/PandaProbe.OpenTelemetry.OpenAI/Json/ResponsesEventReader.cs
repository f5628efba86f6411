using System.Text.Json;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads the events of a streamed response.</summary>
internal sealed class ResponsesEventReader(ModelCall call) : ResponseReader<JsonElement>(call)
{
    public override void Add(JsonElement piece)
    {
        switch (piece.Text("type"))
        {
            case "response.completed" or "response.incomplete" or "response.failed" when piece.Get("response") is { } response:
                SetWhole(response);
                break;
            case "response.created" when piece.Get("response") is { } response:
                Id = response.Text("id");
                Model = response.Text("model");
                break;
            case "response.output_text.delta" when WantsContent:
                Answer.AppendText(piece.Text("delta"));
                break;
            case "response.reasoning_summary_text.delta" when WantsContent:
                Answer.AppendReasoning(piece.Text("delta"));
                break;
            case "response.output_item.added" when WantsContent && piece.Get("item") is { } item && item.Text("type") is "function_call":
                Answer.AppendToolCall((int)(piece.Count("output_index") ?? 0), item.Text("call_id"), item.Text("name"), null);
                break;
            case "response.function_call_arguments.delta" when WantsContent:
                Answer.AppendToolCall((int)(piece.Count("output_index") ?? 0), null, null, piece.Text("delta"));
                break;
            case "error":
                Call.SetError(ErrorJson.Type(piece), piece.Text("message"));
                break;
        }
    }
}

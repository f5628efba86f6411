using System.Text.Json;
using PandaProbe.Calls;

namespace PandaProbe.OpenAI.Json;

/// <summary>Puts the chunks of a chat completion together.</summary>
internal sealed class ChatEventReader(ModelCall call) : AnswerReader<JsonElement>(call)
{
    public override void Add(JsonElement piece)
    {
        Id ??= piece.Text("id");
        Model ??= piece.Text("model");
        UsageJson.Read(Call, piece);
        if (piece.Get("error") is { } error)
            Call.SetError(error.Text("code") ?? error.Text("type"), error.Text("message"));
        foreach (JsonElement choice in piece.Items("choices"))
        {
            FinishReason = FinishReasons.Normalise(choice.Text("finish_reason")) ?? FinishReason;
            // Further choices would run into the first one's text.
            if (!WantsContent || choice.Count("index") is > 0 || choice.Get("delta") is not { } delta)
                continue;

            Answer.AppendReasoning(delta.Text("reasoning_content"));
            Answer.AppendText(delta.Text("content"));
            Answer.AppendText(delta.Text("refusal"));
            foreach (JsonElement tool in delta.Items("tool_calls"))
            {
                JsonElement facts = tool.Get("function") ?? default;
                Answer.AppendToolCall((int)(tool.Count("index") ?? 0), tool.Text("id"), facts.Text("name"), facts.Text("arguments"));
            }
        }
    }
}

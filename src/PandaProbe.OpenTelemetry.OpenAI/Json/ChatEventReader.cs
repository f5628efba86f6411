using System.Text.Json;
using PandaProbe.Calls;
using PandaProbe.Content;

namespace PandaProbe.OpenAI.Json;

/// <summary>Puts the chunks of a chat completion together.</summary>
internal sealed class ChatEventReader : EventReader
{
    private readonly AnswerBuilder _answer = new();
    private string? _id;
    private string? _model;
    private string? _finishReason;

    public override void Finish(ModelCall call)
    {
        string? reason = FinishReasons.Normalise(_finishReason);
        call.SetResponse(_id, _model, reason);
        if (call.CapturesContent)
            call.SetOutput(_answer.Build(reason));
    }

    protected override void Add(ModelCall call, JsonElement data)
    {
        _id ??= data.Text("id");
        _model ??= data.Text("model");
        UsageJson.Read(call, data);
        if (data.Get("error") is { } error)
            call.SetError(error.Text("code") ?? error.Text("type"), error.Text("message"));
        foreach (JsonElement choice in data.Items("choices"))
        {
            _finishReason = choice.Text("finish_reason") ?? _finishReason;
            // Further choices would run into the first one's text.
            if (choice.Count("index") is > 0 || choice.Get("delta") is not { } delta)
                continue;

            _answer.AppendReasoning(delta.Text("reasoning_content"));
            _answer.AppendText(delta.Text("content"));
            _answer.AppendText(delta.Text("refusal"));
            foreach (JsonElement tool in delta.Items("tool_calls"))
            {
                JsonElement facts = tool.Get("function") ?? default;
                _answer.AppendToolCall((int)(tool.Count("index") ?? 0), tool.Text("id"), facts.Text("name"), facts.Text("arguments"));
            }
        }
    }
}

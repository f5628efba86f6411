using System.Text.Json;
using PandaProbe.Calls;
using PandaProbe.Content;

namespace PandaProbe.OpenAI.Json;

/// <summary>Follows the events of a response: the last one repeats all of it, and only a stream that breaks before needs the pieces.</summary>
internal sealed class ResponsesEventReader : EventReader
{
    private readonly AnswerBuilder _answer = new();
    private string? _id;
    private string? _model;
    private bool _whole;

    public override void Finish(ModelCall call)
    {
        if (_whole)
            return;

        call.SetResponse(_id, _model, null);
        if (call.CapturesContent)
            call.SetOutput(_answer.Build(null));
    }

    protected override void Add(ModelCall call, JsonElement data)
    {
        switch (data.Text("type"))
        {
            case "response.completed" or "response.incomplete" or "response.failed" when data.Get("response") is { } response:
                _whole = true;
                ResponsesFormat.Instance.ReadResponse(call, response);
                break;
            case "response.created" when data.Get("response") is { } response:
                _id = response.Text("id");
                _model = response.Text("model");
                break;
            case "response.output_text.delta":
                _answer.AppendText(data.Text("delta"));
                break;
            case "response.reasoning_summary_text.delta":
                _answer.AppendReasoning(data.Text("delta"));
                break;
            case "error":
                call.SetError(data.Text("code"), data.Text("message"));
                break;
        }
    }
}

using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Json;

/// <summary>Combines the chunks of a chat completion.</summary>
internal sealed class ChatEventReader(ModelCall call) : AnswerReader<JsonElement>(call)
{
    // The deprecated function_call has no index.
    private const int FunctionCall = -1;

    // With n > 1, the chunks of all choices arrive interleaved in one stream. This list holds the choices after the first.
    private List<Choice>? _further;

    /// <summary>Gets whether the id and the model are known.</summary>
    public bool IsNamed => Id is not null && Model is not null;

    public override void Add(JsonElement piece)
    {
        // Azure's first event has neither id nor model: it holds the results of the prompt's content filter.
        if (piece.Text("id") is { Length: > 0 } id)
            Id ??= id;
        if (piece.Text("model") is { Length: > 0 } model)
            Model ??= model;
        UsageJson.Read(Call, piece);
        if (piece.Get("error") is { } error)
            Call.SetError(ErrorJson.Type(error), error.Text("message"));
        foreach (JsonElement choice in piece.Items("choices"))
        {
            string? reason = FinishReasons.Normalise(choice.Text("finish_reason"));
            AnswerBuilder answer = Answer;
            if (choice.Count("index") is > 0 and { } index)
            {
                Choice further = FurtherAt(index);
                further.FinishReason = reason ?? further.FinishReason;
                answer = further.Answer;
            }
            else
            {
                FinishReason = reason ?? FinishReason;
            }

            if (WantsContent && choice.Get("delta") is { } delta)
                Append(answer, delta);
        }
    }

    /// <summary>Adds a chunk that holds only text of the only choice.</summary>
    public void AddText(string text)
    {
        if (WantsContent)
            Answer.AppendText(text);
    }

    public override void Finish(StreamOutcome outcome)
    {
        if (_further is null)
        {
            base.Finish(outcome);
            return;
        }

        Choice[] choices = [.. _further.Append(new(0, Answer) { FinishReason = FinishReason }).OrderBy(choice => choice.Index)];
        string[] reasons = [.. choices.Select(choice => choice.FinishReason ?? StreamMeasurement.FinishReasonOf(outcome)).OfType<string>()];
        Call.SetResponse(Id, Model, finishReason: null);
        if (reasons.Length > 0)
            Call.Set(GenAI.Response.FinishReasons, reasons);
        Call.SetOutput([.. choices.SelectMany(
            choice => choice.Answer.Build(choice.FinishReason ?? StreamMeasurement.MessageEndOf(outcome)))]);
    }

    private static void Append(AnswerBuilder answer, JsonElement delta)
    {
        // OpenAI has no such field. Compatible servers use these names.
        answer.AppendReasoning(delta.Text("reasoning_content") ?? delta.Text("reasoning"));
        answer.AppendText(delta.Text("content"));
        answer.AppendText(delta.Text("refusal"));
        answer.AppendText(delta.Get("audio")?.Text("transcript"));
        foreach (JsonElement tool in delta.Items("tool_calls"))
        {
            JsonElement facts = tool.Get("function") ?? default;
            answer.AppendToolCall((int)(tool.Count("index") ?? 0), tool.Text("id"), facts.Text("name"), facts.Text("arguments"));
        }

        if (delta.Get("function_call") is { } function)
            answer.AppendToolCall(FunctionCall, id: null, function.Text("name"), function.Text("arguments"));
    }

    private Choice FurtherAt(long index)
    {
        _further ??= [];
        Choice? choice = _further.Find(known => known.Index == index);
        if (choice is null)
            _further.Add(choice = new(index, new(Call.CapturesContent)));
        return choice;
    }

    private sealed class Choice(long index, AnswerBuilder answer)
    {
        public long Index => index;

        public AnswerBuilder Answer => answer;

        public string? FinishReason { get; set; }
    }
}

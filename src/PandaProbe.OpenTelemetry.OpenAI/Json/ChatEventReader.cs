using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Json;

/// <summary>Puts the chunks of a chat completion together.</summary>
internal sealed class ChatEventReader(ModelCall call) : AnswerReader<JsonElement>(call)
{
    // The one call of an older answer, which has no index.
    private const int FunctionCall = -1;

    // Whoever asks for several answers gets them in one stream, piece by piece in any order: those beyond the first.
    private List<Choice>? _further;

    /// <summary>Whether the pieces so far name the answer and its model.</summary>
    public bool IsNamed => Id is not null && Model is not null;

    public override void Add(JsonElement piece)
    {
        // Azure's first event has neither: it holds the results of the prompt's content filter.
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

    /// <summary>A piece that is nothing but text of the only answer.</summary>
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
        Call.SetOutput([.. choices.SelectMany(choice => choice.Answer.Build(choice.FinishReason ?? StreamMeasurement.MessageEndOf(outcome)))]);
    }

    private static void Append(AnswerBuilder answer, JsonElement delta)
    {
        // Not OpenAI's own, but what compatible servers call it.
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

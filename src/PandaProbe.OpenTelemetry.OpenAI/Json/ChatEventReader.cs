using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Json;

/// <summary>Puts the chunks of a chat completion together.</summary>
internal sealed class ChatEventReader(ModelCall call) : AnswerReader<JsonElement>(call)
{
    // Whoever asks for several answers gets them in one stream, piece by piece in any order: those beyond the first.
    private List<Choice>? _further;

    public override void Add(JsonElement piece)
    {
        Id ??= piece.Text("id");
        Model ??= piece.Text("model");
        UsageJson.Read(Call, piece);
        if (piece.Get("error") is { } error)
            Call.SetError(error.Text("code") ?? error.Text("type"), error.Text("message"));
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

    public override void Finish(string? ending)
    {
        if (_further is null)
        {
            base.Finish(ending);
            return;
        }

        Choice[] choices = [.. _further.Append(new(0, Answer) { FinishReason = FinishReason }).OrderBy(choice => choice.Index)];
        string[] reasons = [.. choices.Select(choice => choice.FinishReason ?? ending).OfType<string>()];
        Call.SetResponse(Id, Model, finishReason: null);
        if (reasons.Length > 0)
            Call.Set(GenAI.Response.FinishReasons, reasons);
        Call.SetOutput([.. choices.SelectMany(choice => choice.Answer.Build(choice.FinishReason ?? ending))]);
    }

    private static void Append(AnswerBuilder answer, JsonElement delta)
    {
        answer.AppendReasoning(delta.Text("reasoning_content"));
        answer.AppendText(delta.Text("content"));
        answer.AppendText(delta.Text("refusal"));
        foreach (JsonElement tool in delta.Items("tool_calls"))
        {
            JsonElement facts = tool.Get("function") ?? default;
            answer.AppendToolCall((int)(tool.Count("index") ?? 0), tool.Text("id"), facts.Text("name"), facts.Text("arguments"));
        }
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

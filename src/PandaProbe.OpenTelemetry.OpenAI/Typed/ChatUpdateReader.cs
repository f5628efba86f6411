using OpenAI.Chat;
using PandaProbe.Calls;
using PandaProbe.Content;
using PandaProbe.OpenAI.Streams;

namespace PandaProbe.OpenAI.Typed;

/// <summary>Puts the updates of a chat completion together.</summary>
internal sealed class ChatUpdateReader : UpdateReader<StreamingChatCompletionUpdate>
{
    private readonly AnswerBuilder _answer = new();
    private string? _id;
    private string? _model;
    private ChatFinishReason? _finishReason;

    public override void Finish(ModelCall call)
    {
        string? reason = _finishReason switch
        {
            null => null,
            ChatFinishReason.Stop => FinishReasons.Stop,
            ChatFinishReason.Length => FinishReasons.Length,
            ChatFinishReason.ContentFilter => FinishReasons.ContentFilter,
            _ => FinishReasons.ToolCall,
        };
        call.SetResponse(_id, _model, reason);
        if (call.CapturesContent)
            call.SetOutput(_answer.Build(reason));
    }

    protected override void Add(ModelCall call, StreamingChatCompletionUpdate update)
    {
        _id ??= update.CompletionId;
        _model ??= update.Model;
        _finishReason = update.FinishReason ?? _finishReason;
        if (update.Usage is { } usage)
            SetUsage(call, usage);
        if (!call.CapturesContent)
            return;

        foreach (ChatMessageContentPart part in update.ContentUpdate)
            _answer.AppendText(part.Text ?? part.Refusal);
        _answer.AppendText(update.RefusalUpdate);
        foreach (StreamingChatToolCallUpdate tool in update.ToolCallUpdates)
            _answer.AppendToolCall(tool.Index, tool.ToolCallId, tool.FunctionName, tool.FunctionArgumentsUpdate?.ToString());
    }

    private static void SetUsage(ModelCall call, ChatTokenUsage usage)
    {
        CallUsage counts = new()
        {
            Input = usage.InputTokenCount,
            Output = usage.OutputTokenCount,
            CacheRead = usage.InputTokenDetails?.CachedTokenCount,
            Reasoning = usage.OutputTokenDetails?.ReasoningTokenCount,
        };
        counts.Add("audio_input_tokens", usage.InputTokenDetails?.AudioTokenCount ?? 0);
        counts.Add("audio_output_tokens", usage.OutputTokenDetails?.AudioTokenCount ?? 0);
        counts.Add("accepted_prediction_tokens", usage.OutputTokenDetails?.AcceptedPredictionTokenCount ?? 0);
        counts.Add("rejected_prediction_tokens", usage.OutputTokenDetails?.RejectedPredictionTokenCount ?? 0);
        call.SetUsage(counts);
    }
}

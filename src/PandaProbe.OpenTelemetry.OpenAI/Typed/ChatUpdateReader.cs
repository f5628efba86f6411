using OpenAI.Chat;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Typed;

/// <summary>Puts the updates of a chat completion together.</summary>
internal sealed class ChatUpdateReader(ModelCall call) : AnswerReader<StreamingChatCompletionUpdate>(call)
{
    public override void Add(StreamingChatCompletionUpdate piece)
    {
        Id ??= piece.CompletionId;
        Model ??= piece.Model;
        if (piece.FinishReason is { } reason)
            FinishReason = Name(reason);
        if (piece.Usage is { } usage)
            SetUsage(Call, usage);
        if (!WantsContent)
            return;

        foreach (ChatMessageContentPart part in piece.ContentUpdate)
            Answer.AppendText(part.Text ?? part.Refusal);
        Answer.AppendText(piece.RefusalUpdate);
        foreach (StreamingChatToolCallUpdate tool in piece.ToolCallUpdates)
            Answer.AppendToolCall(tool.Index, tool.ToolCallId, tool.FunctionName, tool.FunctionArgumentsUpdate?.ToString());
    }

    private static string Name(ChatFinishReason reason) => reason switch
    {
        ChatFinishReason.Stop => FinishReasons.Stop,
        ChatFinishReason.Length => FinishReasons.Length,
        ChatFinishReason.ContentFilter => FinishReasons.ContentFilter,
        _ => FinishReasons.ToolCall,
    };

    private static void SetUsage(ModelCall call, ChatTokenUsage usage)
    {
        call.SetUsage(TokenUsage.Inclusive(
            input: usage.InputTokenCount,
            output: usage.OutputTokenCount,
            cacheRead: usage.InputTokenDetails?.CachedTokenCount,
            reasoning: usage.OutputTokenDetails?.ReasoningTokenCount,
            audioInput: ModelCall.UnlessZero(usage.InputTokenDetails?.AudioTokenCount),
            audioOutput: ModelCall.UnlessZero(usage.OutputTokenDetails?.AudioTokenCount)));
        call.SetOtherUsage("accepted_prediction_tokens", usage.OutputTokenDetails?.AcceptedPredictionTokenCount);
        call.SetOtherUsage("rejected_prediction_tokens", usage.OutputTokenDetails?.RejectedPredictionTokenCount);
    }
}

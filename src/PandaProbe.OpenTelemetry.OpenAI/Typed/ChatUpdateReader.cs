using OpenAI.Chat;
using PandaProbe.Conventions;
using PandaProbe.Export.Sending;
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

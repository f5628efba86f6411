using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.AI;

/// <summary>Sets request options as tags. Options that could carry secrets are left out.</summary>
internal static class RequestTags
{
    public static void Set(ModelCall call, ChatOptions options)
    {
        call.SetConversation(options.ConversationId);
        SetNumber(call, GenAI.Request.Temperature, options.Temperature);
        SetNumber(call, GenAI.Request.TopP, options.TopP);
        SetNumber(call, GenAI.Request.TopK, options.TopK);
        call.SetCount(GenAI.Request.MaxTokens, options.MaxOutputTokens);
        SetNumber(call, GenAI.Request.FrequencyPenalty, options.FrequencyPenalty);
        SetNumber(call, GenAI.Request.PresencePenalty, options.PresencePenalty);
        if (options.Seed is { } seed)
            call.Set(GenAI.Request.Seed, seed);
        if (options.StopSequences is { Count: > 0 } stop)
            call.Set(GenAI.Request.StopSequences, stop.ToArray());
        if (options.ResponseFormat is { } format)
            call.Set(GenAI.Output.Type, format is ChatResponseFormatText ? "text" : "json");
        if (options.Reasoning?.Effort is { } effort)
            call.SetParameter("reasoning_effort", effort.ToString().ToLowerInvariant());
        if (options.ToolMode is { } mode)
            call.SetParameter("tool_choice", mode switch { NoneChatToolMode => "none", RequiredChatToolMode => "required", _ => "auto" });
        if (options.AllowMultipleToolCalls is { } parallel)
            call.SetParameter("parallel_tool_calls", parallel);
        if (options.Tools is { Count: > 0 } tools)
            call.SetContent(GenAI.Tool.Definitions, new ToolDefinitions([.. tools]));
    }

    // Casting 0.7f to double gives 0.699999988079071, so the shortest decimal form is used.
    private static void SetNumber(ModelCall call, string key, float? value)
    {
        if (value is { } number)
            call.Set(key, Math.Round((double)number, 6));
    }
}

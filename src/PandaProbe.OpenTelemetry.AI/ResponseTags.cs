using Microsoft.Extensions.AI;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.AI;

/// <summary>Sets the fields of a response as tags.</summary>
internal static class ResponseTags
{
    public static void Set(ModelCall call, ChatResponse response)
    {
        if (response is null)
            return;

        string? finishReason = FinishReasons.Normalise(response.FinishReason?.Value);
        call.SetResponse(response.ResponseId, response.ModelId, finishReason);
        call.SetConversation(response.ConversationId);
        SetUsage(call, response.Usage);
        if (!call.CapturesContent)
            return;

        IList<ChatMessage> messages = response.Messages;
        var frozen = new MessageContent[messages.Count];
        for (int i = 0; i < frozen.Length; i++)
            frozen[i] = Snapshots.Of(messages[i], finishReason);
        call.SetOutput(frozen);
    }

    public static void SetUsage(ModelCall call, UsageDetails? usage)
    {
        if (usage is null)
            return;

        long? cacheRead = usage.CachedInputTokenCount;
        long? cacheWrite = null;
        long? cacheWriteOneHour = null;
        long? reasoning = usage.ReasoningTokenCount;
        if (usage.AdditionalCounts is { } additional)
        {
            foreach ((string? key, long count) in additional)
            {
                // UsageDetails has no property for these counts, and each provider names them differently:
                // "InputTokenDetails.CachedTokenCount", "cache_creation_input_tokens", "CacheWriteInputTokens".
                string name = Squeezed(key);
                if (name.Contains("ephemeral1h", StringComparison.Ordinal))
                {
                    cacheWriteOneHour ??= count;
                }
                else if (name.Contains("ephemeral", StringComparison.Ordinal))
                {
                    call.SetOtherUsage(key, count);
                }
                else if (name.Contains("cachecreation", StringComparison.Ordinal) || name.Contains("cachewrite", StringComparison.Ordinal))
                {
                    cacheWrite ??= count;
                }
                else if (name.Contains("cacheread", StringComparison.Ordinal) || name.Contains("cachedtoken", StringComparison.Ordinal)
                    || name.Contains("cachedinput", StringComparison.Ordinal))
                {
                    cacheRead ??= count;
                }
                else if (name.Contains("reasoningtoken", StringComparison.Ordinal)
                    || name.Contains("thinkingtoken", StringComparison.Ordinal))
                {
                    reasoning ??= count;
                }
                else
                {
                    call.SetOtherUsage(key, count);
                }
            }
        }

        call.SetUsage(TokenUsage.Inclusive(
            usage.InputTokenCount, usage.OutputTokenCount, cacheRead, cacheWrite, cacheWriteOneHour, reasoning,
            ModelCall.UnlessZero(usage.InputAudioTokenCount), ModelCall.UnlessZero(usage.OutputAudioTokenCount)));
    }

    private static string Squeezed(string key)
    {
        Span<char> letters = stackalloc char[Math.Min(key.Length, 128)];
        int length = 0;
        foreach (char letter in key.AsSpan(0, letters.Length))
        {
            if (char.IsAsciiLetterOrDigit(letter))
                letters[length++] = char.ToLowerInvariant(letter);
        }

        return new(letters[..length]);
    }
}

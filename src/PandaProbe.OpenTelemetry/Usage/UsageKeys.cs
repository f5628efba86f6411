using PandaProbe.Conventions;

namespace PandaProbe.Usage;

/// <summary>The names of token counts: as callers and other SDKs write them, and as tags.</summary>
internal static class UsageKeys
{
    public const string CacheWriteOneHour = Pandaprobe.Usage.Prefix + "cache_creation_1h_tokens";
    public const string AudioInput = Pandaprobe.Usage.Prefix + "audio_input_tokens";
    public const string AudioOutput = Pandaprobe.Usage.Prefix + "audio_output_tokens";
    public const string AudioCacheRead = Pandaprobe.Usage.Prefix + "audio_cache_read_tokens";
    public const string ImageInput = Pandaprobe.Usage.Prefix + "image_input_tokens";
    public const string ImageOutput = Pandaprobe.Usage.Prefix + "image_output_tokens";

    /// <summary>Assigns a count by the name that a caller uses. False for a name that has no meaning here.</summary>
    public static bool TryAssign(ref TokenUsageDraft draft, string key, long count)
    {
        switch (key)
        {
            case "prompt_tokens" or "input_tokens":
                draft.Input = count;
                return true;
            case "completion_tokens" or "output_tokens":
                draft.Output = count;
                return true;
            case "reasoning_tokens" or "reasoning_output_tokens":
                draft.Reasoning = count;
                return true;
            case "cache_read_tokens" or "cache_read_input_tokens" or "cached_tokens":
                draft.CacheRead = count;
                return true;
            case "cache_creation_tokens" or "cache_creation_input_tokens" or "cache_write_tokens" or "cache_write_input_tokens":
                draft.CacheWrite = count;
                return true;
            case "cache_creation_1h_tokens" or "cache_write_1h_tokens" or "ephemeral_1h_input_tokens":
                draft.CacheWriteOneHour = count;
                return true;
            case "audio_input_tokens" or "input_audio_tokens":
                draft.AudioInput = count;
                return true;
            case "audio_output_tokens" or "output_audio_tokens":
                draft.AudioOutput = count;
                return true;
            case "audio_cache_read_tokens":
                draft.AudioCacheRead = count;
                return true;
            case "image_input_tokens" or "input_image_tokens":
                draft.ImageInput = count;
                return true;
            case "image_output_tokens" or "output_image_tokens":
                draft.ImageOutput = count;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Assigns a count by the tag that holds it. False for any other tag.</summary>
    public static bool TryAssignTag(ref TokenUsageDraft draft, string tag, long? count)
    {
        switch (tag)
        {
            case GenAI.Usage.InputTokens:
                draft.Input = count;
                return true;
            case GenAI.Usage.OutputTokens:
                draft.Output = count;
                return true;
            case GenAI.Usage.CacheRead.InputTokens:
                draft.CacheRead = count;
                return true;
            case GenAI.Usage.CacheCreation.InputTokens:
                draft.CacheWrite = count;
                return true;
            case GenAI.Usage.Reasoning.OutputTokens:
                draft.Reasoning = count;
                return true;
            case CacheWriteOneHour:
                draft.CacheWriteOneHour = count;
                return true;
            case AudioInput:
                draft.AudioInput = count;
                return true;
            case AudioOutput:
                draft.AudioOutput = count;
                return true;
            case AudioCacheRead:
                draft.AudioCacheRead = count;
                return true;
            case ImageInput:
                draft.ImageInput = count;
                return true;
            case ImageOutput:
                draft.ImageOutput = count;
                return true;
            default:
                return false;
        }
    }
}

using PandaProbe.Conventions;
using PandaProbe.Pricing;

namespace PandaProbe.Metrics;

/// <summary>The tags and keys of a token count.</summary>
/// <param name="Kind">The count.</param>
/// <param name="Tag">The tag that holds it.</param>
/// <param name="OtherTags">The tags for it on spans of other libraries.</param>
/// <param name="Keys">The keys for it that callers and other SDKs use. The first is the canonical one.</param>
internal sealed record UsageNames(TokenKind Kind, string Tag, string[] OtherTags, string[] Keys)
{
    /// <summary>The prefix of metadata with the sums of the calls below a span.</summary>
    public const string SumPrefix = "summed_";

    /// <summary>All counts, in the order of the tags on a span.</summary>
    public static readonly UsageNames[] All =
    [
        new(TokenKind.Input, GenAI.Usage.InputTokens, [GenAI.Usage.PromptTokens, "gen_ai.response.prompt_tokens"],
            ["input_tokens", "prompt_tokens"]),
        new(TokenKind.Output, GenAI.Usage.OutputTokens, [GenAI.Usage.CompletionTokens, "gen_ai.response.completion_tokens"],
        ["output_tokens", "completion_tokens"]),
        new(TokenKind.CacheRead, GenAI.Usage.CacheRead.InputTokens, [], ["cache_read_tokens", "cache_read_input_tokens", "cached_tokens"]),
        new(
            TokenKind.CacheWrite, GenAI.Usage.CacheCreation.InputTokens, [GenAI.Usage.CacheWrite.InputTokens],
            ["cache_creation_tokens", "cache_creation_input_tokens", "cache_write_tokens", "cache_write_input_tokens"]),
        new(
            TokenKind.CacheWriteOneHour, Pandaprobe.Usage.Prefix + "cache_creation_1h_tokens",
            ["anthropic.usage.cache_creation.ephemeral_1h_input_tokens"],
            ["cache_creation_1h_tokens", "cache_write_1h_tokens", "ephemeral_1h_input_tokens"]),
        new(TokenKind.Reasoning, GenAI.Usage.Reasoning.OutputTokens, [], ["reasoning_tokens", "reasoning_output_tokens"]),
        new(TokenKind.AudioInput, Pandaprobe.Usage.Prefix + "audio_input_tokens", [], ["audio_input_tokens", "input_audio_tokens"]),
        new(TokenKind.AudioOutput, Pandaprobe.Usage.Prefix + "audio_output_tokens", [], ["audio_output_tokens", "output_audio_tokens"]),
        new(TokenKind.AudioCacheRead, Pandaprobe.Usage.Prefix + "audio_cache_read_tokens", [], ["audio_cache_read_tokens"]),
        new(TokenKind.ImageInput, Pandaprobe.Usage.Prefix + "image_input_tokens", [], ["image_input_tokens", "input_image_tokens"]),
        new(TokenKind.ImageOutput, Pandaprobe.Usage.Prefix + "image_output_tokens", [], ["image_output_tokens", "output_image_tokens"]),
    ];

    /// <summary>Returns the count with this key; <see langword="null"/> for any other key.</summary>
    public static UsageNames? OfKey(string key)
    {
        foreach (UsageNames names in All)
        {
            foreach (string known in names.Keys)
            {
                if (known == key)
                    return names;
            }
        }

        return null;
    }

    /// <summary>Returns the count with this tag; <see langword="null"/> for any other tag.</summary>
    public static UsageNames? OfTag(string tag)
    {
        foreach (UsageNames names in All)
        {
            if (names.Tag == tag)
                return names;
        }

        return null;
    }
}

using System.Text.Json;
using PandaProbe.Recording;

namespace PandaProbe.OpenAI.Json;

/// <summary>OpenAI's counts, under the names of each of its endpoints.</summary>
internal static class UsageJson
{
    public static void Read(ModelCall call, JsonElement response)
    {
        if (response.Get("usage") is not { } usage)
            return;

        JsonElement input = usage.Get("prompt_tokens_details") ?? usage.Get("input_tokens_details") ?? default;
        JsonElement output = usage.Get("completion_tokens_details") ?? usage.Get("output_tokens_details") ?? default;
        CallUsage counts = new()
        {
            Input = usage.Count("prompt_tokens") ?? usage.Count("input_tokens"),
            Output = usage.Count("completion_tokens") ?? usage.Count("output_tokens"),
            CacheRead = input.Count("cached_tokens"),
            CacheCreation = input.Count("cache_write_tokens"),
            Reasoning = output.Count("reasoning_tokens"),
        };
        counts.Add("audio_input_tokens", input.Count("audio_tokens") ?? 0);
        counts.Add("audio_output_tokens", output.Count("audio_tokens") ?? 0);
        counts.Add("accepted_prediction_tokens", output.Count("accepted_prediction_tokens") ?? 0);
        counts.Add("rejected_prediction_tokens", output.Count("rejected_prediction_tokens") ?? 0);
        call.SetUsage(counts);
    }
}

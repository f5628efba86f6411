using System.Text.Json;
using PandaProbe.Pricing;
using PandaProbe.Recording;
using PandaProbe.Values;

namespace PandaProbe.OpenAI.Json;

/// <summary>Reads token counts under the names of each OpenAI endpoint.</summary>
internal static class UsageJson
{
    public static void Read(ModelCall call, JsonElement response)
    {
        // In streams, Groq sends the usage inside x_groq.
        if ((response.Get("usage") ?? response.Get("x_groq")?.Get("usage")) is not { } usage)
            return;

        JsonElement input = usage.Get("prompt_tokens_details") ?? usage.Get("input_tokens_details") ?? default;
        JsonElement output = usage.Get("completion_tokens_details") ?? usage.Get("output_tokens_details") ?? default;
        call.SetUsage(TokenUsage.Inclusive(
            input: usage.Count("prompt_tokens") ?? usage.Count("input_tokens"),
            output: usage.Count("completion_tokens") ?? usage.Count("output_tokens"),
            cacheRead: input.Count("cached_tokens"),
            cacheWrite: input.Count("cache_write_tokens"),
            reasoning: output.Count("reasoning_tokens"),
            audioInput: ModelCall.UnlessZero(input.Count("audio_tokens")),
            audioOutput: ModelCall.UnlessZero(output.Count("audio_tokens")),
            webSearches: ModelCall.UnlessZero(response.Items("output").LongCount(IsWebSearch))));
        call.SetOtherUsage("accepted_prediction_tokens", output.Count("accepted_prediction_tokens"));
        call.SetOtherUsage("rejected_prediction_tokens", output.Count("rejected_prediction_tokens"));

        // OpenRouter reports the cost in US dollars.
        if (usage.Get("cost") is { ValueKind: JsonValueKind.Number } cost && cost.TryGetDecimal(out decimal amount))
            call.SetCost(amount);
    }

    // Only searches are charged: the model may also open pages and search in them.
    private static bool IsWebSearch(JsonElement item) =>
        item.Text("type") is "web_search_call" && item.Get("action")?.Text("type") is null or "search";
}

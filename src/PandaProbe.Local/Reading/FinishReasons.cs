namespace PandaProbe.Local.Reading;

/// <summary>Maps the finish reasons of all providers to the values of the conventions.</summary>
internal static class FinishReasons
{
    public static string? Normalise(string? reason) => reason switch
    {
        null or "" => null,
        "end_turn" or "stop_sequence" or "STOP" or "FinishReason.STOP" or "completed" => "stop",
        "max_tokens" or "max_output_tokens" or "MAX_TOKENS" or "model_context_window_exceeded" => "length",
        "tool_use" or "tool_calls" or "tool-calls" or "function_call" => "tool_call",
        "refusal" or "SAFETY" or "content-filter" => "content_filter",
        _ => reason,
    };

    public static IReadOnlyList<string> Normalise(IReadOnlyList<string> reasons) =>
        reasons.Count == 0 ? [] : [.. reasons.Select(Normalise).OfType<string>()];
}

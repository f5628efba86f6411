namespace PandaProbe.Conventions;

/// <summary>
/// Maps the finish reasons of all providers to the values of the conventions. OpenAI's <c>tool_calls</c> stays, because every backend knows
/// it.
/// </summary>
internal static class FinishReasons
{
    public const string Stop = "stop";
    public const string Length = "length";
    public const string ToolCall = "tool_call";
    public const string ContentFilter = "content_filter";
    public const string Error = "error";

    private static readonly string[] StopList = [Stop];
    private static readonly string[] LengthList = [Length];
    private static readonly string[] ToolCallList = [ToolCall];
    private static readonly string[] ContentFilterList = [ContentFilter];

    public static string? Normalise(string? reason) => reason switch
    {
        "end_turn" or "stop_sequence" or "STOP" => Stop,
        "max_tokens" or "max_output_tokens" or "MAX_TOKENS" or "model_context_window_exceeded" => Length,
        "tool_use" or "function_call" => ToolCall,
        "refusal" or "SAFETY" => ContentFilter,
        _ => reason,
    };

    /// <summary>Returns the value of the tag with this one reason. The array is shared: do not change it.</summary>
    public static string[] ListOf(string reason) => reason switch
    {
        Stop => StopList,
        Length => LengthList,
        ToolCall => ToolCallList,
        ContentFilter => ContentFilterList,
        _ => [reason],
    };
}

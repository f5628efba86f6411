namespace PandaProbe.OpenAI;

/// <summary>Answers as OpenAI's endpoints write them.</summary>
internal static class Wire
{
    public const string ChatUsage =
        """{"prompt_tokens":150,"completion_tokens":80,"total_tokens":230,"prompt_tokens_details":{"cached_tokens":64,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":20,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}""";

    public const string Chat =
        $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1741569952,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":"Paris.","refusal":null,"annotations":[]},"logprobs":null,"finish_reason":"stop"}],"usage":{{ChatUsage}},"service_tier":"default","system_fingerprint":"fp_1"}""";

    public const string Error = """{"error":{"message":"The model is overloaded.","type":"invalid_request_error","param":null,"code":"overloaded"}}""";

    public const string ResponseUsage =
        """{"input_tokens":150,"input_tokens_details":{"cached_tokens":64},"output_tokens":80,"output_tokens_details":{"reasoning_tokens":20},"total_tokens":230}""";

    public const string Embeddings =
        """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.1,0.2,0.3]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":12,"total_tokens":12}}""";

    public static string Response { get; } = ResponseWith("completed", """{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Paris.","annotations":[]}]}""");

    public static string[] ChatEvents { get; } =
    [
        ChatEvent("""[{"index":0,"delta":{"role":"assistant","content":"Par","refusal":null},"logprobs":null,"finish_reason":null}]"""),
        ChatEvent("""[{"index":0,"delta":{"content":"is."},"logprobs":null,"finish_reason":null}]"""),
        ChatEvent("""[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]"""),
        ChatEvent("[]", ChatUsage),
        "data: [DONE]\n\n",
    ];

    public static string[] ResponseEvents { get; } =
    [
        Event("response.created", $$"""{"type":"response.created","sequence_number":0,"response":{{ResponseWith("in_progress", "", usage: "null")}}}"""),
        Event("response.output_text.delta", """{"type":"response.output_text.delta","sequence_number":1,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"Par","logprobs":[]}"""),
        Event("response.output_text.delta", """{"type":"response.output_text.delta","sequence_number":2,"item_id":"msg_1","output_index":0,"content_index":0,"delta":"is.","logprobs":[]}"""),
        Event("response.completed", $$"""{"type":"response.completed","sequence_number":3,"response":{{Response}}}"""),
    ];

    public static string ChatEvent(string choices, string usage = "null") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp_1","choices":{{choices}},"usage":{{usage}}}""" + "\n\n";

    public static string ResponseWith(string status, string output, string usage = ResponseUsage) =>
        $$$"""{"id":"resp_1","object":"response","created_at":1741476542,"status":"{{{status}}}","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":null,"model":"gpt-4o-mini-2024-07-18","output":[{{{output}}}],"parallel_tool_calls":true,"previous_response_id":null,"temperature":1.0,"tool_choice":"auto","tools":[],"top_p":1.0,"usage":{{{usage}}},"metadata":{}}""";

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}

namespace PandaProbe.Claude;

/// <summary>Answers as Anthropic's messages endpoint writes them.</summary>
internal static class Wire
{
    public const string Message =
        """{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[{"type":"thinking","thinking":"Let me think.","signature":"s"},{"type":"text","text":"Paris."}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":79,"cache_creation_input_tokens":7,"cache_read_input_tokens":64,"output_tokens":80}}""";

    public const string Error = """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens is too large"}}""";

    public static string[] Events { get; } =
    [
        Event("message_start", """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":79,"cache_creation_input_tokens":7,"cache_read_input_tokens":64,"output_tokens":1}}}"""),
        Event("content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Par"}}"""),
        Event("content_block_delta", """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"is."}}"""),
        Event("content_block_stop", """{"type":"content_block_stop","index":0}"""),
        Event("message_delta", """{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":80}}"""),
        Event("message_stop", """{"type":"message_stop"}"""),
    ];

    private static string Event(string name, string data) => $"event: {name}\ndata: {data}\n\n";
}

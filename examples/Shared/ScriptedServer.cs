using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Examples;

/// <summary>
/// A server on this machine that answers a few questions as OpenAI and Anthropic would, in their own wire formats, streamed or not: so that
/// the examples run without an account.
/// </summary>
internal sealed class ScriptedServer : IDisposable
{
    private static readonly (string Question, string Answer)[] Script =
    [
        ("capital of France", "Paris."),
        ("how long", "The Seine is about 777 kilometres long."),
        ("river", "The Seine flows through Paris."),
        ("weather", "It is sunny in Paris."),
    ];

    private readonly HttpListener _listener = new();

    public ScriptedServer()
    {
        int port = FreePort();
        Address = new Uri($"http://127.0.0.1:{port}");
        _listener.Prefixes.Add($"{Address}");
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address { get; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using JsonDocument request = await JsonDocument.ParseAsync(context.Request.InputStream);
            bool anthropic = context.Request.Url!.AbsolutePath.EndsWith("/messages", StringComparison.Ordinal);
            bool streamed = request.RootElement.TryGetProperty("stream", out JsonElement stream) && stream.ValueKind == JsonValueKind.True;
            string answer = AnswerTo(LastText(request.RootElement.GetProperty("messages")));
            int input = request.RootElement.GetProperty("messages").GetRawText().Length / 4;
            string model = request.RootElement.GetProperty("model").GetString()!;

            context.Response.ContentType = streamed ? "text/event-stream" : "application/json";
            string body = (anthropic, streamed) switch
            {
                (false, false) => Completion(model, answer, input),
                (false, true) => CompletionEvents(model, answer, input),
                (true, false) => Message(model, answer, input),
                (true, true) => MessageEvents(model, answer, input),
            };
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }

    private static string AnswerTo(string question)
    {
        foreach ((string? part, string? answer) in Script)
        {
            if (question.Contains(part, StringComparison.OrdinalIgnoreCase))
                return answer;
        }

        return "I only know what is in my script.";
    }

    private static string LastText(JsonElement messages)
    {
        JsonElement content = messages[messages.GetArrayLength() - 1].GetProperty("content");
        return content.ValueKind == JsonValueKind.String ? content.GetString()! : content.GetRawText();
    }

    private static string Completion(string model, string answer, int input) => $$"""
        {"id":"chatcmpl-example","object":"chat.completion","created":1741569952,"model":{{Quoted(model)}},
         "choices":[{"index":0,"message":{"role":"assistant","content":{{Quoted(answer)}},"refusal":null},"finish_reason":"stop"}],"usage":{{OpenAIUsage(answer, input)}}}
        """;

    private static string CompletionEvents(string model, string answer, int input)
    {
        StringBuilder events = new();
        foreach (string word in Words(answer))
            events.Append(Chunk(model, $$"""[{"index":0,"delta":{"role":"assistant","content":{{Quoted(word)}}},"finish_reason":null}]""", "null"));
        events.Append(Chunk(model, """[{"index":0,"delta":{},"finish_reason":"stop"}]""", "null"));
        events.Append(Chunk(model, "[]", OpenAIUsage(answer, input)));
        return events.Append("data: [DONE]\n\n").ToString();
    }

    private static string Chunk(string model, string choices, string usage) =>
        $$"""data: {"id":"chatcmpl-example","object":"chat.completion.chunk","created":1741569952,"model":{{Quoted(model)}},"choices":{{choices}},"usage":{{usage}}}""" + "\n\n";

    private static string OpenAIUsage(string answer, int input) =>
        $$$"""{"prompt_tokens":{{{input}}},"completion_tokens":{{{Tokens(answer)}}},"total_tokens":{{{input + Tokens(answer)}}},"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}""";

    private static string Message(string model, string answer, int input) =>
        $$$"""{"id":"msg_example","type":"message","role":"assistant","model":{{{Quoted(model)}}},"content":[{"type":"text","text":{{{Quoted(answer)}}}}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":{{{input}}},"cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":{{{Tokens(answer)}}}}}""";

    private static string MessageEvents(string model, string answer, int input)
    {
        StringBuilder events = new();
        Event(events, "message_start", $$$$"""{"type":"message_start","message":{"id":"msg_example","type":"message","role":"assistant","model":{{{{Quoted(model)}}}},"content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":{{{{input}}}},"output_tokens":1}}}""");
        Event(events, "content_block_start", """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        foreach (string word in Words(answer))
            Event(events, "content_block_delta", $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":{{{Quoted(word)}}}}}""");
        Event(events, "content_block_stop", """{"type":"content_block_stop","index":0}""");
        Event(events, "message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":{{{Tokens(answer)}}}}}""");
        Event(events, "message_stop", """{"type":"message_stop"}""");
        return events.ToString();
    }

    private static void Event(StringBuilder events, string name, string data) =>
        events.Append("event: ").Append(name).Append("\ndata: ").Append(data).Append("\n\n");

    private static IEnumerable<string> Words(string text) => text.Split(' ').Select((word, index) => index == 0 ? word : " " + word);

    private static int Tokens(string text) => Math.Max(1, text.Length / 4);

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

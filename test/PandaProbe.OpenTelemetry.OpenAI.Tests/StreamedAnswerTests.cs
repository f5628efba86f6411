using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

/// <summary>Streams as real services send them, read with the package's types and as raw bytes.</summary>
public sealed class StreamedAnswerTests
{
    private const string Hello =
        """data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{"content":"Hello"},"finish_reason":null}]}""" + "\n\n";

    private const string Stop =
        """data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";

    private const string Done = "data: [DONE]\n\n";

    public static TheoryData<bool> BothWays => [false, true];

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_empty_names_of_the_first_event_of_Azure_are_not_those_of_the_answer(bool protocol)
    {
        const string filter =
            """data: {"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}""" + "\n\n";

        CapturedSpan span = await ChatAsync(protocol, filter, Hello, Stop, Usage("""{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9}"""), Done);

        span.Attribute("gen_ai.response.id").ShouldBe("c-1");
        span.Attribute("gen_ai.response.model").ShouldBe("gpt-4o-2024-08-06");
        span.Attribute("pandaprobe.cost.total").ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Cache_writes_of_a_stream_are_recorded(bool protocol)
    {
        CapturedSpan span = await ChatAsync(
            protocol, Hello, Stop, Usage("""{"prompt_tokens":80,"completion_tokens":1,"total_tokens":81,"prompt_tokens_details":{"cached_tokens":10,"cache_write_tokens":40}}"""), Done);

        span.Usage.ShouldBe(new(80, 1, 10, 40));
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task Several_answers_in_one_stream_are_told_apart(bool protocol)
    {
        ChatCompletionOptions options = new();
#pragma warning disable SCME0001 // The options have no property for the number of answers.
        options.Patch.Set("$.n"u8, 2);
#pragma warning restore SCME0001
        CapturedSpan span = await ChatAsync(
            protocol,
            options,
            Wire.ChatEvent("""[{"index":0,"delta":{"role":"assistant","content":"Par"},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":1,"delta":{"role":"assistant","content":"Tou"},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":0,"delta":{"content":"is"},"finish_reason":"stop"}]"""),
            Wire.ChatEvent("""[{"index":1,"delta":{"content":"louse"},"finish_reason":"length"}]"""),
            Done);

        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"text","content":"Paris"}],"finish_reason":"stop"},"""
            + """{"role":"assistant","parts":[{"type":"text","content":"Toulouse"}],"finish_reason":"length"}]""");
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop", "length" });
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task An_error_amid_a_stream_fails_the_call_with_its_code(bool protocol)
    {
        CapturedSpan span = await ChatAsync(
            protocol,
            Hello,
            """data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","error":{"code":502,"message":"The provider is down."},"choices":[{"index":0,"delta":{"content":""},"finish_reason":null}]}""" + "\n\n",
            Done);

        span.IsError.ShouldBeTrue();
        span.ErrorMessage.ShouldBe("The provider is down.");
        span.Attribute("error.type").ShouldBe("502");
    }

    [Theory]
    [InlineData(false, """{"audio":{"id":"a-1","transcript":"Hel"}}""", """{"audio":{"transcript":"lo"}}""", """{"type":"text","content":"Hello"}""")]
    [InlineData(true, """{"audio":{"id":"a-1","transcript":"Hel"}}""", """{"audio":{"transcript":"lo"}}""", """{"type":"text","content":"Hello"}""")]
    [InlineData(false, """{"reasoning_content":"Hel"}""", """{"reasoning_content":"lo"}""", """{"type":"reasoning","content":"Hello"}""")]
    [InlineData(false, """{"reasoning":"Hel"}""", """{"reasoning":"lo"}""", """{"type":"reasoning","content":"Hello"}""")]
    [InlineData(true, """{"reasoning":"Hel"}""", """{"reasoning":"lo"}""", """{"type":"reasoning","content":"Hello"}""")]
    [InlineData(false, """{"function_call":{"name":"f","arguments":"{\"a\":"}}""", """{"function_call":{"arguments":"1}"}}""", """{"type":"tool_call","name":"f","arguments":{"a":1}}""")]
    [InlineData(true, """{"function_call":{"name":"f","arguments":"{\"a\":"}}""", """{"function_call":{"arguments":"1}"}}""", """{"type":"tool_call","name":"f","arguments":{"a":1}}""")]
    public async Task Whatever_the_answer_is_made_of_is_recorded_with_the_time_of_its_first_piece(
        bool protocol, string first, string second, string part)
    {
        CapturedSpan span = await ChatAsync(
            protocol,
            Wire.ChatEvent($$"""[{"index":0,"delta":{{first}},"finish_reason":null}]"""),
            Wire.ChatEvent($$"""[{"index":0,"delta":{{second}},"finish_reason":null}]"""),
            Stop,
            Done);

        span.Text("gen_ai.output.messages").ShouldBe($$"""[{"role":"assistant","parts":[{{part}}],"finish_reason":"stop"}]""");
        span.Attribute("pandaprobe.completion_start_time").ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_stream_without_usage_is_counted(bool protocol)
    {
        CapturedSpan span = await ChatAsync(protocol, Hello, Stop, Done);

        span.Attribute("gen_ai.usage.output_tokens").ShouldBe(1L);
        span.Attribute("gen_ai.usage.input_tokens").ShouldBeOfType<long>().ShouldBeGreaterThan(1);
        span.Attribute("pandaprobe.token_count_method").ShouldBe("tiktoken");
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task The_usage_of_Groq_is_read_where_its_streams_have_it(bool protocol)
    {
        CapturedSpan span = await ChatAsync(
            protocol,
            Hello,
            """data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"llama","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r-1","usage":{"prompt_tokens":8,"completion_tokens":3,"total_tokens":11}}}""" + "\n\n",
            Done);

        span.Usage.ShouldBe(new(8, 3));
        span.Attribute("pandaprobe.token_count_method").ShouldBe("reported");
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task What_the_provider_charges_is_the_cost(bool protocol)
    {
        CapturedSpan span = await ChatAsync(protocol, Hello, Stop, Usage("""{"prompt_tokens":8,"completion_tokens":1,"total_tokens":9,"cost":0.0125}"""), Done);

        span.Attribute("pandaprobe.cost.total").ShouldBe(0.0125);
        span.Attribute("pandaprobe.cost.source").ShouldBe("provider");
    }

    [Theory]
    [MemberData(nameof(BothWays))]
    public async Task A_stream_of_only_function_calls_says_when_it_began(bool protocol)
    {
        const string call = """{"type":"function_call","id":"fc-1","call_id":"call-1","name":"weather","arguments":"{}","status":"completed"}""";
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context,
        [
            Wire.ResponseEvents[0],
            "event: response.output_item.added\n" + """data: {"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"function_call","id":"fc-1","call_id":"call-1","name":"weather","arguments":"","status":"in_progress"}}""" + "\n\n",
            "event: response.function_call_arguments.delta\n" + """data: {"type":"response.function_call_arguments.delta","sequence_number":2,"output_index":0,"item_id":"fc-1","delta":"{}"}""" + "\n\n",
            "event: response.completed\n" + $$"""data: {"type":"response.completed","sequence_number":3,"response":{{Wire.ResponseWith("completed", call)}}}""" + "\n\n",
        ]));
        using var capture = ProbeCapture.Start();
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();

        if (protocol)
        {
            using var content = BinaryContent.Create(BinaryData.FromString("""{"model":"gpt-4o-mini","input":"Hi","stream":true}"""));
            using PipelineResponse response = (await client.CreateResponseAsync(content, new RequestOptions { BufferResponse = false }))
                .GetRawResponse();
            await response.ContentStream!.CopyToAsync(Stream.Null);
        }
        else
        {
            CreateResponseOptions options = new("gpt-4o-mini", [ResponseItem.CreateUserMessageItem("Hi")]) { StreamingEnabled = true };
            await foreach (StreamingResponseUpdate _ in client.CreateResponseStreamingAsync(options))
            {
            }
        }

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Attribute("pandaprobe.completion_start_time").ShouldNotBeNull();
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_call" });
    }

    [Theory]
    [InlineData("https://x.openai.azure.com/", "azure.ai.openai")]
    [InlineData("https://x.openai.azure.us/", "azure.ai.openai")]
    [InlineData("https://x.openai.azure.cn/", "azure.ai.openai")]
    [InlineData("https://api.openai.com/", "openai")]
    [InlineData("https://notazure.us/", "openai")]
    public void Every_cloud_of_Azure_is_Azure(string address, string provider) =>
        Service.Of(Caller.NewClient(new Uri(address)), new Uri(address)).Provider.ShouldBe(provider);

    private static string Usage(string usage) =>
        """data: {"id":"c-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024-08-06","choices":[],"usage":""" + usage + "}\n\n";

    private static Task<CapturedSpan> ChatAsync(bool protocol, params string[] events) =>
        ChatAsync(protocol, new ChatCompletionOptions(), events);

    private static async Task<CapturedSpan> ChatAsync(bool protocol, ChatCompletionOptions options, params string[] events)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context, events));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o");
        if (protocol)
        {
            using var content = BinaryContent.Create(
                BinaryData.FromString("""{"model":"gpt-4o","messages":[{"role":"user","content":"Say hello."}],"stream":true}"""));
            using PipelineResponse response = (await client.CompleteChatAsync(content, new RequestOptions { BufferResponse = false }))
                .GetRawResponse();
            await response.ContentStream!.CopyToAsync(Stream.Null);
        }
        else
        {
            await foreach (StreamingChatCompletionUpdate _ in client.CompleteChatStreamingAsync(
                [new UserChatMessage("Say hello.")], options))
            {
            }
        }

        return capture.Span("chat gpt-4o");
    }
}

using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class ChatClientContentTests
{
    [Fact]
    public async Task What_was_cached_for_an_hour_is_charged_as_such()
    {
        using var capture = ProbeCapture.Start();
        ChatResponse answer = new(new ChatMessage(ChatRole.Assistant, "Paris."))
        {
            ModelId = "claude-sonnet-4-5",
            Usage = new()
            {
                InputTokenCount = 150,
                OutputTokenCount = 80,
                AdditionalCounts = new()
                {
                    ["cache_creation_input_tokens"] = 7,
                    ["cache_creation.ephemeral_5m_input_tokens"] = 2,
                    ["cache_creation.ephemeral_1h_input_tokens"] = 5,
                },
            },
        };
        await new ScriptedChatClient { Metadata = new("anthropic"), Answer = (_, _, _) => Task.FromResult(answer) }.WithPandaProbe()
            .GetResponseAsync("Hi");

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Attribute("gen_ai.usage.cache_creation.input_tokens").ShouldBe(7L);
        span.Attribute("pandaprobe.usage.cache_creation_1h_tokens").ShouldBe(5L);
        span.Attribute("pandaprobe.cost.cache_write").ShouldBe((double)((2 * 3.75m + 5 * 6m) / 1_000_000));
    }

    [Fact]
    public async Task Every_kind_of_content_is_a_part_of_its_message()
    {
        using var capture = ProbeCapture.Start();
        List<ChatMessage> messages =
        [
            new(new ChatRole("developer"), "Be brief."),
            new(ChatRole.User,
            [
                new TextContent("Look:"),
                new DataContent(new byte[] { 1, 2, 3 }, "image/png"),
                new UriContent("https://example.com/a.mp3", "audio/mpeg"),
                new HostedFileContent("file-1"),
                new HostedVectorStoreContent("vs-1"),
            ]) { AuthorName = "ada" },
            new(ChatRole.Assistant,
            [
                new TextReasoningContent("Hm."),
                new FunctionCallContent(
                    "call-1", "weather",
                    new Dictionary<string, object?>
                    {
                        ["city"] = "Paris", ["days"] = 2, ["deep"] = JsonDocument.Parse("""{"a":[1]}""").RootElement,
                    }),
            ]),
            new(ChatRole.Tool, [new FunctionResultContent("call-1", new Dictionary<string, object?> { ["sky"] = "blue" }),
            new FunctionResultContent("call-2", "plain")]),
            new(ChatRole.User, [new ErrorContent("bad") { ErrorCode = "E1" }, new WebSearchToolCallContent("ws") { Queries = ["q"] },
            new Custom()]),
        ];

        await Client().GetResponseAsync(messages, new() { Instructions = "Speak French." });

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Text("gen_ai.system_instructions").ShouldBe("""[{"type":"text","content":"Speak French."}]""");
        span.Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},"""
            + """{"role":"user","name":"ada","parts":[{"type":"text","content":"Look:"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AQID"},"""
            + """{"type":"uri","modality":"audio","mime_type":"audio/mpeg","uri":"https://example.com/a.mp3"},{"type":"file","modality":"document","file_id":"file-1"},{"type":"vector_store","id":"vs-1"}]},"""
            + """{"role":"assistant","parts":[{"type":"reasoning","content":"Hm."},{"type":"tool_call","id":"call-1","name":"weather","arguments":{"city":"Paris","days":2,"deep":{"a":[1]}}}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":{"sky":"blue"}},{"type":"tool_call_response","id":"call-2","response":"plain"}]},"""
            + """{"role":"user","parts":[{"type":"error","id":"E1","content":"bad"},{"type":"server_tool_call","id":"ws","name":"web_search","server_tool_call":{"type":"web_search","arguments":"q"}},{"type":"Custom"}]}]""");
    }

    [Fact]
    public async Task Changing_a_message_afterwards_changes_nothing()
    {
        using var capture = ProbeCapture.Start();
        Dictionary<string, object?> arguments = new() { ["city"] = "Paris" };
        var pooled = JsonDocument.Parse("""{"kept":true}""");
        ChatMessage message = new(ChatRole.User, "before");
        ChatMessage call = new(
            ChatRole.Assistant, [new FunctionCallContent("1", "f", arguments), new FunctionResultContent("2", pooled.RootElement)]);
        ChatResponse answer = new(new ChatMessage(ChatRole.Assistant, "before"));

        await Client(answer).GetResponseAsync([message, call]);
        ((TextContent)message.Contents[0]).Text = "after";
        message.Contents.Clear();
        arguments["city"] = "Rome";
        arguments["more"] = 1;
        pooled.Dispose();
        ((TextContent)answer.Messages[0].Contents[0]).Text = "after";

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"user","parts":[{"type":"text","content":"before"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":{"city":"Paris"}},{"type":"tool_call_response","id":"2","response":{"kept":true}}]}]""");
        span.Text("gen_ai.output.messages")!.ShouldContain("before");
    }

    [Fact]
    public async Task Using_the_buffer_of_an_image_again_changes_nothing()
    {
        using var capture = ProbeCapture.Start();
        byte[] buffer = [1, 2, 3];

        await Client(new(new ChatMessage(ChatRole.Assistant, "A cat.")))
            .GetResponseAsync([new(ChatRole.User, [new DataContent(buffer, "image/png")])]);
        Array.Clear(buffer);

        capture.Spans.ShouldHaveSingleItem().Text("gen_ai.input.messages")!.ShouldContain("\"content\":\"AQID\"");
    }

    [Fact]
    public async Task Options_become_model_parameters()
    {
        using var capture = ProbeCapture.Start();
        ChatOptions options = new()
        {
            ModelId = "gpt-5.4",
            Temperature = 0.7f,
            TopP = 0.9f,
            TopK = 40,
            MaxOutputTokens = 1000,
            FrequencyPenalty = 0.1f,
            PresencePenalty = 0.2f,
            Seed = 42,
            StopSequences = ["END"],
            ResponseFormat = ChatResponseFormat.Json,
            ToolMode = ChatToolMode.RequireAny,
            Tools = [AIFunctionFactory.Create((string city) => "sunny", "weather", "Tells the weather.")],
            AdditionalProperties = new() { ["api_key"] = "secret" },
        };

        await Client().GetResponseAsync("Hi", options);

        CapturedSpan span = capture.Span("chat gpt-5.4");
        span.Attribute("gen_ai.request.model").ShouldBe("gpt-5.4");
        span.Attribute("gen_ai.request.temperature").ShouldBe(0.7);
        span.Attribute("gen_ai.request.top_p").ShouldBe(0.9);
        span.Attribute("gen_ai.request.top_k").ShouldBe(40.0);
        span.Attribute("gen_ai.request.max_tokens").ShouldBe(1000L);
        span.Attribute("gen_ai.request.frequency_penalty").ShouldBe(0.1);
        span.Attribute("gen_ai.request.presence_penalty").ShouldBe(0.2);
        span.Attribute("gen_ai.request.seed").ShouldBe(42L);
        span.Attribute("gen_ai.request.stop_sequences").ShouldBe(new[] { "END" });
        span.Attribute("gen_ai.output.type").ShouldBe("json");
        span.Attribute("pandaprobe.model_parameters.tool_choice").ShouldBe("required");
        JsonElement tool = JsonDocument.Parse(span.Text("gen_ai.tool.definitions")!).RootElement[0];
        tool.GetProperty("name").GetString().ShouldBe("weather");
        tool.GetProperty("description").GetString().ShouldBe("Tells the weather.");
        tool.GetProperty("parameters").GetProperty("properties").TryGetProperty("city", out _).ShouldBeTrue();
        span.Activity.TagObjects.ShouldNotContain(tag => Convert.ToString(tag.Value)!.Contains("secret"));
    }

    [Fact]
    public async Task Streamed_reasoning_text_and_tools_are_put_together_by_message()
    {
        using var capture = ProbeCapture.Start();
        ChatResponseUpdate[] updates =
        [
            new(ChatRole.Assistant, [new TextReasoningContent("Let me ")]) { MessageId = "m1" },
            new(null, [new TextReasoningContent("think.")]),
            new(null, "I'll "),
            new(null, "look."),
            new(null, [new FunctionCallContent("c1", "weather", new Dictionary<string, object?> { ["city"] = "Paris" })]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")]) { MessageId = "m2" },
            new(ChatRole.Assistant, "Sunny.") { MessageId = "m3", FinishReason = ChatFinishReason.ToolCalls },
            new(null, [new UsageContent(new() { InputTokenCount = 1, OutputTokenCount = 2 })]),
            new(null, [new UsageContent(new() { InputTokenCount = 10, OutputTokenCount = 20 })]),
        ];
        IChatClient client = new ScriptedChatClient { Stream = _ => Conversations.Stream(updates) }.WithPandaProbe();

        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("Weather?"))
        {
        }

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"Let me think."},{"type":"text","content":"I'll look."},{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Paris"}}],"finish_reason":"stop"},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"sunny"}],"finish_reason":"stop"},"""
            + """{"role":"assistant","parts":[{"type":"text","content":"Sunny."}],"finish_reason":"tool_calls"}]""");
        span.Usage.ShouldBe(new(11, 22));
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_calls" });
        ((UsageContent)updates[7].Contents[0]).Details.InputTokenCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_conversation_is_the_session_where_none_is_set()
    {
        using var capture = ProbeCapture.Start();
        await Client().GetResponseAsync("Hi", new() { ConversationId = "conv-1" });
        using (Probe.Session("session-1"))
            await Client().GetResponseAsync("Hi", new() { ConversationId = "conv-1" });

        capture.Spans[0].Attribute("session.id").ShouldBe("conv-1");
        capture.Spans[0].Attribute("gen_ai.conversation.id").ShouldBe("conv-1");
        capture.Spans[1].Attribute("session.id").ShouldBe("session-1");
    }

    [Fact]
    public async Task A_call_outside_of_a_trace_is_a_root_in_the_ambient_session_and_for_the_ambient_user()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.Session("s"))
        using (Probe.User("u"))
            await Client().GetResponseAsync("Hi");

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Activity.ParentSpanId.ToHexString().ShouldBe("0000000000000000");
        span.Attribute("session.id").ShouldBe("s");
        span.Attribute("user.id").ShouldBe("u");
    }

    [Fact]
    public async Task Messages_that_can_be_read_only_once_are_read_once()
    {
        using var capture = ProbeCapture.Start();
        int reads = 0;
        IEnumerable<ChatMessage> Once()
        {
            reads++;
            yield return new(ChatRole.User, "Hi");
        }

        ScriptedChatClient inner = new() { Answer = (messages, _, _) => Task.FromResult(new ChatResponse(messages[0])) };
        await inner.WithPandaProbe().GetResponseAsync(Once());

        reads.ShouldBe(1);
        capture.Spans.ShouldHaveSingleItem().Text("gen_ai.input.messages")!.ShouldContain("Hi");
    }

    [Fact]
    public async Task The_provider_works_below_the_span_and_the_reader_of_a_stream_does_not()
    {
        using var capture = ProbeCapture.Start();
        ScriptedChatClient inner = new() { Stream = _ => Conversations.Stream(Conversations.Updates) };
        using (TraceScope trace = Probe.StartTrace("outer"))
        {
            await foreach (ChatResponseUpdate _ in inner.WithPandaProbe().GetStreamingResponseAsync("Hi"))
            {
                Activity.Current.ShouldBe(trace.Activity);
                using SpanScope own = Probe.StartSpan("reader");
                own.Activity!.ParentSpanId.ShouldBe(trace.Activity!.SpanId);
            }
        }

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        inner.CurrentDuringCall.Count.ShouldBe(4);
        inner.CurrentDuringCall.ShouldAllBe(current => current == span.Activity);
    }

    [Fact]
    public void Wrapping_twice_wraps_once()
    {
        IChatClient client = Client();
        client.WithPandaProbe().ShouldBeSameAs(client);
    }

    [Fact]
    public async Task A_content_that_fails_costs_the_content_and_not_the_call()
    {
        using var capture = ProbeCapture.Start();
        ChatMessage message = new(ChatRole.User, [new FunctionResultContent("1", new Broken())]);

        (await Client().GetResponseAsync([message])).Text.ShouldBe("Paris.");

        capture.Spans.ShouldHaveSingleItem().Text("gen_ai.input.messages")!.ShouldContain("Broken");
    }

    private static IChatClient Client(ChatResponse? answer = null) =>
        new ScriptedChatClient { Answer = (_, _, _) => Task.FromResult(answer ?? Conversations.Answer) }.WithPandaProbe();

    private sealed class Custom : AIContent;

    private sealed class Broken
    {
        public string Value => throw new InvalidOperationException("no");
    }
}

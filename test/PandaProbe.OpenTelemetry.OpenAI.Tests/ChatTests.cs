using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace PandaProbe.OpenAI;

public sealed class ChatTests
{
    [Fact]
    public async Task Every_kind_of_message_is_recorded_with_its_parts_and_the_tools_of_the_request()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Chat));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");
        ChatMessage[] messages =
        [
            new DeveloperChatMessage("Be brief."),
            new UserChatMessage(
                ChatMessageContentPart.CreateTextPart("Look:"),
                ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/a.png")),
                ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(new byte[] { 1, 2, 3 }), "image/png")),
            new AssistantChatMessage([ChatToolCall.CreateFunctionToolCall("call-1", "weather", BinaryData.FromString("""{"city":"Paris"}"""))]),
            new ToolChatMessage("call-1", "sunny"),
        ];
        ChatCompletionOptions options = new()
        {
            Tools = { ChatTool.CreateFunctionTool("weather", "Tells the weather.", BinaryData.FromString("""{"type":"object"}""")) },
            StopSequences = { "END" },
            ResponseFormat = ChatResponseFormat.CreateJsonObjectFormat(),
            TopP = 0.9f,
        };

        client.CompleteChat(messages, options);

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"system","parts":[{"type":"text","content":"Be brief."}]},"""
            + """{"role":"user","parts":[{"type":"text","content":"Look:"},{"type":"uri","modality":"image","mime_type":"image/*","uri":"https://example.com/a.png"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AQID"}]},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"weather","arguments":{"city":"Paris"}}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":"sunny"}]}]""");
        JsonElement tool = JsonDocument.Parse(span.Text("gen_ai.tool.definitions")!).RootElement[0];
        tool.GetProperty("name").GetString().ShouldBe("weather");
        tool.GetProperty("type").GetString().ShouldBe("function");
        span.Attribute("gen_ai.request.stop_sequences").ShouldBe(new[] { "END" });
        span.Attribute("gen_ai.output.type").ShouldBe("json");
        Convert.ToDouble(span.Attribute("gen_ai.request.top_p")).ShouldBe(0.9, 0.001);
    }

    [Fact]
    public async Task Using_the_buffer_of_an_image_again_changes_nothing()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Chat));
        using var capture = ProbeCapture.Start();
        byte[] buffer = [1, 2, 3];

        Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini")
            .CompleteChat(new UserChatMessage(ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(buffer), "image/png")));
        Array.Clear(buffer);

        capture.Span("chat gpt-4o-mini").Text("gen_ai.input.messages")!.ShouldContain("\"content\":\"AQID\"");
    }

    [Fact]
    public async Task Streamed_answers_of_several_choices_are_told_apart()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context,
        [
            Wire.ChatEvent("""[{"index":1,"delta":{"role":"assistant","content":"Tou"},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":0,"delta":{"role":"assistant","content":"Par"},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":2,"delta":{"role":"assistant","content":"Lyon"},"finish_reason":"content_filter"},{"index":0,"delta":{"content":"is"},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":1,"delta":{"content":"louse"},"finish_reason":"length"}]"""),
            Wire.ChatEvent("""[{"index":0,"delta":{},"finish_reason":"stop"}]"""),
            "data: [DONE]\n\n",
        ]));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");

        await ReadRawAsync(client, choices: 3);

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"text","content":"Paris"}],"finish_reason":"stop"},"""
            + """{"role":"assistant","parts":[{"type":"text","content":"Toulouse"}],"finish_reason":"length"},"""
            + """{"role":"assistant","parts":[{"type":"text","content":"Lyon"}],"finish_reason":"content_filter"}]""");
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "stop", "length", "content_filter" });
    }

    [Theory]
    [InlineData("data: ping\n\n")]
    [InlineData("data: {\"broken\":\n\n")]
    [InlineData(": comment\r\n\r\ndata: [1]\n\ndata: null\n\ndata: \"text\"\r\n\r\n")]
    public async Task A_streamed_event_that_is_no_chunk_hides_none_that_follows(string odd)
    {
        string events = string.Concat(
            odd, Wire.ChatEvents[0], odd, Wire.ChatEvents[1], odd, Wire.ChatEvents[2], Wire.ChatEvents[3], odd, Wire.ChatEvents[4]);
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context, [events]));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");

        (await ReadRawAsync(client)).ShouldBe(events);

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Text("gen_ai.output.messages").ShouldBe("""[{"role":"assistant","parts":[{"type":"text","content":"Paris."}],"finish_reason":"stop"}]""");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.IsError.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streamed_tool_calls_are_put_together(bool protocol)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context,
        [
            Wire.ChatEvent("""[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call-1","type":"function","function":{"name":"weather","arguments":""}}]},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\"Paris\"}"}}]},"finish_reason":null}]"""),
            Wire.ChatEvent("""[{"index":0,"delta":{},"finish_reason":"tool_calls"}]"""),
            "data: [DONE]\n\n",
        ]));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");

        if (protocol)
        {
            (await ReadRawAsync(client)).ShouldEndWith("data: [DONE]\n\n");
        }
        else
        {
            await foreach (StreamingChatCompletionUpdate _ in client.CompleteChatStreamingAsync(new UserChatMessage("Hi")))
            {
            }
        }

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_calls"}]""");
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_calls" });
    }

    [Theory]
    [InlineData("\"index\":0,")]
    [InlineData("")]
    public async Task Streamed_tool_calls_that_all_say_to_be_the_first_are_told_apart_by_their_identifiers(string index)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context,
        [
            Wire.ChatEvent($$$"""[{"index":0,"delta":{"role":"assistant","tool_calls":[{{{{index}}}"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Paris\"}"}}]},"finish_reason":null}]"""),
            Wire.ChatEvent($$$"""[{"index":0,"delta":{"tool_calls":[{{{{index}}}"id":"b","type":"function","function":{"name":"weather","arguments":"{\"city\":"}}]},"finish_reason":null}]"""),
            Wire.ChatEvent($$$"""[{"index":0,"delta":{"tool_calls":[{{{{index}}}"function":{"arguments":"\"Rome\"}"}}]},"finish_reason":"tool_calls"}]"""),
            "data: [DONE]\n\n",
        ]));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");

        await ReadRawAsync(client);

        capture.Span("chat gpt-4o-mini").Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"a","name":"weather","arguments":{"city":"Paris"}},"""
            + """{"type":"tool_call","id":"b","name":"weather","arguments":{"city":"Rome"}}],"finish_reason":"tool_calls"}]""");
    }

    [Fact]
    public async Task An_agent_loop_of_three_rounds_is_one_trace()
    {
        string[] answers = [ToolRequest("call-1", "weather"), ToolRequest("call-2", "clock"), Wire.Chat];
        int round = 0;
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, answers[round++]));
        using var capture = ProbeCapture.Start();
        ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");
        List<ChatMessage> messages = [new UserChatMessage("Weather and time?")];

        using (TraceScope trace = Probe.StartTrace("assistant", sessionId: "s-1"))
        using (SpanScope agent = trace.StartSpan("planner", ProbeSpanKind.Agent))
        {
            while (true)
            {
                ChatCompletion completion = await client.CompleteChatAsync(messages);
                messages.Add(new AssistantChatMessage(completion));
                if (completion.FinishReason != ChatFinishReason.ToolCalls)
                    break;
                foreach (ChatToolCall call in completion.ToolCalls)
                {
                    using SpanScope tool = Probe.StartSpan(call.FunctionName, ProbeSpanKind.Tool);
                    messages.Add(new ToolChatMessage(call.Id, "done"));
                }
            }
        }

        capture.Spans.Select(span => span.Name)
            .ShouldBe(["assistant", "planner", "chat gpt-4o-mini", "weather", "chat gpt-4o-mini", "clock", "chat gpt-4o-mini"]);
        CapturedSpan agentSpan = capture.Span("planner");
        capture.Spans.Skip(2).ShouldAllBe(span => span.Parent!.Id == agentSpan.Id);
        capture.Spans.ShouldAllBe(
            span => span.Attribute("session.id") as string == "s-1" && span.Activity.TraceId == agentSpan.Activity.TraceId);
        capture.Spans.Sum(span => span.Attribute("gen_ai.usage.input_tokens") as long? ?? 0).ShouldBe(450);
        capture.Spans.Sum(span => span.Attribute("gen_ai.usage.output_tokens") as long? ?? 0).ShouldBe(240);

        // 86 tokens at 0.15, 64 cached ones at 0.075 and 80 of the answer at 0.60 dollars per million, three times.
        capture.Spans.Sum(span => span.Attribute("pandaprobe.cost.total") as double? ?? 0).ShouldBe(3 * 0.0000657, 1e-9);
    }

    private static string ToolRequest(string id, string name) => Wire.Chat
        .Replace("content\":\"Paris.\"", $$$"""content":null,"tool_calls":[{"id":"{{{id}}}","type":"function","function":{"name":"{{{name}}}","arguments":"{}"}}]""")
        .Replace("finish_reason\":\"stop\"", "finish_reason\":\"tool_calls\"");

    private static async Task<string> ReadRawAsync(ChatClient client, int choices = 1)
    {
        using PipelineResponse response = client.CompleteChat(
            System.ClientModel.BinaryContent.Create(BinaryData.FromString($$"""{"model":"gpt-4o-mini","n":{{choices}},"stream":true,"messages":[{"role":"user","content":"Hi"}]}""")),
            new RequestOptions { BufferResponse = false }).GetRawResponse();
        using StreamReader reader = new(response.ContentStream!);
        return await reader.ReadToEndAsync();
    }
}

using System.ClientModel;
using System.Diagnostics;
using OpenAI;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

public sealed class ResponsesTests
{
    private const string Output =
        """{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Think of France."},{"type":"summary_text","text":"Then answer."}]},"""
        + """{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"capital of France"}},"""
        + """{"type":"mcp_call","id":"mcp_1","server_label":"maps","name":"locate","arguments":"{\"city\":\"Paris\"}","output":"48.85","error":null},"""
        + """{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Paris.","annotations":[]}]},"""
        + """{"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Paris\"}","status":"completed"}""";

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Tools_are_spans_below_the_response_and_reasoning_is_metadata(bool streaming, bool sync)
    {
        string response = Wire.ResponseWith("completed", Output);
        await using WireServer server = await WireServer.StartAsync(context => streaming
            ? WireServer.WriteEventsAsync(context, [Wire.ResponseEvents[0], $$"""data: {"type":"response.completed","sequence_number":9,"response":{{response}}}""" + "\n\n"])
            : WireServer.WriteJsonAsync(context, response));
        using SpanRecording recording = new();
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();
        CreateResponseOptions options = new("gpt-5.4",
        [
            ResponseItem.CreateUserMessageItem(
                [ResponseContentPart.CreateInputTextPart("Look"),
                ResponseContentPart.CreateInputImagePart(new Uri("https://example.com/a.png"))]),
            ResponseItem.CreateFunctionCallItem("call_0", "weather", BinaryData.FromString("""{"city":"Rome"}""")),
            ResponseItem.CreateFunctionCallOutputItem("call_0", "sunny"),
        ])
        {
            ReasoningOptions = new() { ReasoningEffortLevel = ResponseReasoningEffortLevel.High },
            StreamingEnabled = streaming,
        };

        using (Probe.StartTrace("t"))
        {
            if (streaming && sync)
                client.CreateResponseStreaming(options).Count().ShouldBe(2);
            else if (streaming)
                await foreach (StreamingResponseUpdate _ in client.CreateResponseStreamingAsync(options)) { }
            else if (sync)
                client.CreateResponse(options);
            else
                await client.CreateResponseAsync(options);
        }

        Activity span = recording.Span("openai-response");
        recording.Spans.Select(each => each.DisplayName).ShouldBe(["web_search", "locate", "weather", "openai-response", "t"]);
        recording.Spans.Take(3)
            .ShouldAllBe(tool => tool.ParentSpanId == span.SpanId && tool.Tag("pandaprobe.span.kind") as string == "TOOL");
        recording.Span("locate").Text("gen_ai.tool.call.arguments").ShouldBe("""{"city":"Paris"}""");
        recording.Span("locate").Text("gen_ai.tool.call.result").ShouldBe("48.85");
        recording.Span("weather").Tag("gen_ai.tool.call.id").ShouldBe("call_1");
        recording.Span("web_search").Tag("gen_ai.tool.type").ShouldBe("extension");

        span.Tag("pandaprobe.metadata.reasoning_summary").ShouldBe("Think of France.\n\nThen answer.");
        span.Tag("pandaprobe.model_parameters.reasoning_effort").ShouldBe("high");
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_call" });
        span.Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"user","parts":[{"type":"text","content":"Look"},{"type":"uri","modality":"image","mime_type":"image/*","uri":"https://example.com/a.png"}]},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"call_0","name":"weather","arguments":{"city":"Rome"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"call_0","response":"sunny"}]}]""");
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"Think of France."},{"type":"reasoning","content":"Then answer."},{"type":"tool_call","id":"ws_1","name":"web_search","arguments":{"type":"search","query":"capital of France"}},"""
            + """{"type":"tool_call","id":"mcp_1","name":"locate","arguments":{"city":"Paris"}},{"type":"text","content":"Paris."},{"type":"tool_call","id":"call_1","name":"weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_call"}]""");
    }

    [Fact]
    public async Task A_response_that_failed_is_an_error_though_nothing_was_thrown()
    {
        string response = Wire.ResponseWith("failed", "").Replace("error\":null", """error":{"code":"server_error","message":"It broke."}""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, response));
        using SpanRecording recording = new();

        await Caller.NewClient(server.Address).GetResponsesClient().WithPandaProbe().CreateResponseAsync("gpt-5.4", "Hi");

        Activity span = recording.Span("openai-response");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.StatusDescription.ShouldBe("It broke.");
        span.Tag("error.type").ShouldBe("server_error");
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "error" });
    }

    [Theory]
    [InlineData("\"no such city\"", "", "no such city")]
    [InlineData("""{"type":"mcp_tool_execution_error","content":[{"type":"text","text":"no such city"}]}""", "", "no such city")]
    [InlineData("""{"type":"http_error","code":502,"message":"bad gateway"}""", "", "bad gateway")]
    [InlineData("null", ",\"status\":\"failed\"", "failed")]
    public async Task A_tool_that_failed_is_an_error_with_or_without_a_status(string error, string status, string description)
    {
        string response = Wire.ResponseWith(
            "completed", $$"""{"type":"mcp_call","id":"mcp_1","server_label":"maps","name":"locate","arguments":"{}","output":null,"error":{{error}}{{status}}}""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, response));
        using SpanRecording recording = new();

        await Caller.NewClient(server.Address).GetResponsesClient().WithPandaProbe()
            .CreateResponseAsync(BinaryContent.Create(BinaryData.FromString("""{"model":"gpt-5.4","input":"Where is it?"}""")));

        recording.Span("locate").Status.ShouldBe(ActivityStatusCode.Error);
        recording.Span("locate").StatusDescription.ShouldBe(description);
        recording.Span("openai-response").Status.ShouldNotBe(ActivityStatusCode.Error);
    }
}

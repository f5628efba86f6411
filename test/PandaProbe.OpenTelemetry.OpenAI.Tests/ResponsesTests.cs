using System.ClientModel;
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
    public async Task Tools_that_the_service_ran_are_spans_below_the_response_and_reasoning_is_metadata(bool streaming, bool sync)
    {
        string response = Wire.ResponseWith("completed", Output);
        await using WireServer server = await WireServer.StartAsync(context => streaming
            ? WireServer.WriteEventsAsync(context, [Wire.ResponseEvents[0], $$"""data: {"type":"response.completed","sequence_number":9,"response":{{response}}}""" + "\n\n"])
            : WireServer.WriteJsonAsync(context, response));
        using var capture = ProbeCapture.Start();
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

        CapturedSpan span = capture.Span("chat gpt-5.4");
        capture.Spans.Select(each => each.Name).ShouldBe(["t", "chat gpt-5.4", "web_search", "locate"]);
        capture.Spans.Skip(2)
            .ShouldAllBe(tool => tool.Parent!.Id == span.Id && tool.Attribute("pandaprobe.span.kind") as string == "TOOL");
        capture.Span("locate").Text("gen_ai.tool.call.arguments").ShouldBe("""{"city":"Paris"}""");
        capture.Span("locate").Text("gen_ai.tool.call.result").ShouldBe("48.85");
        capture.Span("locate").Attribute("gen_ai.tool.call.id").ShouldBe("mcp_1");
        capture.Span("web_search").Attribute("gen_ai.tool.type").ShouldBe("extension");

        span.Attribute("pandaprobe.metadata.reasoning_summary").ShouldBe("Think of France.\n\nThen answer.");
        span.Attribute("pandaprobe.model_parameters.reasoning_effort").ShouldBe("high");
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_call" });
        span.Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"user","parts":[{"type":"text","content":"Look"},{"type":"uri","modality":"image","mime_type":"image/*","uri":"https://example.com/a.png"}]},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"call_0","name":"weather","arguments":{"city":"Rome"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"call_0","response":"sunny"}]}]""");
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"Think of France."},{"type":"reasoning","content":"Then answer."},{"type":"server_tool_call","id":"ws_1","name":"web_search","server_tool_call":{"type":"web_search","arguments":{"type":"search","query":"capital of France"}}},"""
            + """{"type":"server_tool_call","id":"mcp_1","name":"locate","server_tool_call":{"type":"locate","arguments":{"city":"Paris"}}},{"type":"text","content":"Paris."},{"type":"tool_call","id":"call_1","name":"weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_call"}]""");
    }

    [Fact]
    public async Task A_stream_whose_last_event_the_package_cannot_write_again_loses_nothing()
    {
        // Of an MCP server's address the service returns only this, and the package cannot write a relative address.
        string response = Wire.ResponseWith("incomplete", Output)
            .Replace("tools\":[]", """tools":[{"type":"mcp","server_label":"maps","server_url":"<redacted>","require_approval":"never"}]""")
            .Replace("incomplete_details\":null", """incomplete_details":{"reason":"max_output_tokens"}""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(
            context, [$$"""data: {"type":"response.incomplete","sequence_number":9,"response":{{response}}}""" + "\n\n"]));
        using var capture = ProbeCapture.Start();
        ResponsesClient client = Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient();

        await foreach (StreamingResponseUpdate _ in client.CreateResponseStreamingAsync("gpt-5.4", "Hi")) { }

        CapturedSpan span = capture.Span("chat gpt-5.4");
        span.Attribute("gen_ai.response.id").ShouldBe("resp_1");
        span.Attribute("gen_ai.response.model").ShouldBe("gpt-4o-mini-2024-07-18");
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "length" });
        span.Usage.ShouldBe(new(150, 80, 64, 0, 20));
        span.Attribute("pandaprobe.metadata.reasoning_summary").ShouldBe("Think of France.\n\nThen answer.");
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
        capture.Span("locate").Parent!.Id.ShouldBe(span.Id);
    }

    [Fact]
    public async Task Web_searches_of_the_service_are_charged_and_pages_that_it_opens_are_not()
    {
        string response = Wire.ResponseWith("completed", string.Join(',', new[] { "search", "open_page", "search" }.Select(
            (action, i) => $$$"""{"type":"web_search_call","id":"ws_{{{i}}}","status":"completed","action":{"type":"{{{action}}}"}}""")))
            .Replace("gpt-4o-mini-2024-07-18", "gpt-5.4");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, response));
        using var capture = ProbeCapture.Start();

        await Caller.NewClient(server.Address).WithPandaProbe().GetResponsesClient().CreateResponseAsync("gpt-5.4", "Hi");

        CapturedSpan span = capture.Span("chat gpt-5.4");
        span.Attribute("pandaprobe.usage.web_searches").ShouldBe(2L);
        span.Attribute("pandaprobe.cost.web_search").ShouldBe(0.02);
        ((double)span.Attribute("pandaprobe.cost.total")!).ShouldBeGreaterThan(0.02);
    }

    [Fact]
    public async Task A_response_that_failed_is_an_error_though_nothing_was_thrown()
    {
        string response = Wire.ResponseWith("failed", "").Replace("error\":null", """error":{"code":"server_error","message":"It broke."}""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, response));
        using var capture = ProbeCapture.Start();

        await Caller.NewClient(server.Address).GetResponsesClient().WithPandaProbe().CreateResponseAsync("gpt-5.4", "Hi");

        CapturedSpan span = capture.Span("chat gpt-5.4");
        span.IsError.ShouldBeTrue();
        span.ErrorMessage.ShouldBe("It broke.");
        span.Attribute("error.type").ShouldBe("server_error");
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "error" });
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
        using var capture = ProbeCapture.Start();

        await Caller.NewClient(server.Address).GetResponsesClient().WithPandaProbe()
            .CreateResponseAsync(BinaryContent.Create(BinaryData.FromString("""{"model":"gpt-5.4","input":"Where is it?"}""")));

        capture.Span("locate").IsError.ShouldBeTrue();
        capture.Span("locate").ErrorMessage.ShouldBe(description);
        capture.Span("chat gpt-5.4").IsError.ShouldBeFalse();
    }
}

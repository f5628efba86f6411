using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace PandaProbe.Claude;

public sealed class ClientTests
{
    [Fact]
    public async Task Without_the_wrapper_a_call_is_a_span_without_what_was_said()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Message));
        using var recording = ProbeCapture.Start();
        using AnthropicClient client = Client(server);

        using (Probe.Session("s-1"))
        using (Probe.User("u-1"))
            await client.Messages.Create(Request());

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Attribute("pandaprobe.span.kind").ShouldBe("LLM");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Attribute("session.id").ShouldBe("s-1");
        span.Attribute("user.id").ShouldBe("u-1");
        span.Attributes.ContainsKey("gen_ai.input.messages").ShouldBeFalse();
    }

    [Fact]
    public async Task As_a_chat_client_a_call_is_one_span()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Message));
        using var recording = ProbeCapture.Start();
        using AnthropicClient client = Client(server);
        IChatClient chat = client.WithPandaProbe().AsIChatClient("claude-sonnet-4-5", 1024).WithPandaProbe();

        await chat.GetResponseAsync("Hi");

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Activity.Source.Name.ShouldBe("PandaProbe");
        span.Name.ShouldBe("chat claude-sonnet-4-5");
        span.Attribute("gen_ai.provider.name").ShouldBe("anthropic");
        span.Usage.ShouldBe(new(150, 80, 64, 7));
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }

    [Fact]
    public async Task What_was_cached_for_an_hour_is_charged_as_such()
    {
        const string Written = "\"cache_creation_input_tokens\":7";
        string answer = Wire.Message.Replace(Written, Written + ""","cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":5}""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, answer));
        using var recording = ProbeCapture.Start();
        using AnthropicClient client = Client(server);
        await client.WithPandaProbe().Messages.Create(Request());

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Attribute("gen_ai.usage.cache_creation.input_tokens").ShouldBe(7L);
        span.Attribute("pandaprobe.usage.cache_creation_1h_tokens").ShouldBe(5L);
        span.Attribute("pandaprobe.cost.cache_write").ShouldBe((double)((2 * 3.75m + 5 * 6m) / 1_000_000));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Compacting_the_conversation_is_part_of_the_tokens_and_of_the_cost(bool asChatClient)
    {
        const string Used = "\"output_tokens\":80";
        string answer = Wire.Message.Replace(Used, Used + ""","iterations":[{"type":"compaction","input_tokens":50000,"output_tokens":1200},{"type":"message","input_tokens":79,"output_tokens":80}]""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, answer));
        using var recording = ProbeCapture.Start();
        using AnthropicClient client = Client(server);
        if (asChatClient)
            await client.AsIChatClient("claude-sonnet-4-5", 1024).WithPandaProbe().GetResponseAsync("Hi");
        else
            await client.Messages.Create(Request());

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Usage.ShouldBe(new(50_150, 1_280, 64, 7));
        span.Attribute("pandaprobe.usage.compaction_input_tokens").ShouldBe(50_000L);
        span.Attribute("pandaprobe.usage.compaction_output_tokens").ShouldBe(1_200L);
        span.Attribute("pandaprobe.cost.compaction").ShouldBe(0.168);
        ((double)span.Attribute("pandaprobe.cost.total")!).ShouldBe(0.168 + 0.00148245, 1e-12);
        span.Activity.TagObjects.ShouldNotContain(tag => tag.Key.StartsWith("anthropic.usage.compaction"));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public async Task Web_searches_of_the_provider_are_charged_and_are_no_calls_of_a_tool_of_the_caller(bool asChatClient, int searches)
    {
        const string Hit = """[{"type":"web_search_result","url":"https://x/","title":"t","encrypted_content":"e","page_age":null}]""";
        string answer = Wire.Message
            .Replace("\"output_tokens\":80",
            "\"output_tokens\":80,\"server_tool_use\":{\"web_search_requests\":3,\"web_fetch_requests\":0}")
            .Replace("""{"type":"text","text":"Paris."}""", string.Join(',', Search("1", Hit), Search("2", Hit),
                Search("3", """{"type":"web_search_tool_result_error","error_code":"unavailable"}"""), """{"type":"text","text":"Paris."}"""));
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, answer));
        using var recording = ProbeCapture.Start();
        using AnthropicClient client = Client(server);
        if (asChatClient)
            await client.AsIChatClient("claude-sonnet-4-5", 1024).WithPandaProbe().GetResponseAsync("Hi");
        else
            await client.WithPandaProbe().Messages.Create(Request());

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Attribute("pandaprobe.usage.web_searches").ShouldBe((long)searches);
        span.Attribute("pandaprobe.cost.web_search").ShouldBe(searches * 0.01);
        span.Text("gen_ai.output.messages")!.ShouldContain("""{"type":"server_tool_call","id":"srvtoolu_1","name":"web_search","server_tool_call":{"type":"web_search","arguments":""");
        span.Text("gen_ai.output.messages")!.ShouldContain("""{"type":"server_tool_call_response","id":"srvtoolu_1","server_tool_call_response":{"type":"web_search","response":""");

        static string Search(string id, string result) =>
            $$$"""{"type":"server_tool_use","id":"srvtoolu_{{{id}}}","name":"web_search","input":{"query":"capital"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_{{{id}}}","content":{{{result}}}}""";
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_call_that_failed_says_why_and_with_the_wrapper_what_was_asked(bool wrapped)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Error, 400));
        using var recording = ProbeCapture.Start();
        using AnthropicClient bare = Client(server);
        AnthropicClient client = wrapped ? bare.WithPandaProbe() : bare;
        Dictionary<string, JsonElement> body = new()
        {
            ["temperature"] = JsonSerializer.SerializeToElement(1),
            ["top_p"] = JsonSerializer.SerializeToElement(0.5),
            ["top_k"] = JsonSerializer.SerializeToElement(40),
            ["service_tier"] = JsonSerializer.SerializeToElement("auto"),
            ["model"] = JsonSerializer.SerializeToElement("claude-sonnet-4-5"),
            ["max_tokens"] = JsonSerializer.SerializeToElement(100),
            ["tool_choice"] = JsonDocument.Parse("""{"type":"any"}""").RootElement,
            ["tools"] = JsonDocument.Parse("""[{"name":"weather","description":"Tells it.","input_schema":{"type":"object"}}]""").RootElement,
            ["messages"] = JsonDocument.Parse(Conversation).RootElement,
        };

        Exception thrown = await Should.ThrowAsync<AnthropicBadRequestException>(() => client.Messages.Create(
            MessageCreateParams.FromRawUnchecked(new Dictionary<string, JsonElement>(), new Dictionary<string, JsonElement>(), body)));

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.IsError.ShouldBeTrue();
        span.Attribute("error.type").ShouldBe("invalid_request_error");
        span.ErrorMessage.ShouldBe(thrown.Message);
        CapturedEvent error = span.Events.ShouldHaveSingleItem();
        error.Name.ShouldBe("exception");
        error.Attributes["exception.message"].ShouldBe(thrown.Message);
        span.Attribute("gen_ai.request.temperature").ShouldBe(wrapped ? 1.0 : null);
        span.Attribute("gen_ai.request.top_p").ShouldBe(wrapped ? 0.5 : null);
        span.Attribute("gen_ai.request.top_k").ShouldBe(wrapped ? 40.0 : null);
        span.Attribute("pandaprobe.model_parameters.service_tier").ShouldBe(wrapped ? "auto" : null);
        span.Attribute("pandaprobe.model_parameters.tool_choice").ShouldBe(wrapped ? "any" : null);
        span.Text("gen_ai.tool.definitions").ShouldBe(
            wrapped ? """[{"type":"function","name":"weather","description":"Tells it.","parameters":{"type":"object"}}]""" : null);
        span.Text("gen_ai.input.messages").ShouldBe(wrapped ? RecordedConversation : null);
    }

    private const string Conversation =
        """[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},{"type":"image","source":{"type":"url","url":"https://x/a.png"}},"""
        + """{"type":"document","source":{"type":"file","file_id":"file_1"}},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"Words"}},{"type":"text","text":"Look"}]},"""
        + """{"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Paris"}},"""
        + """{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"q"}},{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[]}]},"""
        + """{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"sunny"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}}]}]},{"role":"user","content":"And?"}]""";

    private const string RecordedConversation =
        """[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"AQID"},{"type":"uri","modality":"image","mime_type":"image/*","uri":"https://x/a.png"},"""
        + """{"type":"file","modality":"document","file_id":"file_1"},{"type":"text","content":"Words"},{"type":"text","content":"Look"}]},"""
        + """{"role":"assistant","parts":[{"type":"reasoning","content":"Hm"},{"type":"tool_call","id":"toolu_1","name":"weather","arguments":{"city":"Paris"}},"""
        + """{"type":"server_tool_call","id":"srvtoolu_1","name":"web_search","server_tool_call":{"type":"web_search","arguments":{"query":"q"}}},{"type":"server_tool_call_response","id":"srvtoolu_1","server_tool_call_response":{"type":"web_search","response":[]}}]},"""
        + """{"role":"user","parts":[{"type":"tool_call_response","id":"toolu_1","response":"sunny\n[image/png]"}]},{"role":"user","parts":[{"type":"text","content":"And?"}]}]""";

    [Fact]
    public void The_wrapper_keeps_what_was_set()
    {
        using AnthropicClient client = new()
        {
            ApiKey = "k",
            BaseUrl = "http://127.0.0.1:1",
            MaxRetries = 5,
            OpenTelemetry = new() { Traces = new() { MaxContentBytes = 77 } },
        };

        AnthropicClient traced = client.WithPandaProbe();

        traced.MaxRetries.ShouldBe(5);
        traced.BaseUrl.ShouldBe("http://127.0.0.1:1");
        traced.OpenTelemetry!.Traces!.MaxContentBytes.ShouldBe(77);
        traced.OpenTelemetry.Traces.ContentMode.ShouldBe(OpenTelemetryContentMode.Content);
        ((IAnthropicClient)client).WithPandaProbe().OpenTelemetry!.Traces!.ContentMode.ShouldBe(OpenTelemetryContentMode.Content);
        client.OpenTelemetry.Traces.ContentMode.ShouldBeNull();
    }

    [Fact]
    public async Task Tool_calls_and_their_stop_reason_come_out_as_everywhere_else()
    {
        string answer = Wire.Message
            .Replace("""{"type":"text","text":"Paris."}""", """{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Paris"}}""")
            .Replace("end_turn", "tool_use");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, answer));
        using var recording = ProbeCapture.Start();
        using AnthropicClient client = Client(server);

        await client.WithPandaProbe().Messages.Create(Request());

        CapturedSpan span = recording.Spans.ShouldHaveSingleItem();
        span.Attribute("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_call" });
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"Let me think."},{"type":"tool_call","id":"toolu_1","name":"weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_call"}]""");
    }

    private static AnthropicClient Client(WireServer server) =>
        new() { ApiKey = "k", BaseUrl = server.Address.ToString().TrimEnd('/'), MaxRetries = 0 };

    private static MessageCreateParams Request() =>
        new() { MaxTokens = 100, Model = "claude-sonnet-4-5", Messages = [new UserMessageParam { Content = "Hi" }] };
}

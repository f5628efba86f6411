using System.Diagnostics;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;
using Microsoft.Extensions.AI;

namespace PandaProbe.Claude;

public sealed class ClientTests
{
    [Fact]
    public async Task Without_the_wrapper_a_call_is_a_span_without_what_was_said()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Message));
        using SpanRecording recording = new();
        using AnthropicClient client = Client(server);

        using (Probe.Session("s-1"))
        using (Probe.User("u-1"))
            await client.Messages.Create(Request());

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Tag("session.id").ShouldBe("s-1");
        span.Tag("user.id").ShouldBe("u-1");
        span.HasTag("gen_ai.input.messages").ShouldBeFalse();
    }

    [Fact]
    public async Task As_a_chat_client_a_call_is_one_span()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Message));
        using SpanRecording recording = new();
        using AnthropicClient client = Client(server);
        IChatClient chat = client.WithPandaProbe().AsIChatClient("claude-sonnet-4-5", 1024).WithPandaProbe();

        await chat.GetResponseAsync("Hi");

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Source.Name.ShouldBe("PandaProbe");
        span.DisplayName.ShouldBe("chat claude-sonnet-4-5");
        span.Tag("gen_ai.provider.name").ShouldBe("anthropic");
        span.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        span.Tag("gen_ai.usage.cache_read.input_tokens").ShouldBe(64L);
        span.Tag("gen_ai.usage.cache_creation.input_tokens").ShouldBe(7L);
        span.Text("gen_ai.output.messages")!.ShouldContain("Paris.");
    }

    [Fact]
    public async Task What_was_cached_for_an_hour_is_charged_as_such()
    {
        const string Written = "\"cache_creation_input_tokens\":7";
        string answer = Wire.Message.Replace(Written, Written + ""","cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":5}""");
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, answer));
        using SpanRecording recording = new();
        using AnthropicClient client = Client(server);
        await client.WithPandaProbe().Messages.Create(Request());

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Tag("gen_ai.usage.cache_creation.input_tokens").ShouldBe(7L);
        span.Tag("pandaprobe.usage.cache_creation_1h_tokens").ShouldBe(5L);
        span.Tag("pandaprobe.cost.cache_write").ShouldBe((double)((2 * 3.75m + 5 * 6m) / 1_000_000));
    }

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
        using SpanRecording recording = new();
        using AnthropicClient client = Client(server);

        await client.WithPandaProbe().Messages.Create(Request());

        Activity span = recording.Spans.ShouldHaveSingleItem();
        span.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "tool_call" });
        span.Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"Let me think."},{"type":"tool_call","id":"toolu_1","name":"weather","arguments":{"city":"Paris"}}],"finish_reason":"tool_call"}]""");
    }

    private static AnthropicClient Client(WireServer server) =>
        new() { ApiKey = "k", BaseUrl = server.Address.ToString().TrimEnd('/'), MaxRetries = 0 };

    private static MessageCreateParams Request() =>
        new() { MaxTokens = 100, Model = "claude-sonnet-4-5", Messages = [new UserMessageParam { Content = "Hi" }] };
}

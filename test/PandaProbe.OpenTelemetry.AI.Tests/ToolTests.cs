using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class ToolTests
{
    [Fact]
    public async Task An_agent_loop_of_three_rounds_is_one_trace()
    {
        using var capture = ProbeCapture.Start();
        int round = 0;
        IChatClient client = new ScriptedChatClient
        {
            Answer = (_, _, _) => Task.FromResult(++round < 3 ? ToolRequest(round) : Conversations.Answer),
        }.WithPandaProbe();
        AIFunction weather = AIFunctionFactory.Create((string city) => $"sunny in {city}", "weather").WithPandaProbe();
        List<ChatMessage> messages = [new(ChatRole.User, "Weather?")];

        using (TraceScope trace = Probe.StartTrace("assistant", sessionId: "s-1"))
        using (SpanScope agent = trace.StartSpan("planner", ProbeSpanKind.Agent))
        {
            while (true)
            {
                ChatResponse response = await client.GetResponseAsync(messages, new() { Tools = [weather] });
                messages.AddRange(response.Messages);
                FunctionCallContent[] calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];
                if (calls.Length == 0)
                    break;
                foreach (FunctionCallContent call in calls)
                {
                    messages.Add(new(ChatRole.Tool,
                        [new FunctionResultContent(call.CallId, await weather.InvokeAsync(new(call.Arguments)))]));
                }
            }
        }

        capture.Spans.Select(span => (string)span.Attribute("pandaprobe.span.kind")!)
            .ShouldBe(["TRACE", "AGENT", "LLM", "TOOL", "LLM", "TOOL", "LLM"]);
        CapturedSpan agentSpan = capture.Span("planner");
        capture.Spans.Skip(2).ShouldAllBe(span => span.Parent!.Id == agentSpan.Id);
        capture.Spans.ShouldAllBe(span => span.Attribute("session.id") as string == "s-1");
        capture.Spans.Sum(span => span.Attribute("gen_ai.usage.input_tokens") as long? ?? 0).ShouldBe(100 + 100 + 150);
        CapturedSpan tool = capture.Spans[3];
        tool.Name.ShouldBe("weather");
        tool.Text("gen_ai.tool.call.arguments").ShouldBe("""{"city":"Paris"}""");
        tool.Text("gen_ai.tool.call.result").ShouldBe("\"sunny in Paris\"");
        capture.Spans[6].Text("gen_ai.input.messages")!.ShouldContain("sunny in Paris");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Function_invocation_gets_the_source_for_the_spans_of_its_tools_from_the_wrapped_client(bool recordsArguments)
    {
        using var capture = ProbeCapture.Start();
        int round = 0;
        IChatClient inner = new ScriptedChatClient
        {
            Answer = (_, _, _) =>
                Task.FromResult(++round < 2 ? ToolRequest(round) : Conversations.Answer)
        }.WithPandaProbe();
        AIFunction weather = AIFunctionFactory.Create((string city) => $"sunny in {city}", "weather").WithPandaProbe();
        IChatClient client = new FunctionInvocationDouble(inner, weather, recordsArguments);

        using (Probe.StartTrace("t"))
            await client.GetResponseAsync("Weather?");

        capture.Spans.Select(span => span.Name)
            .ShouldBe(["t", "orchestrate_tools", "chat gpt-4o-mini", "execute_tool weather", "chat gpt-4o-mini"]);
        CapturedSpan loop = capture.Span("orchestrate_tools");
        loop.Attribute("pandaprobe.span.kind").ShouldBe("CHAIN");
        capture.Spans.Skip(2).ShouldAllBe(span => span.Parent!.Id == loop.Id);
        CapturedSpan tool = capture.Span("execute_tool weather");
        tool.Attribute("pandaprobe.span.kind").ShouldBe("TOOL");
        tool.Attribute("gen_ai.tool.name").ShouldBe("weather");
        tool.Text("gen_ai.tool.call.arguments").ShouldBe("""{"city":"Paris"}""");
        tool.Text("gen_ai.tool.call.result").ShouldBe("\"sunny in Paris\"");
        loop.Attribute("gen_ai.usage.input_tokens").ShouldBeNull();
        loop.Attribute("pandaprobe.metadata.summed_input_tokens").ShouldBe(250);
        capture.Spans.Sum(span => Convert.ToInt64(span.Attribute("gen_ai.usage.input_tokens"))).ShouldBe(250);
    }

    [Fact]
    public async Task A_tool_that_fails_is_an_error_and_its_exception_passes()
    {
        using var capture = ProbeCapture.Start();
        InvalidOperationException failure = new("no weather today");
        AIFunction weather = AIFunctionFactory.Create(string () => throw failure, "weather").WithPandaProbe();

        (await Should.ThrowAsync<InvalidOperationException>(async () => await weather.InvokeAsync())).ShouldBeSameAs(failure);

        CapturedSpan span = capture.Span("weather");
        span.IsError.ShouldBeTrue();
        span.ErrorMessage.ShouldBe("no weather today");
        span.Events.Count(happened => happened.Name == "exception").ShouldBe(1);
    }

    private static ChatResponse ToolRequest(int round) =>
        new(new ChatMessage(ChatRole.Assistant,
            [new FunctionCallContent("call-" + round, "weather", new Dictionary<string, object?> { ["city"] = "Paris" })]))
        {
            FinishReason = ChatFinishReason.ToolCalls,
            Usage = new() { InputTokenCount = 100, OutputTokenCount = 10 },
        };

    /// <summary>
    /// Function invocation of Microsoft.Extensions.AI, reduced to its spans: the source of the inner client, a loop that sums, tools with
    /// their facts.
    /// </summary>
    private sealed class FunctionInvocationDouble(IChatClient inner, AIFunction function, bool recordsArguments)
        : DelegatingChatClient(inner)
    {
        public override async Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var source = (ActivitySource?)InnerClient.GetService(typeof(ActivitySource));
            using Activity? loop = source?.StartActivity("orchestrate_tools");
            List<ChatMessage> conversation = [.. messages];
            UsageDetails sum = new();
            while (true)
            {
                ChatResponse response = await InnerClient.GetResponseAsync(conversation, options, cancellationToken);
                sum.Add(response.Usage!);
                if (response.Messages[0].Contents is not [FunctionCallContent call])
                {
                    loop?.AddTag("gen_ai.usage.input_tokens", (int)sum.InputTokenCount!)
                        .AddTag("gen_ai.usage.output_tokens", (int)sum.OutputTokenCount!);
                    return response;
                }

                using Activity? run = source?.StartActivity("execute_tool " + call.Name, ActivityKind.Internal, default(ActivityContext),
                [
                    new("gen_ai.operation.name", "execute_tool"), new("gen_ai.tool.type", "function"),
                        new("gen_ai.tool.call.id", call.CallId), new("gen_ai.tool.name", call.Name),
                ]);
                if (recordsArguments)
                    run?.SetTag("gen_ai.tool.call.arguments", JsonSerializer.Serialize(call.Arguments));
                conversation.Add(new(
                    ChatRole.Tool, [new FunctionResultContent(
                        call.CallId, await function.InvokeAsync(new(call.Arguments), cancellationToken))]));
            }
        }
    }
}

using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class ContentPolicyTests
{
    [Fact]
    public async Task Every_text_of_a_conversation_is_redacted()
    {
        using var capture = ProbeCapture.Start(
            options => options.Recording.Redact = text => text.Replace("4111", "[card]", StringComparison.Ordinal));
        List<ChatMessage> messages =
        [
            new(ChatRole.User, "My card is 4111"),
            new(ChatRole.Assistant,
            [new TextReasoningContent("4111"), new FunctionCallContent("1", "pay", new Dictionary<string, object?> { ["card"] = "4111" })]),
            new(ChatRole.Tool, [new FunctionResultContent("1", "paid with 4111")]),
        ];
        IChatClient client = new ScriptedChatClient
        {
            Answer = (_, _, _) =>
                Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "Paid with 4111.")))
        }.WithPandaProbe();

        await client.GetResponseAsync(messages, new() { Instructions = "4111" });

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Activity.TagObjects.ShouldNotContain(tag => Convert.ToString(tag.Value)!.Contains("4111"));
        span.Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"user","parts":[{"type":"text","content":"My card is [card]"}]},{"role":"assistant","parts":[{"type":"reasoning","content":"[card]"},{"type":"tool_call","id":"1","name":"pay","arguments":{"card":"[card]"}}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"paid with [card]"}]}]""");
        span.Text("gen_ai.output.messages")!.ShouldContain("[card]");
    }

    [Fact]
    public async Task Long_messages_are_shortened_and_say_so()
    {
        using var capture = ProbeCapture.Start(options => options.Recording.MaxContentLength = 200);
        List<ChatMessage> messages = [new(ChatRole.User, new string('a', 5000)),
            new(ChatRole.User, [new DataContent(new byte[3000], "image/png")])];
        IChatClient client = new ScriptedChatClient
        {
            Stream = _ =>
                Conversations.Stream([new(ChatRole.Assistant, new string('b', 900)), new(null, new string('c', 900))])
        }.WithPandaProbe();

        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(messages))
        {
        }

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Text("gen_ai.input.messages")!.Length.ShouldBeLessThan(500);
        span.Attribute("pandaprobe.metadata.input_original_length").ShouldBe(9000L);
        span.Attribute("pandaprobe.metadata.output_original_length").ShouldBe(1800L);
        span.Text("gen_ai.output.messages")!.ShouldContain("bbb…");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_function_that_calls_itself_has_a_span_for_every_run(bool content)
    {
        using var capture = ProbeCapture.Start(options => options.Recording.CaptureContent = content);
        AIFunction? walk = null;
        walk = AIFunctionFactory.Create(
            async Task (int steps) => _ = steps > 0 ? await walk!.InvokeAsync(new() { ["steps"] = steps - 1 }) : null, "walk")
            .WithPandaProbe();

        using (Probe.StartSpan("walk", ProbeSpanKind.Tool))
            await walk.InvokeAsync(new() { ["steps"] = 2 });

        capture.Spans.Count.ShouldBe(3);
        capture.Spans.Select(span => span.Text("gen_ai.tool.call.arguments"))
            .ShouldBe(content ? ["{\"steps\":2}", "{\"steps\":1}", "{\"steps\":0}"] : [null, null, null]);
    }
}

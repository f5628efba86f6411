using System.Collections;
using System.Diagnostics;
using System.Globalization;

namespace PandaProbe.Conventions;

/// <summary>Every tag that a span of this library leaves with over OTLP, as literals.</summary>
public sealed class RecordedTagsTests
{
    [Fact]
    public void A_span_that_uses_every_field_has_these_tags()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("asked", "openai", "call", "session", "user"))
        {
            span.SetInput([ProbeMessage.System("Be terse."), ProbeMessage.User("question")]);
            span.SetOutput([ProbeMessage.Assistant("answer")]);
            span.SetResponseModel("answered");
            span.SetTokenUsage(100, 20,
                new()
                {
                    ["cache_read_tokens"] = 30,
                    ["cache_write_tokens"] = 40,
                    ["reasoning_tokens"] = 5,
                    ["audio_input_tokens"] = 6,
                    ["mine"] = 7
                });
            span.SetModelParameters(new()
            {
                ["temperature"] = 0.7,
                ["top_p"] = 0.9,
                ["top_k"] = 40,
                ["max_tokens"] = 1000,
                ["frequency_penalty"] = 0.1,
                ["presence_penalty"] = 0.2,
                ["stop"] = "END",
                ["seed"] = 7,
                ["style"] = "calm",
            });
            span.SetCost(0.5m, new() { ["input"] = 0.3m });
            span.SetFinishReason("length");
            span.SetMetadata("key", "value");
            span.SetMetadata("flag", true);
        }

        TagsOf(recording.Span("call")).ShouldBe(
        [
            "gen_ai.conversation.id=session",
            """gen_ai.input.messages=[{"role":"system","parts":[{"type":"text","content":"Be terse."}]},{"role":"user","parts":[{"type":"text","content":"question"}]}]""",
            "gen_ai.operation.name=chat",
            """gen_ai.output.messages=[{"role":"assistant","parts":[{"type":"text","content":"answer"}],"finish_reason":"length"}]""",
            "gen_ai.provider.name=openai",
            "gen_ai.request.frequency_penalty=0.1",
            "gen_ai.request.max_tokens=1000",
            "gen_ai.request.model=asked",
            "gen_ai.request.presence_penalty=0.2",
            "gen_ai.request.seed=7",
            "gen_ai.request.stop_sequences=[END]",
            "gen_ai.request.temperature=0.7",
            "gen_ai.request.top_k=40",
            "gen_ai.request.top_p=0.9",
            "gen_ai.response.finish_reasons=[length]",
            "gen_ai.response.model=answered",
            "gen_ai.usage.cache_creation.input_tokens=40",
            "gen_ai.usage.cache_read.input_tokens=30",
            "gen_ai.usage.cost=0.5",
            "gen_ai.usage.input_tokens=100",
            "gen_ai.usage.output_tokens=20",
            "gen_ai.usage.reasoning.output_tokens=5",
            "openinference.span.kind=LLM",
            "pandaprobe.cost.input=0.3",
            "pandaprobe.cost.source=caller",
            "pandaprobe.cost.total=0.5",
            "pandaprobe.metadata.flag=True",
            "pandaprobe.metadata.key=value",
            "pandaprobe.model_parameters.style=calm",
            "pandaprobe.span.kind=LLM",
            "pandaprobe.token_count_method=reported",
            "pandaprobe.usage.audio_input_tokens=6",
            "pandaprobe.usage.mine=7",
            "session.id=session",
            "user.id=user",
        ]);
    }

    [Fact]
    public void A_trace_and_a_tool_that_use_every_field_have_these_tags()
    {
        using SpanRecording recording = new();
        using (TraceScope trace = Probe.StartTrace(
            "trace", input: "question", sessionId: "session", userId: "user", tags: ["a", "b"], metadata: new() { ["key"] = 1 }))
        {
            using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
            {
                tool.SetInput("given");
                tool.SetOutput("returned");
            }

            trace.SetOutput([ProbeMessage.Assistant("answer")]);
        }

        TagsOf(recording.Span("tool")).ShouldBe(
        [
            "gen_ai.conversation.id=session", "gen_ai.operation.name=execute_tool", "gen_ai.tool.call.arguments=given",
                "gen_ai.tool.call.result=returned",
            "gen_ai.tool.name=tool", "input.mime_type=text/plain", "input.value=given", "openinference.span.kind=TOOL",
            "output.mime_type=text/plain",
            "output.value=returned", "pandaprobe.span.kind=TOOL", "session.id=session", "tag.tags=[a,b]", "user.id=user",
        ]);
        TagsOf(recording.Span("trace")).ShouldBe(
        [
            "gen_ai.conversation.id=session", "input.mime_type=text/plain", "input.value=question", "output.mime_type=application/json",
            """output.value={"messages":[{"role":"assistant","content":"answer"}]}""", "pandaprobe.metadata.key=1", "pandaprobe.span.kind=TRACE",
            "session.id=session", "tag.tags=[a,b]", "user.id=user",
        ]);
    }

    private static string[] TagsOf(Activity span) =>
        [.. span.TagObjects.Select(tag => $"{tag.Key}={Text(tag.Value)}").Order(StringComparer.Ordinal)];

    private static string? Text(object? value) =>
        value is IEnumerable items and not string
            ? $"[{string.Join(',', items.Cast<object>())}]" : Convert.ToString(value, CultureInfo.InvariantCulture);
}

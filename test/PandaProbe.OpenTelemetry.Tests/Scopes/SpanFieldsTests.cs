using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PandaProbe.Scopes;

/// <summary>Every field of a trace and a span, and the attribute that it becomes.</summary>
public sealed partial class SpanFieldsTests
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void A_trace_carries_what_it_was_started_with()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace(
            "rag-pipeline", input: "What?", sessionId: "conversation-123", userId: "user-abc", tags: ["production", "eu"],
            metadata: new() { ["pipeline"] = "docs-qa" }))
        {
            trace.IsRecording.ShouldBeTrue();
            trace.SetOutput([ProbeMessage.Assistant("42")]);
            trace.SetMetadata(new() { ["attempt"] = 2, ["cached"] = true });
            trace.SetStatus(ProbeTraceStatus.Completed);
        }

        Activity activity = recording.Span("rag-pipeline");
        activity.Tag("pandaprobe.span.kind").ShouldBe("TRACE");
        activity.HasTag("openinference.span.kind").ShouldBeFalse();
        activity.Tag("session.id").ShouldBe("conversation-123");
        activity.Tag("gen_ai.conversation.id").ShouldBe("conversation-123");
        activity.Tag("user.id").ShouldBe("user-abc");
        activity.Tag("tag.tags").ShouldBe(new[] { "production", "eu" });
        activity.Tag("input.value").ShouldBe("What?");
        activity.Tag("input.mime_type").ShouldBe("text/plain");
        activity.Text("output.value").ShouldBe("""{"messages":[{"role":"assistant","content":"42"}]}""");
        activity.Tag("output.mime_type").ShouldBe("application/json");
        activity.Tag("pandaprobe.metadata.pipeline").ShouldBe("docs-qa");
        activity.Tag("pandaprobe.metadata.attempt").ShouldBe(2L);
        activity.Tag("pandaprobe.metadata.cached").ShouldBe(true);
        activity.Tag("pandaprobe.trace.status").ShouldBe("COMPLETED");
        activity.Kind.ShouldBe(ActivityKind.Internal);
    }

    [Fact]
    public void A_model_call_carries_what_was_said_about_it()
    {
        using SpanRecording recording = new();
        DateTimeOffset firstToken = default;

        using (SpanScope span = Probe.StartSpan("generate", ProbeSpanKind.Llm, model: "gpt-5.4"))
        {
            span.SetProvider("openai");
            span.SetResponseModel("gpt-5.4-2026-03-05");
            span.SetInput([ProbeMessage.System("Be terse."), ProbeMessage.User("Say \"hi\"\n😀")]);
            span.SetModelParameters(
                new() { ["temperature"] = 0.7, ["max_completion_tokens"] = 1000, ["stop"] = "END", ["reasoning_effort"] = "low" });
            firstToken = span.Activity!.StartTimeUtc.AddMilliseconds(250);
            span.SetCompletionStartTime(firstToken);
            span.SetOutput([ProbeMessage.Assistant("hi")]);
            span.SetFinishReason("length");
            span.SetTokenUsage(promptTokens: 150, completionTokens: 80,
                new() { ["reasoning_tokens"] = 20, ["cache_read_tokens"] = 64, ["audio_tokens"] = 3 });
            span.SetCost(total: 0.002m, new() { ["input"] = 0.0015m, ["output"] = 0.0005 });
        }

        Activity activity = recording.Span("generate");
        activity.Kind.ShouldBe(ActivityKind.Client);
        activity.Tag("pandaprobe.span.kind").ShouldBe("LLM");
        activity.Tag("openinference.span.kind").ShouldBe("LLM");
        activity.Tag("gen_ai.operation.name").ShouldBe("chat");
        activity.Tag("gen_ai.provider.name").ShouldBe("openai");
        activity.Tag("gen_ai.request.model").ShouldBe("gpt-5.4");
        activity.Tag("gen_ai.response.model").ShouldBe("gpt-5.4-2026-03-05");
        JsonNode.Parse(activity.Text("gen_ai.input.messages")!)!.ToJsonString(Readable).ShouldBe(
            """[{"role":"system","parts":[{"type":"text","content":"Be terse."}]},{"role":"user","parts":[{"type":"text","content":"Say \"hi\"\n\uD83D\uDE00"}]}]""");
        activity.Text("gen_ai.output.messages").ShouldBe("""[{"role":"assistant","parts":[{"type":"text","content":"hi"}],"finish_reason":"length"}]""");
        activity.Tag("gen_ai.response.finish_reasons").ShouldBe(new[] { "length" });
        activity.Tag("gen_ai.request.temperature").ShouldBe(0.7);
        activity.Tag("gen_ai.request.max_tokens").ShouldBe(1000L);
        activity.Tag("gen_ai.request.stop_sequences").ShouldBe(new[] { "END" });
        activity.Tag("pandaprobe.model_parameters.reasoning_effort").ShouldBe("low");
        activity.Tag("gen_ai.response.time_to_first_chunk").ShouldBe(0.25);
        activity.Tag("pandaprobe.completion_start_time").ShouldBe(firstToken.UtcDateTime.ToString("O"));
        activity.Tag("gen_ai.usage.input_tokens").ShouldBe(150L);
        activity.Tag("gen_ai.usage.output_tokens").ShouldBe(80L);
        activity.Tag("gen_ai.usage.reasoning.output_tokens").ShouldBe(20L);
        activity.Tag("gen_ai.usage.cache_read.input_tokens").ShouldBe(64L);
        activity.Tag("pandaprobe.usage.audio_tokens").ShouldBe(3L);
        activity.Tag("pandaprobe.token_count_method").ShouldBe("reported");
        activity.Tag("pandaprobe.cost.total").ShouldBe(0.002);
        activity.Tag("pandaprobe.cost.input").ShouldBe(0.0015);
        activity.Tag("pandaprobe.cost.output").ShouldBe(0.0005);
        activity.Tag("pandaprobe.cost.source").ShouldBe("caller");
        activity.Tag("gen_ai.usage.cost").ShouldBe(0.002);
        activity.TagObjects.GroupBy(tag => tag.Key).ShouldAllBe(same => same.Count() == 1);
    }

    [Theory]
    [InlineData(ProbeSpanKind.Tool, "TOOL", "execute_tool", "gen_ai.tool.name", ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Agent, "AGENT", "invoke_agent", "gen_ai.agent.name", ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Chain, "CHAIN", "invoke_workflow", "gen_ai.workflow.name", ActivityKind.Internal)]
    [InlineData(ProbeSpanKind.Retriever, "RETRIEVER", "retrieval", null, ActivityKind.Client)]
    [InlineData(ProbeSpanKind.Embedding, "EMBEDDING", "embeddings", null, ActivityKind.Client)]
    [InlineData(ProbeSpanKind.Other, "OTHER", null, null, ActivityKind.Internal)]
    [InlineData((ProbeSpanKind)99, "OTHER", null, null, ActivityKind.Internal)]
    public void A_kind_is_written_in_every_vocabulary(
        ProbeSpanKind kind, string name, string? operation, string? nameTag, ActivityKind activityKind)
    {
        using SpanRecording recording = new();

        using (Probe.StartSpan("step", kind))
        {
        }

        Activity activity = recording.Span("step");
        activity.Kind.ShouldBe(activityKind);
        activity.Tag("pandaprobe.span.kind").ShouldBe(name);
        activity.Tag("openinference.span.kind").ShouldBe(name == "OTHER" ? null : name);
        activity.Tag("gen_ai.operation.name").ShouldBe(operation);
        if (nameTag is not null)
            activity.Tag(nameTag).ShouldBe("step");
    }

    [Fact]
    public void A_tool_repeats_its_input_and_output_where_the_conventions_want_them()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("lookup", ProbeSpanKind.Tool))
        {
            span.SetInput(new { order = 7 });
            span.SetOutput("shipped");
        }

        Activity activity = recording.Span("lookup");
        activity.Tag("input.value").ShouldBe("""{"order":7}""");
        activity.Tag("gen_ai.tool.call.arguments").ShouldBe("""{"order":7}""");
        activity.Tag("output.value").ShouldBe("shipped");
        activity.Tag("gen_ai.tool.call.result").ShouldBe("shipped");
        activity.Tag("output.mime_type").ShouldBe("text/plain");
    }

    [Fact]
    public void Text_on_a_model_call_is_what_the_user_and_the_assistant_said()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("llm", ProbeSpanKind.Llm))
        {
            span.SetInput("question");
            span.SetOutput("answer");
        }

        recording.Span("llm").Text("gen_ai.input.messages").ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"question"}]}]""");
        recording.Span("llm").Text("gen_ai.output.messages").ShouldBe("""[{"role":"assistant","parts":[{"type":"text","content":"answer"}],"finish_reason":"stop"}]""");
    }

    [Fact]
    public void Objects_on_a_model_call_are_kept_as_json()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("classify", ProbeSpanKind.Llm))
            span.SetOutput(new { intent = "order_status", confidence = 0.96 });

        recording.Span("classify").Tag("output.value").ShouldBe("""{"intent":"order_status","confidence":0.96}""");
    }

    [Fact]
    public void Values_are_snapshots_of_the_moment()
    {
        using SpanRecording recording = new();
        List<ProbeMessage> messages = [ProbeMessage.User("first")];
        Dictionary<string, object> document = new() { ["title"] = "before" };

        using (SpanScope span = Probe.StartSpan("llm", ProbeSpanKind.Llm))
        {
            span.SetInput(messages);
            span.SetMetadata("document", document);
            messages[0] = ProbeMessage.User("changed");
            document["title"] = "after";
        }

        recording.Span("llm").Text("gen_ai.input.messages").ShouldNotBeNull().ShouldContain("first");
        recording.Span("llm").Tag("pandaprobe.metadata.document").ShouldBe("""{"title":"before"}""");
    }

    [Fact]
    public void Any_type_with_a_source_generated_context_needs_no_reflection()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            trace.SetInput(new Order(7, "tea"), OrderContext.Default.Order);
            trace.SetMetadata("order", ProbeValue.Json(new Order(8, "milk"), OrderContext.Default.Order));
        }

        recording.Span("trace").Tag("input.value").ShouldBe("""{"Id":7,"What":"tea"}""");
        recording.Span("trace").Tag("pandaprobe.metadata.order").ShouldBe("""{"Id":8,"What":"milk"}""");
    }

    [Fact]
    public void Fields_come_from_dictionaries_of_every_usual_type()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan(
            "span", ProbeSpanKind.Llm, metadata: new Dictionary<string, object> { ["nested"] = new[] { 1, 2 }, ["text"] = "t" }))
        {
            span.SetMetadata(new Dictionary<string, string> { ["s"] = "v" });
            span.SetMetadata(new Dictionary<string, object?>
            {
                ["nothing"] = null,
                ["when"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc)
            });
            span.SetTokenUsage(1, 2, new Dictionary<string, int> { ["reasoning_tokens"] = 1 });
            span.SetTokenUsage(details: new Dictionary<string, long> { ["cache_creation_tokens"] = 5 });
            span.SetCost(null, new Dictionary<string, decimal> { ["input"] = 0.25m, ["output"] = 0.5m });
            span.SetModelParameters(new Dictionary<string, double> { ["top_p"] = 0.5 });
            span.SetMetadata(new() { { "added", 1.5 }, { "b", 2 }, { "c", 3 }, { "d", 4 }, { "e", 5 }, { "f", 6 }, { "g", 7 },
                { "b", 8 } });
        }

        Activity activity = recording.Span("span");
        activity.Tag("pandaprobe.metadata.nested").ShouldBe("[1,2]");
        activity.Tag("pandaprobe.metadata.text").ShouldBe("t");
        activity.Tag("pandaprobe.metadata.s").ShouldBe("v");
        activity.HasTag("pandaprobe.metadata.nothing").ShouldBeFalse();
        activity.Tag("pandaprobe.metadata.when").ShouldBe("2026-01-02T03:04:05.0000000Z");
        activity.Tag("gen_ai.usage.reasoning.output_tokens").ShouldBe(1L);
        activity.Tag("gen_ai.usage.cache_creation.input_tokens").ShouldBe(5L);
        activity.Tag("pandaprobe.cost.total").ShouldBe(0.75);
        activity.Tag("gen_ai.request.top_p").ShouldBe(0.5);
        activity.Tag("pandaprobe.metadata.added").ShouldBe(1.5);
        activity.Tag("pandaprobe.metadata.b").ShouldBe(8L);
        activity.Tag("pandaprobe.metadata.g").ShouldBe(7L);
    }

    [Fact]
    public void The_identifiers_are_the_same_for_the_same_activity_and_derive_from_its_ids()
    {
        using SpanRecording recording = new();
        using Activity wider = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        wider.ActivityTraceFlags = ActivityTraceFlags.Recorded;

        using TraceScope inside = Probe.StartTrace("inside a request");
        using SpanScope span = inside.StartSpan("span");
        Activity.Current = null;
        using TraceScope root = Probe.StartTrace("a trace of its own");

        root.TraceId.ToString("N").ShouldBe(root.Activity!.TraceId.ToHexString());
        inside.TraceId.ToString("N").ShouldBe(wider.TraceId.ToHexString()[..16] + inside.Activity!.SpanId.ToHexString());
        span.SpanId.ToString("N").ShouldBe(wider.TraceId.ToHexString()[..16] + span.Activity!.SpanId.ToHexString());
    }

    [Fact]
    public void Copies_of_fields_share_nothing()
    {
        using SpanRecording recording = new();

        ProbeFields common = new() { ["a"] = 1, ["b"] = 2, ["c"] = 3 };
        ProbeFields first = common;
        first["d"] = "first";
        ProbeFields second = common;
        second["d"] = "second";
        second["c"] = 33;
        second["e"] = 5;
        second["f"] = 6;
        second["g"] = 7;

        Texts(common).ShouldBe("a=1 b=2 c=3");
        Texts(first).ShouldBe("a=1 b=2 c=3 d=first");
        Texts(second).ShouldBe("a=1 b=2 c=33 d=second e=5 f=6 g=7");

        static string Texts(ProbeFields fields) => string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}"));
    }

    [Theory]
    [InlineData(0.7f, 0.7)]
    [InlineData(-0.1f, -0.1)]
    [InlineData(0f, 0.0)]
    [InlineData(16777213f, 16777213.0)]
    [InlineData(float.MaxValue, (double)float.MaxValue)]
    [InlineData(float.Epsilon, (double)float.Epsilon)]
    [InlineData(float.NegativeInfinity, double.NegativeInfinity)]
    public void A_float_has_the_digits_that_were_written(float value, double recorded)
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
            span.SetModelParameters(new() { ["temperature"] = value });

        recording.Span("span").Tag("gen_ai.request.temperature").ShouldBe(recorded);
    }

    [Fact]
    public void Fields_that_were_read_from_json_are_what_they_are_there()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
        {
            span.SetMetadata(Read("""{"text":"docs","whole":3,"real":0.5,"flag":true,"none":null,"list":[1,"x"],"bad":"\ud800"}"""));
            span.SetModelParameters(Read("""{"temperature":0.7,"max_tokens":1000}"""));
        }

        Activity activity = recording.Span("span");
        activity.Tag("pandaprobe.metadata.text").ShouldBe("docs");
        activity.Tag("pandaprobe.metadata.whole").ShouldBe(3L);
        activity.Tag("pandaprobe.metadata.real").ShouldBe(0.5);
        activity.Tag("pandaprobe.metadata.flag").ShouldBe(true);
        activity.HasTag("pandaprobe.metadata.none").ShouldBeFalse();
        activity.Tag("pandaprobe.metadata.list").ShouldBe("""[1,"x"]""");
        activity.Tag("pandaprobe.metadata.bad").ShouldBe("\"System.Text.Json.JsonElement\"");
        activity.Tag("gen_ai.request.temperature").ShouldBe(0.7);
        activity.Tag("gen_ai.request.max_tokens").ShouldBe(1000L);

        static Dictionary<string, object> Read(string json) => JsonSerializer.Deserialize<Dictionary<string, object>>(json)!;
    }

    internal sealed record Order(int Id, string What);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class OrderContext : JsonSerializerContext;
}

using System.Collections;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OpenTelemetry;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Trace;
using PandaProbe.Hosting;
using PandaProbe.Interception;
using PandaProbe.Otlp;
using PandaProbe.Values;

namespace PandaProbe.Robustness;

/// <summary>Nothing that a caller hands over makes a scope throw, and each oddity has a result that is written down here.</summary>
public sealed class BadInputTests
{
    private const string LoneSurrogate = "a\ud800b";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_name_a_span_is_called_by_its_kind(string? name)
    {
        using SpanRecording recording = new();

        using (Probe.StartTrace(name!))
        {
            foreach (ProbeSpanKind kind in Enum.GetValues<ProbeSpanKind>())
                Probe.StartSpan(name!, kind).Dispose();
            Probe.StartSpan(name!, (ProbeSpanKind)99).Dispose();
        }

        recording.Spans.Select(span => span.DisplayName)
            .ShouldBe(["span", "llm", "tool", "agent", "chain", "retriever", "embedding", "span", "trace"]);
        recording.Spans[7].Tag("pandaprobe.span.kind").ShouldBe("OTHER");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_processor_that_throws_leaves_the_right_activity_current(bool atStart)
    {
        using SpanRecording recording = new(tracing: tracing => tracing.AddProcessor(new ThrowingProcessor(atStart)));
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            Probe.StartSpan("span").Dispose();
            Activity.Current.ShouldBe(trace.Activity);
        }

        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public void A_dictionary_that_holds_itself_is_copied_once()
    {
        Dictionary<string, object?> cyclic = new() { ["n"] = 1 };
        cyclic["self"] = cyclic;
        cyclic["again"] = cyclic;
        Dictionary<string, object?> deep = [];
        for (int i = 0; i < 10_000; i++)
            deep = new() { ["in"] = deep };

        FrozenValue.ToJson(FrozenValue.Of(cyclic)).ShouldBe("""{"n":1,"self":null,"again":null}""");
        FrozenValue.ToJson(FrozenValue.Of(deep)).ShouldStartWith("""{"in":{"in":""");
    }

    [Fact]
    public void A_prompt_that_cannot_be_read_is_left_out()
    {
        using SpanRecording recording = new();
        using (Probe.StartLlmSpanWithTokens("gpt-4o", "openai", Failing().Select(_ => ProbeMessage.User("hi"))))
        {
        }

        recording.Spans.ShouldHaveSingleItem().HasTag("gen_ai.usage.input_tokens").ShouldBeFalse();
        Activity.Current.ShouldBeNull();

        static IEnumerable<int> Failing()
        {
            yield return 1;
            throw new InvalidOperationException("mine");
        }
    }

    [Fact]
    public void Tuples_are_recorded_with_what_they_hold()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetOutput((1, "x"));

        recording.Span("span").Tag("output.value").ShouldBe("""{"Item1":1,"Item2":"x"}""");
    }

    [Fact]
    public void An_argument_that_cannot_be_read_leaves_the_others_as_they_are()
    {
        using SpanRecording recording = new();
        using (ProbeCall call = ProbeSite.Span("call", outsideTrace: true).Begin()!)
            call.Arguments!.Add("a", 1).Add("bad", new FailingList()).Add("c", 2).Record();

        recording.Span("call").Tag("input.value").ShouldBe($$"""{"a":1,"bad":"{{typeof(FailingList)}}","c":2}""");
    }

    [Fact]
    public void A_result_that_only_looks_like_messages_is_recorded_as_it_is()
    {
        const string Json = """[{"role":"assistant","content":"\ud83d"}]""";
        using SpanRecording recording = new();
        using (ProbeCall call = ProbeSite.Trace("call").Begin()!)
            call.Returns(JsonDocument.Parse(Json).RootElement);

        recording.Span("call").Tag("output.value").ShouldBe(Json);
    }

    [Fact]
    public void Nulls_and_empty_texts_leave_no_tags()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace(
            "trace", input: null, sessionId: "", userId: "", tags: [null!, ""], metadata: (Dictionary<string, string>?)null))
        {
            trace.SetInput((string?)null);
            trace.SetInput((ProbeMessage[]?)null);
            trace.SetInput((IEnumerable<ProbeMessage>?)null);
            trace.SetInput((object?)null);
            trace.SetOutput((string?)null);
            trace.SetMetadata(null!, "value");
            trace.SetMetadata("", "value");
            trace.SetMetadata("gone", (string?)null);
            trace.SetTags(null!);
            trace.RecordException(null!);
            using SpanScope span = trace.StartSpan("span", ProbeSpanKind.Llm, model: "");
            span.SetModel(null!);
            span.SetModel("");
            span.SetResponseModel("");
            span.SetProvider(null!);
            span.SetFinishReason(null!);
            span.SetTokenUsage();
            span.SetTokenUsage(null, null, new() { [null!] = 1, [""] = 1 });
            span.SetCost(null);
            span.SetCost(null, new() { [""] = 1 });
            span.SetModelParameters(new() { [""] = 1 });
            span.SetModelParameters(ProbeFields.From([new(null!, 1), new("", 2)]));
            span.SetModelParameters(ProbeFields.From(null));
        }

        recording.Span("trace").TagObjects.Where(tag => tag.Key != "tag.tags").Select(tag => tag.Key).ShouldBe(["pandaprobe.span.kind"]);
        recording.Span("span").TagObjects.Select(tag => tag.Key).Except(["tag.tags"])
            .ShouldBe(["pandaprobe.span.kind", "openinference.span.kind", "gen_ai.operation.name"]);
        recording.Spans.ShouldAllBe(span => span.Status == ActivityStatusCode.Unset);
    }

    [Fact]
    public void A_null_error_is_still_an_error()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span"))
            span.SetError(null!);

        (recording.Span("span").Status, recording.Span("span").Tag("error.type")).ShouldBe((ActivityStatusCode.Error, "_OTHER"));
    }

    [Fact]
    public void Messages_of_nothing_are_empty_messages()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
        {
            span.SetInput([default, new(null!, null!), ProbeMessage.User(null!)]);
            span.SetOutput(Array.Empty<ProbeMessage>());
        }

        recording.Span("span").Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"","parts":[{"type":"text","content":""}]},{"role":"","parts":[{"type":"text","content":""}]},{"role":"user","parts":[{"type":"text","content":""}]}]""");
        recording.Span("span").Text("gen_ai.output.messages").ShouldBe("[]");
    }

    [Fact]
    public void A_cycle_is_cut_where_it_closes()
    {
        Node node = new() { Name = "a" };
        node.Next = node;

        InputOf(node).ShouldBe("""{"Name":"a","Next":null}""");
        MetadataOf(node).ShouldBe("""{"Name":"a","Next":null}""");
    }

    public static TheoryData<object> Unserialisable => new(
        new Throwing(), Deep(200), new Thrower(), new MemoryStream(), (Func<int>)(() => 1), Disposed(),
        new Dictionary<Node, int> { [new()] = 1 }, new Lists { Items = new Thrower() });

    [Theory]
    [MemberData(nameof(Unserialisable))]
    public void What_cannot_be_serialised_becomes_its_types_name(object value)
    {
        string name = JsonSerializer.Serialize(
            value.GetType().ToString(),
            new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        InputOf(value).ShouldBe(name);
        MetadataOf(value).ShouldBe(name);
    }

    [Fact]
    public void Messages_tags_and_fields_that_fail_while_they_are_read_do_no_harm()
    {
        using SpanRecording recording = new();

        using (TraceScope trace = Probe.StartTrace("trace", tags: FailingTags(), metadata: ProbeFields.From(FailingFields())))
        {
            trace.SetTags(FailingTags());
            trace.SetInput(FailingMessages());
            using SpanScope span = trace.StartSpan("span", ProbeSpanKind.Llm);
            span.SetInput(FailingMessages());
            span.SetModelParameters(ProbeFields.From(FailingFields()));
            span.SetTokenUsage(1, 2, ProbeFields.From(FailingFields()));
            span.SetCost(1m, ProbeFields.From(FailingFields()));
        }

        recording.Span("trace").Tag("pandaprobe.metadata.first").ShouldBe(1L, "what could be read is kept");
        recording.Span("trace").Text("input.value").ShouldNotBeNull().ShouldContain(nameof(FailingMessages));
        recording.Span("span").Tag("gen_ai.usage.input_tokens").ShouldBe(1L);
        recording.Span("span").Tag("pandaprobe.cost.total").ShouldBe(1d);
    }

    [Fact]
    public void A_type_info_that_fails_or_is_missing_does_no_harm()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetInput(new Node(), (JsonTypeInfo<Node>)null!);
            span.SetMetadata("m", ProbeValue.Json(new Node(), null!));
        }

        recording.Span("span").Text("input.value").ShouldBe($"\"{typeof(Node)}\"");
        recording.Span("span").Text("pandaprobe.metadata.m").ShouldBe($"\"{typeof(Node)}\"");
    }

    [Fact]
    public void Ten_megabytes_of_text_are_cut_and_say_how_long_they_were()
    {
        using SpanRecording recording = new();
        string huge = new('x', 10 * 1024 * 1024);

        using (TraceScope trace = Probe.StartTrace("trace", input: huge))
        {
            trace.SetOutput(new { huge, other = 1 });
            using SpanScope span = trace.StartSpan("span", ProbeSpanKind.Llm);
            span.SetInput([ProbeMessage.System("short"), ProbeMessage.User(huge)]);
            span.SetOutput(huge);
        }

        Activity trace1 = recording.Span("trace"), span1 = recording.Span("span");
        trace1.Text("input.value")!.Length.ShouldBe(1024 * 1024);
        trace1.Tag("pandaprobe.metadata.input_original_length").ShouldBe(10L * 1024 * 1024);
        JsonDocument.Parse(trace1.Text("output.value")!).RootElement.GetProperty("other").GetInt32().ShouldBe(1);
        trace1.Text("output.value")!.Length.ShouldBeLessThanOrEqualTo(1024 * 1024);
        JsonElement messages = JsonDocument.Parse(span1.Text("gen_ai.input.messages")!).RootElement;
        messages[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldBe("short");
        messages[1].GetProperty("parts")[0].GetProperty("content").GetString()!.Length.ShouldBeInRange(1000, 1024 * 1024);
        span1.Tag("pandaprobe.metadata.output_original_length").ShouldBe(10L * 1024 * 1024);
    }

    [Fact]
    public void Ten_megabytes_in_a_name_a_model_a_session_or_metadata_stay_as_they_are()
    {
        using SpanRecording recording = new();
        string huge = new('x', 10 * 1024 * 1024);

        using (Probe.StartTrace(huge, sessionId: huge, metadata: new() { ["m"] = huge }))
            Probe.StartSpan("span", ProbeSpanKind.Llm, model: huge).Dispose();

        Activity trace = recording.Span(huge);
        (trace.Tag("session.id"), trace.Tag("pandaprobe.metadata.m"), recording.Span("span").Tag("gen_ai.request.model"))
            .ShouldBe((huge, huge, huge));
    }

    [Fact]
    public async Task Half_a_character_arrives_as_a_replacement_character()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (SpanRecording recording = new(
            options => (options.Export, options.Otlp.Configure) = (ProbeExport.Otlp, otlp => AddPandaProbeTests.To(receiver, otlp))))
        {
            using (TraceScope trace = Probe.StartTrace(
                "half" + LoneSurrogate, input: LoneSurrogate, sessionId: LoneSurrogate, tags: [LoneSurrogate],
                metadata: new() { [LoneSurrogate] = LoneSurrogate }))
            {
                trace.SetOutput(new { text = LoneSurrogate });
                using SpanScope span = trace.StartSpan("half of a message", ProbeSpanKind.Llm, model: LoneSurrogate);
                span.SetInput([ProbeMessage.User(LoneSurrogate)]);
                span.SetError(LoneSurrogate);
            }

            recording.Provider.ForceFlush().ShouldBeTrue();
        }

        Span sent = receiver.Span("halfa\ufffdb");
        sent.Tag("input.value").ShouldBe("a\ufffdb");
        sent.Tag("session.id").ShouldBe("a\ufffdb");
        sent.Tag("tag.tags").ShouldBe(new object[] { "a\ufffdb" });
        sent.Tag("pandaprobe.metadata.a\ufffdb").ShouldBe("a\ufffdb");
        JsonDocument.Parse((string)sent.Tag("output.value")!).RootElement.GetProperty("text").GetString().ShouldBe("a\ufffdb");
        Span message = receiver.Span("half of a message");
        JsonDocument.Parse((string)message.Tag("gen_ai.input.messages")!).RootElement[0].GetProperty("parts")[0].GetProperty("content")
            .GetString().ShouldBe("a\ufffdb");
        message.Status.Message.ShouldBe("a\ufffdb");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.MaxValue)]
    [InlineData(1e13)]
    [InlineData(-0.01)]
    public void What_is_no_cost_is_refused_with_a_note(double cost)
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
        {
            span.SetCost(cost);
            span.SetCost(null, new() { ["input"] = cost });
        }

        recording.Span("span").HasTag("pandaprobe.cost.total").ShouldBeFalse();
        recording.Span("span").HasTag("gen_ai.usage.cost").ShouldBeFalse();
        recording.Span("span").HasTag("pandaprobe.cost.input").ShouldBeFalse();
        recording.Span("span").Text("pandaprobe.metadata.refused.cost")!.ShouldEndWith("is not a cost");
        recording.Span("span").Text("pandaprobe.metadata.refused.cost.input")!.ShouldEndWith("is not a cost");
    }

    [Fact]
    public void Costs_that_overflow_are_refused_and_the_good_parts_stay()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
            span.SetCost(null, new() { ["a"] = decimal.MaxValue, ["b"] = decimal.MaxValue, ["c"] = 0.5m, ["d"] = "0.25", ["e"] = "much" });

        recording.Span("span").Tag("pandaprobe.cost.total").ShouldBe(0.75);
        recording.Span("span").Text("pandaprobe.metadata.refused.cost.e").ShouldBe("'much' is not a cost");
    }

    [Fact]
    public void What_is_no_number_of_tokens_is_refused_with_a_note_and_the_rest_stays()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
        {
            span.SetTokenUsage(-1, long.MaxValue, new()
            {
                ["reasoning_tokens"] = long.MinValue,
                ["nan"] = double.NaN,
                ["half"] = 1.5,
                ["word"] = "many",
                ["flag"] = true,
                ["text"] = "12",
                ["whole"] = 7.0,
            });
        }

        Activity recorded = recording.Span("span");
        recorded.Tag("pandaprobe.usage.text").ShouldBe(12L);
        recorded.Tag("pandaprobe.usage.whole").ShouldBe(7L);
        recorded.TagObjects.Where(tag => tag.Key.StartsWith("pandaprobe.metadata.refused."))
            .Select(tag => tag.Key["pandaprobe.metadata.refused.".Length..])
            .ShouldBe(["prompt_tokens", "completion_tokens", "reasoning_tokens", "nan", "half", "word", "flag"], ignoreOrder: true);
        recorded.TagObjects.Count(tag => tag.Key.StartsWith("gen_ai.usage.") || tag.Key.StartsWith("pandaprobe.usage.")).ShouldBe(2);
    }

    [Fact]
    public void Odd_numbers_in_metadata_and_parameters_arrive_as_they_are()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetMetadata("nan", double.NaN);
            span.SetMetadata("ulong", (object)ulong.MaxValue);
            span.SetMetadata("object", new { nan = double.NaN, infinity = float.PositiveInfinity });
            span.SetModelParameters(new() { ["temperature"] = double.NaN });
        }

        recording.Span("span").Tag("pandaprobe.metadata.nan").ShouldBe(double.NaN);
        recording.Span("span").Tag("pandaprobe.metadata.ulong").ShouldBe("18446744073709551615");
        recording.Span("span").Tag("pandaprobe.metadata.object").ShouldBe("""{"nan":"NaN","infinity":"Infinity"}""");
        recording.Span("span").Tag("gen_ai.request.temperature").ShouldBe(double.NaN);
    }

    [Fact]
    public void Times_before_the_start_give_no_time_to_the_first_token()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
        {
            span.SetCompletionStartTime(default);
        }

        recording.Span("span").HasTag("gen_ai.response.time_to_first_chunk").ShouldBeFalse();
        recording.Span("span").Tag("pandaprobe.completion_start_time").ShouldBe("0001-01-01T00:00:00.0000000Z");
    }

    [Fact]
    public void An_exception_that_cannot_even_be_printed_is_recorded_by_its_type()
    {
        using SpanRecording recording = new();

        using (SpanScope span = Probe.StartSpan("span"))
            span.RecordException(new HostileException());

        Activity recorded = recording.Span("span");
        (recorded.Status, recorded.StatusDescription, recorded.Tag("error.type"))
            .ShouldBe((ActivityStatusCode.Error, typeof(HostileException).FullName, typeof(HostileException).FullName));
        recorded.Exceptions().ShouldHaveSingleItem()
            .Tags.ShouldContain(new KeyValuePair<string, object?>("exception.type", typeof(HostileException).FullName));
    }

    [Fact]
    public void Everything_after_dispose_does_nothing()
    {
        using SpanRecording recording = new();
        TraceScope trace = Probe.StartTrace("trace");
        SpanScope span = trace.StartSpan("span", ProbeSpanKind.Llm);
        span.Dispose();
        span.Dispose();
        span.SetInput("late");
        span.SetTokenUsage(1, 1);
        span.SetError("late");
        trace.Dispose();
        trace.Dispose();
        trace.SetOutput("late");
        trace.SetStatus(ProbeTraceStatus.Error);

        Activity.Current.ShouldBeNull();
        recording.Spans.Count.ShouldBe(2);
        recording.Spans.ShouldAllBe(recorded => recorded.Status == ActivityStatusCode.Unset);
        recording.Spans.SelectMany(recorded => recorded.TagObjects)
            .ShouldNotContain(tag => Equals(tag.Value, "late") || Equals(tag.Value, 1L));
    }

    [Fact]
    public async Task Closed_in_the_wrong_order_and_on_other_threads_every_span_keeps_its_parent_and_the_next_trace_is_a_root()
    {
        using SpanRecording recording = new();
        TraceScope trace = Probe.StartTrace("trace", sessionId: "s");
        SpanScope outer = trace.StartSpan("outer"), inner = Probe.StartSpan("inner");

        await Task.Run(trace.Dispose);
        outer.Dispose();
        Thread thread = new(inner.Dispose);
        thread.Start();
        thread.Join();
        using (Probe.StartTrace("next"))
            Probe.StartSpan("below next").Dispose();

        recording.Span("outer").ParentSpanId.ShouldBe(recording.Span("trace").SpanId);
        recording.Span("inner").ParentSpanId.ShouldBe(recording.Span("outer").SpanId);
        recording.Span("next").ParentSpanId.ShouldBe(default);
        recording.Span("next").HasTag("session.id").ShouldBeFalse();
        recording.Span("below next").ParentSpanId.ShouldBe(recording.Span("next").SpanId);
        recording.Spans.Count.ShouldBe(5);
    }

    private static string? InputOf(object value)
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetInput(value);
        return recording.Span("span").Text("input.value");
    }

    private static string? MetadataOf(object value)
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetMetadata("value", value);
        return recording.Span("span").Text("pandaprobe.metadata.value");
    }

    private static Node Deep(int levels)
    {
        Node node = new();
        for (int i = 0; i < levels; i++)
            node = new() { Next = node };
        return node;
    }

    private static JsonDocument Disposed()
    {
        var document = JsonDocument.Parse("{}");
        document.Dispose();
        return document;
    }

    private static IEnumerable<string> FailingTags()
    {
        yield return "tag";
        throw new InvalidOperationException("tags");
    }

    private static IEnumerable<KeyValuePair<string, object?>> FailingFields()
    {
        yield return new("first", 1);
        throw new InvalidOperationException("fields");
    }

    private static IEnumerable<ProbeMessage> FailingMessages()
    {
        yield return ProbeMessage.User("u");
        throw new InvalidOperationException("messages");
    }

    internal sealed class Node
    {
        public string? Name { get; set; }

        public Node? Next { get; set; }
    }

    private sealed class ThrowingProcessor(bool atStart) : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (atStart)
                throw new InvalidOperationException("start");
        }

        public override void OnEnd(Activity data)
        {
            if (!atStart)
                throw new InvalidOperationException("end");
        }
    }

    private sealed class Throwing
    {
        public string Value => throw new InvalidOperationException("getter");
    }

    private sealed class Thrower : IEnumerable
    {
        public IEnumerator GetEnumerator() => throw new InvalidOperationException("enumerator");
    }

    private sealed class Lists
    {
        public IEnumerable? Items { get; set; }
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("message");

        public override string? StackTrace => throw new InvalidOperationException("stack");

        public override string ToString() => throw new InvalidOperationException("text");
    }

    private sealed class FailingList : IReadOnlyCollection<string>
    {
        public int Count => 1;

        public IEnumerator<string> GetEnumerator() => throw new InvalidOperationException("mine");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

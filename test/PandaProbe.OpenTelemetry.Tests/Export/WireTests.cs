using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Writing;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>What leaves the process for PandaProbe, whole and as literals: a changed name is a changed protocol.</summary>
public sealed partial class WireTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>Every tag that has a place of its own, and the place.</summary>
    private static readonly (string Name, object Value)[] EveryTag =
    [
        ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "asked"),
            ("gen_ai.response.model", "answered"),
        ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"question"}]}]"""),
        ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"answer"}],"finish_reason":"stop"}]"""),
        ("gen_ai.system_instructions", """[{"type":"text","content":"Be terse."}]"""),
        ("gen_ai.usage.input_tokens", 100), ("gen_ai.usage.output_tokens", 20), ("gen_ai.usage.cache_read.input_tokens", 30),
        ("gen_ai.usage.cache_creation.input_tokens", 40), ("gen_ai.usage.reasoning.output_tokens", 5),
        ("pandaprobe.usage.audio_input_tokens", 6),
        ("pandaprobe.cost.total", 0.5), ("gen_ai.usage.cost", 0.25), ("pandaprobe.cost.input", 0.3), ("pandaprobe.cost.source", "caller"),
        ("pandaprobe.cost.price_version", "v1"), ("pandaprobe.token_count_method", "counted"), ("pandaprobe.retry_count", 2),
        ("gen_ai.response.finish_reasons", new[] { "stop" }), ("pandaprobe.completion_start_time", "2026-01-02T03:04:06Z"),
        ("gen_ai.response.time_to_first_chunk", 0.75), ("session.id", "session"), ("gen_ai.conversation.id", "conversation"),
        ("user.id", "user"),
        ("tag.tags", new[] { "a", "b", "a", "" }), ("pandaprobe.trace.status", "PENDING"), ("error.type", "timeout"),
        ("gen_ai.request.temperature", 0.7), ("gen_ai.request.top_p", 0.9), ("gen_ai.request.top_k", 40),
        ("gen_ai.request.max_tokens", 1000),
        ("gen_ai.request.frequency_penalty", 0.1), ("gen_ai.request.presence_penalty", 0.2),
        ("gen_ai.request.stop_sequences", new[] { "END" }),
        ("gen_ai.request.seed", 7), ("pandaprobe.model_parameters.style", "calm"), ("pandaprobe.model_parameters.seed", 8),
        ("gen_ai.tool.name", "left out"), ("gen_ai.agent.name", "left out"), ("gen_ai.workflow.name", "left out"),
        ("pandaprobe.metadata.mine", """{"a":[1]}"""), ("pandaprobe.metadata.provider", "mine wins"), ("vendor.attribute", 1.5),
        ("openai.request.service_tier", "flex"), ("openai.response.service_tier", "default"),
        ("openai.response.system_fingerprint", "fp_1"),
    ];

    private const string Call =
        """
        {"span_id":"<id>","name":"call","kind":"LLM","status":"OK","started_at":"2026-01-02T03:04:05Z","ended_at":"2026-01-02T03:04:15Z",
        "input":{"messages":[{"role":"system","content":"Be terse."},{"role":"user","content":"question"}]},
        "output":{"messages":[{"role":"assistant","content":"answer"}]},"model":"answered",
        "token_usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"cache_read_tokens":30,"cache_creation_tokens":40,"reasoning_tokens":5,"audio_input_tokens":6},
        "cost":{"total":0.5,"input":0.3},
        "model_parameters":{"temperature":0.7,"top_p":0.9,"top_k":40,"max_tokens":1000,"frequency_penalty":0.1,"presence_penalty":0.2,"stop_sequences":["END"],"seed":7,"style":"calm","service_tier":"flex"},
        "completion_start_time":"2026-01-02T03:04:06Z",
        "metadata":{"mine":{"a":[1]},"provider":"mine wins","cost_source":"caller","cost_price_version":"v1","token_count_method":"counted","retry_count":2,
        "finish_reasons":["stop"],"time_to_first_chunk":0.75,"vendor.attribute":1.5,"service_tier":"default","system_fingerprint":"fp_1","error_type":"timeout","request_model":"asked"}}
        """;

    /// <summary>What sets up a span, and its JSON behind its times.</summary>
    public static TheoryData<string, string> Spans => new()
    {
        { "gen_ai.provider.name=openai", """ "metadata":{"provider":"openai"}""" },
        { "pandaprobe.span.kind=TOOL gen_ai.tool.call.arguments={\"a\":1} gen_ai.tool.call.result=done", """ "input":{"a":1},"output":"done" """ },
        { "pandaprobe.span.kind=TOOL gen_ai.tool.call.arguments=ignored input.value=given output.value=returned gen_ai.tool.call.result=ignored", """ "input":"given","output":"returned" """ },
        { "input.value={\"a\":1} input.mime_type=application/json output.value=1.0 output.mime_type=application/json", """ "input":{"a":1},"output":1.0""" },
        { "input.value=1 input.mime_type=text/plain output.value=2 output.mime_type=text/plain", """ "input":"1","output":"2" """ },
        { "gen_ai.system_instructions=Hello", """ "input":{"messages":[{"role":"system","content":"Hello"}]}""" },
        { "gen_ai.request.model=asked", """ "model":"asked" """ },
        { "gen_ai.request.model=same gen_ai.response.model=same", """ "model":"same" """ },
        { "gen_ai.usage.cost=0.25", """ "cost":{"total":0.25}""" },
        { "pandaprobe.cost.total=0", """ "cost":{"total":0}""" },
        { "pandaprobe.cost.total=-1", """ "metadata":{"refused.cost.total":"-1"}""" },
        { "pandaprobe.cost.total=much pandaprobe.cost.input=1", """ "cost":{"input":1},"metadata":{"refused.cost.total":"much"}""" },
        { "gen_ai.usage.output_tokens=20", """ "token_usage":{"completion_tokens":20}""" },
        { "gen_ai.usage.output_tokens=-1", """ "metadata":{"refused.completion_tokens":"-1"}""" },
        { "gen_ai.usage.cache_read.input_tokens=0.5", """ "metadata":{"refused.cache_read_tokens":"0.5"}""" },
        { "pandaprobe.usage.total_tokens=1 pandaprobe.usage.prompt_tokens=1 pandaprobe.usage.other=1", """ "token_usage":{"other":1}""" },
        { "pandaprobe.usage.cache_read_tokens=1 gen_ai.usage.cache_read.input_tokens=2", """ "token_usage":{"cache_read_tokens":2}""" },
        { "pandaprobe.completion_start_time=soon", """ "metadata":{"refused.completion_start_time":"soon"}""" },
        { "pandaprobe.completion_start_time=2026-01-02T05:04:05.5+02:00", """ "completion_start_time":"2026-01-02T03:04:05.5Z" """ },
        { "gen_ai.response.time_to_first_chunk=2", """ "completion_start_time":"2026-01-02T03:04:07Z","metadata":{"time_to_first_chunk":"2"}""" },
        { "gen_ai.response.time_to_first_chunk=0", """ "completion_start_time":"2026-01-02T03:04:05Z","metadata":{"time_to_first_chunk":"0"}""" },
        { "gen_ai.response.time_to_first_chunk=-1", """ "metadata":{"time_to_first_chunk":"-1"}""" },
        { "gen_ai.response.time_to_first_chunk=1000000", """ "metadata":{"time_to_first_chunk":"1000000"}""" },
        { "gen_ai.response.time_to_first_chunk=999999", """ "completion_start_time":"2026-01-13T16:50:44Z","metadata":{"time_to_first_chunk":"999999"}""" },
    };

    [Fact]
    public async Task A_span_with_every_tag_is_this_json()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("Wire." + Guid.NewGuid());
        using Exporting export = Own(backend, source);
        using (Activity call = source.StartActivity(ActivityKind.Client, name: "call", startTime: Start)!)
        {
            foreach ((string? name, object? value) in EveryTag)
                call.SetTag(name, value);
            call.SetEndTime(Start.UtcDateTime.AddSeconds(10));
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        string body = Body(backend);
        body.ShouldBe(
            """
            {"trace_id":"<id>","name":"call","status":"PENDING","started_at":"2026-01-02T03:04:05Z","ended_at":"2026-01-02T03:04:15Z",
            "input":{"messages":[{"role":"user","content":"question"}]},"output":{"messages":[{"role":"assistant","content":"answer"}]},
            "session_id":"session","user_id":"user","tags":["a","b"],"environment":"production","release":"v1",
            "metadata":{"sdk_name":"pandaprobe-dotnet","sdk_version":"<version>"},"spans":[
            """.ReplaceLineEndings("") + Call.ReplaceLineEndings("") + "]}");
    }

    [Theory]
    [MemberData(nameof(Spans))]
    public async Task A_span_with_these_tags_is_this_json(string tags, string json)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("Wire." + Guid.NewGuid());
        using Exporting export = Own(backend, source);
        using (Probe.StartTrace("trace"))
        using (Activity call = source.StartActivity(ActivityKind.Client, name: "call", startTime: Start)!)
        {
            // As a span of this library that a processor of the application has changed: nobody corrects these tags before the export.
            call.SetTag("openinference.span.kind", "TOOL");
            foreach (string[] tag in tags.Split(' ').Select(tag => tag.Split('=', 2)))
                call.SetTag(tag[0], tag[1]);
            call.SetEndTime(Start.UtcDateTime.AddSeconds(10));
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        string written = backend.Trace("trace").Span("call").GetRawText();
        const string Times = "\"ended_at\":\"2026-01-02T03:04:15Z\"";
        written[(written.IndexOf(Times, StringComparison.Ordinal) + Times.Length)..].ShouldBe("," + json.Trim() + "}");
    }

    [Theory]
    [InlineData(null, null, null, "error")]
    [InlineData(null, "said", null, "said")]
    [InlineData("_OTHER", "said", null, "said")]
    [InlineData("timeout", null, null, "timeout")]
    [InlineData("timeout", "said", null, "timeout: said")]
    [InlineData("timeout", "timeout", null, "timeout")]
    [InlineData(null, null, "thrown", "System.FormatException: thrown")]
    [InlineData(null, "said", "thrown", "System.FormatException: said")]
    [InlineData("timeout", null, "thrown", "timeout: thrown")]
    public async Task An_error_is_its_type_and_its_message(string? type, string? description, string? exception, string error)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("Wire." + Guid.NewGuid());
        using Exporting export = Own(backend, source);
        using (Activity call = source.StartActivity("call")!)
        {
            call.SetTag("gen_ai.operation.name", "execute_tool").SetTag("error.type", type)
                .SetStatus(ActivityStatusCode.Error, description);
            call.AddEvent(new("other", tags: new() { ["exception.message"] = "of another event" }));
            if (exception is not null)
            {
                call.AddEvent(new(
                    "exception", tags: new()
                    {
                        ["exception.type"] = "System.FormatException",
                        ["exception.message"] = exception,
                        ["exception.stacktrace"] = "at here"
                    }));
            }
        }

        export.Flush().ShouldBeTrue();
        StoredTrace trace = backend.Trace("call");
        trace.Status.ShouldBe("ERROR");
        JsonElement span = trace.Span("call");
        span.GetProperty("status").GetString().ShouldBe("ERROR");
        span.GetProperty("error").GetString().ShouldBe(error);
        string? noted = span.TryGetProperty("metadata", out JsonElement metadata)
            && metadata.TryGetProperty("error_type", out JsonElement known) ? known.GetString() : null;
        noted.ShouldBe(type is "_OTHER" ? null : type ?? (exception is null ? null : "System.FormatException"));
        if (exception is not null)
            span.GetProperty("metadata").GetProperty("exception_stacktrace").GetString().ShouldBe("at here");
    }

    [Theory]
    [InlineData("numeric", """{"trace_id":"00000000-0000-0000-0000-000000000000","name":"n","value":"v","data_type":"NUMERIC","source":"PROGRAMMATIC"}""")]
    [InlineData("boolean", """{"trace_id":"00000000-0000-0000-0000-000000000000","name":"n","value":"v","data_type":"BOOLEAN","source":"PROGRAMMATIC"}""")]
    [InlineData("categorical", """{"trace_id":"00000000-0000-0000-0000-000000000000","name":"n","value":"v","data_type":"CATEGORICAL","source":"PROGRAMMATIC"}""")]
    [InlineData("categorical why", """{"trace_id":"00000000-0000-0000-0000-000000000000","name":"n","value":"v","data_type":"CATEGORICAL","source":"PROGRAMMATIC","reason":"why","metadata":{"k":1}}""")]
    public void A_score_is_this_json(string score, string json)
    {
        ProbeScoreType type = Enum.Parse<ProbeScoreType>(score.Split(' ')[0], ignoreCase: true);
        string? reason = score.Contains(' ') ? score.Split(' ')[1] : null;
        using RequestBody body = new();
        ScoreItem item = new(Guid.Empty, null, "n", "v", type, reason, reason is null ? [] : [new("k", 1)], new());
        ScoreWriter.Write(body, item, new(new()));

        Encoding.UTF8.GetString(body.ToArray()).ShouldBe(json);
    }

    [Theory]
    [InlineData(511, 511)]
    [InlineData(512, 512)]
    [InlineData(513, 512)]
    public async Task A_name_has_at_most_512_characters(int given, int written)
    {
        JsonElement span = await SpanNamed(new string('n', given), new string('m', 5));
        Shortened(span, "name", 'n', given, written);
    }

    [Theory]
    [InlineData(254, 254)]
    [InlineData(255, 255)]
    [InlineData(256, 255)]
    public async Task A_model_has_at_most_255_characters(int given, int written)
    {
        JsonElement span = await SpanNamed("call", new string('m', given));
        Shortened(span, "model", 'm', given, written);
    }

    [Theory]
    [InlineData(254, false)]
    [InlineData(255, false)]
    [InlineData(256, true)]
    public async Task Sessions_and_users_that_are_too_long_stay_distinct(int length, bool shortened)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        string given = new('s', length - 1);
        foreach (char last in "ab")
            Probe.StartTrace("trace " + last, sessionId: given + last, userId: given + last).Dispose();

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        foreach (string field in new[] { "session_id", "user_id" })
        {
            string[] ids = [.. "ab".Select(last => (string)backend.Trace("trace " + last).Fields[field]!)];
            ids[0].ShouldNotBe(ids[1]);
            ids.ShouldAllBe(id => id.Length == Math.Min(length, 255));
            ids.ShouldAllBe(id => id.Contains('…') == shortened);
            if (shortened)
                ids[0].ShouldMatch("^s{238}…[0-9A-F]{16}$");
            ((int?)backend.Trace("trace a").Fields["metadata"]![field + "_original_length"]).ShouldBe(shortened ? length : null);
        }
    }

    [Theory]
    [InlineData(499, new[] { 499 })]
    [InlineData(500, new[] { 500 })]
    [InlineData(501, new[] { 500, 1 })]
    public async Task A_request_has_at_most_500_spans(int spans, int[] requests)
    {
        await using Backend backend = await Backend.StartAsync(new() { StoresAtOnce = true });
        using Exporting export = new(backend, options => options.FlushInterval = TimeSpan.FromHours(1));
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < spans; i++)
                trace.StartSpan("span").Dispose();
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        backend.Requests.Select(request => CountOf(request.Body)).ShouldBe(requests);

        static int CountOf(byte[] body)
        {
            using var document = JsonDocument.Parse(body);
            return (document.RootElement.ValueKind == JsonValueKind.Array
                ? document.RootElement : document.RootElement.GetProperty("spans")).GetArrayLength();
        }
    }

    [Theory]
    [InlineData(int.MaxValue - 1L, 1L, int.MaxValue - 1L, 1L)]
    [InlineData(int.MaxValue, 0L, (long)int.MaxValue, 0L)]
    [InlineData(int.MaxValue, 1L, null, 1L)]
    [InlineData(1L, int.MaxValue, 1L, null)]
    [InlineData(1L << 30, 1L << 30, null, 1L << 30)]
    [InlineData(1L << 31, 1L << 31, null, null)]
    public async Task The_sum_of_tokens_stays_within_32_bits(long prompt, long completion, long? writtenPrompt, long? writtenCompletion)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("trace"))
        using (SpanScope span = trace.StartSpan("call", ProbeSpanKind.Llm))
        {
            span.Activity!.SetTag("gen_ai.usage.input_tokens", prompt).SetTag("gen_ai.usage.output_tokens", completion);
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        JsonElement call = backend.Trace("trace").Span("call");
        Of("token_usage", "prompt_tokens").ShouldBe(writtenPrompt);
        Of("token_usage", "completion_tokens").ShouldBe(writtenCompletion);
        Of("token_usage", "total_tokens").ShouldBe(writtenPrompt + writtenCompletion);
        Of("metadata", "refused.prompt_tokens").ShouldBe(writtenPrompt is null ? prompt : null);
        Of("metadata", "refused.completion_tokens").ShouldBe(writtenCompletion is null ? completion : null);

        long? Of(string parent, string name) =>
            call.TryGetProperty(parent, out JsonElement holder) && holder.TryGetProperty(name, out JsonElement value)
                ? value.GetInt64() : null;
    }

    private static Exporting Own(Backend backend, ActivitySource source) => new(
        backend,
        options =>
        {
            options.Environment = "production";
            options.Release = "v1";
            options.IncludeNonAISpans = true;
        },
        tracing: tracing => tracing.AddSource(source.Name));

    private static async Task<JsonElement> SpanNamed(string name, string model)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.StartSpan(name, ProbeSpanKind.Llm, model).Dispose();

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        return backend.Trace("trace").Spans.Values.ShouldHaveSingleItem().Clone();
    }

    private static void Shortened(JsonElement span, string field, char letter, int given, int written)
    {
        span.GetProperty(field).GetString().ShouldBe(written == given ? new string(letter, given) : new string(letter, written - 1) + "…");
        int? noted = span.TryGetProperty("metadata", out JsonElement metadata)
            && metadata.TryGetProperty(field + "_original_length", out JsonElement length) ? length.GetInt32() : null;
        noted.ShouldBe(written == given ? null : given);
    }

    private static string Body(Backend backend) =>
        Version().Replace(Id().Replace(Encoding.UTF8.GetString(backend.Requests.ShouldHaveSingleItem().Body), "<id>"), "$1<version>");

    [GeneratedRegex("[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("(\"sdk_version\":\")[^\"]+")]
    private static partial Regex Version();
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Export.Writing;
using PandaProbe.TestBackend;
using PandaProbe.Values;

namespace PandaProbe.Tests.Export;

public class WritingTests
{
    public static TheoryData<string> Texts => new()
    {
        "", "plain", "with \"quotes\" and \\ and / and \b\f\n\r\t", "\u0001\u001f\u007f", "ünïcödé 漢字 😀", "lone \ud83d high",
            "low \ude00 lone", "\ud83d",
        new string('a', 100_000), new string('漢', 50_000), string.Concat(Enumerable.Repeat("😀\n", 30_000)), "{not json", "[1,",
        "{\"a\":1}",
        "null",
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_is_written_so_that_every_reader_has_it_again(string text)
    {
        JsonDraft draft = new();
        draft.Json.WriteStartArray();
        ValueWriter.WriteString(draft.Json, text);
        draft.Json.WriteEndArray();

        JsonDocument.Parse(draft.Storable().ToArray()).RootElement[0].GetString()
            .ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_body_is_what_was_written_whatever_the_sizes_of_its_pieces()
    {
        using RequestBody body = new();
        List<byte> expected = [];
        Random random = new(7);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = new byte[random.Next(0, i % 50 == 0 ? 200_000 : 3000)];
            random.NextBytes(bytes);
            expected.AddRange(bytes);
            if (i % 2 == 0)
            {
                body.Write(bytes);
            }
            else
            {
                bytes.CopyTo(body.GetMemory(bytes.Length));
                body.Advance(bytes.Length);
            }
        }

        body.Length.ShouldBe(expected.Count);
        body.ToArray().ShouldBe(expected);
        body.Pieces.SelectMany(piece => piece).ShouldBe(expected);
        body.Clear();
        body.Length.ShouldBe(0);
        body.Write("again"u8);
        body.ToArray().ShouldBe("again"u8.ToArray());
    }

    [Theory]
    [InlineData("""["a\u0000b"]""", """["a\ufffdb"]""")]
    [InlineData("""{"\u0000\u0000":"\u0000"}""", """{"\ufffd\ufffd":"\ufffd"}""")]
    [InlineData("""["\ud83d","\ude00","\ude00\ud83d","\ud83d\u0041","\ud83d\n"]""", """["\ufffd","\ufffd","\ufffd\ufffd","\ufffd\u0041","\ufffd\n"]""")]
    [InlineData("""["\ud83d\ud83d\ude00"]""", """["\ufffd\ud83d\ude00"]""")]
    [InlineData("""["\\u0000","\\\\ud83d","\u00e4\u0001\ud83d\ude00"]""", """["\\u0000","\\\\ud83d","\u00e4\u0001\ud83d\ude00"]""")]
    [InlineData("""["\\\u0000"]""", """["\\\ufffd"]""")]
    public void Escapes_of_what_cannot_be_stored_are_replaced_in_json_and_others_are_kept(string json, string written)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        StorableJson.ReplaceEscapes(bytes);
        Encoding.UTF8.GetString(bytes).ShouldBe(written);
    }

    [Fact]
    public async Task A_nul_in_an_object_that_was_given_reaches_nobody()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            using SpanScope span = trace.StartSpan("tool", ProbeSpanKind.Tool);
            span.SetInput(new { query = "a\0b" });
            span.SetMetadata("found", new { text = "a\0b" });
        }

        export.Flush().ShouldBeTrue();
        JsonElement stored = backend.Trace("trace").Span("tool");
        stored.GetProperty("input").GetProperty("query").GetString().ShouldBe("a\ufffdb");
        stored.GetProperty("metadata").GetProperty("found").GetProperty("text").GetString().ShouldBe("a\ufffdb");
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData(" [1, -2.5e+10, \"a\\u00e4\\n\", true, false, null, {\"a\":{\"b\":[]}}] ", true)]
    [InlineData("0", true)]
    [InlineData("01", false)]
    [InlineData("-", false)]
    [InlineData("1.", false)]
    [InlineData("\"a\\x\"", false)]
    [InlineData("\"a\\u12\"", false)]
    [InlineData("\"a\nb\"", false)]
    [InlineData("[1,]", false)]
    [InlineData("{\"a\":1,}", false)]
    [InlineData("{\"a\" 1}", false)]
    [InlineData("{a:1}", false)]
    [InlineData("[1 2]", false)]
    [InlineData("[", false)]
    [InlineData("{\"a\"", false)]
    [InlineData("tru", false)]
    [InlineData("{} {}", false)]
    [InlineData("", false)]
    [InlineData("NaN", false)]
    public void Json_is_told_from_what_only_looks_like_it(string text, bool isJson)
    {
        RawJson.IsJson(Encoding.UTF8.GetBytes(text)).ShouldBe(isJson);
        Reference(text).ShouldBe(isJson);

        static bool Reference(string text)
        {
            try
            {
                using var document = JsonDocument.Parse(text);
                return true;
            }
            catch (JsonException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Damaged_json_is_never_taken_for_json()
    {
        const string Good = """[{"role":"user","parts":[{"type":"text","content":"a\"b\\\u00e4"},{"type":"tool_call","id":"1","name":"f","arguments":{"x":[1,2.5,null,true]}}]}]""";
        Random random = new(42);
        for (int i = 0; i < 20_000; i++)
        {
            char[] text = Good.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
                text[random.Next(text.Length)] = "\"\\{}[],:0au "[random.Next(12)];
            bool valid = true;
            try
            {
                using var document = JsonDocument.Parse(new string(text));
            }
            catch (JsonException)
            {
                valid = false;
            }

            RawJson.IsJson(Encoding.UTF8.GetBytes(text)).ShouldBe(valid, new string(text));
            JsonDraft draft = new();
            ContentWriter.WriteMessages(draft.Json, new string(text), null, MessageWriter.Select.All);
            JsonElement written = JsonDocument.Parse(draft.Storable().ToArray()).RootElement;
            if (!valid)
                written.GetString().ShouldBe(new string(text));
        }
    }

    [Fact]
    public async Task Parts_of_messages_become_what_PandaProbe_shows()
    {
        JsonElement span = await RoundTripAsync(activity =>
        {
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.system_instructions", """[{"type":"text","content":"Be kind."}]""");
            activity.SetTag("gen_ai.input.messages", """
                [{"role":"user","parts":[{"type":"text","content":"What is \"this\"?"},{"type":"uri","modality":"image","uri":"https://example.com/a.png"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"}]},
                 {"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"c1","name":"look","arguments":{"deep":true}}]},
                 {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"found":1}},{"type":"tool_call_response","id":"c2","response":"text"}]}]
                """);
            activity.SetTag("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"A cat."}],"finish_reason":"stop"}]""");
        });

        span.GetProperty("input").GetRawText().ShouldBe(
            """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","content":[{"type":"text","text":"What is \"this\"?"},"""
            + """{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},{"type":"blob","modality":"image","mime_type":"image/png","base64_length":4}]},"""
            + """{"role":"assistant","content":"","reasoning":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"deep\":true}"}}]},"""
            + """{"role":"tool","tool_call_id":"c1","content":"{\"found\":1}"},{"role":"tool","tool_call_id":"c2","content":"text"}]}""");
        span.GetProperty("output").GetRawText().ShouldBe("""{"messages":[{"role":"assistant","content":"A cat."}]}""");
        span.GetProperty("kind").GetString().ShouldBe("LLM");
    }

    [Fact]
    public async Task Whatever_is_in_the_tags_the_schema_is_satisfied_and_what_was_changed_is_noted()
    {
        JsonElement span = await RoundTripAsync(activity =>
        {
            activity.DisplayName = new string('n', 600);
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.request.model", new string('m', 300));
            activity.SetTag("gen_ai.usage.input_tokens", double.NaN);
            activity.SetTag("gen_ai.usage.output_tokens", -3);
            activity.SetTag("pandaprobe.usage.audio_tokens", "12");
            activity.SetTag("pandaprobe.cost.total", double.PositiveInfinity);
            activity.SetTag("pandaprobe.cost.input", 0.25);
            activity.SetTag("pandaprobe.completion_start_time", "yesterday");
            activity.SetTag("gen_ai.input.messages", "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"broken");
            activity.SetTag("gen_ai.output.messages", 42);
            activity.SetTag("pandaprobe.metadata.provider", "mine");
            activity.SetTag("gen_ai.provider.name", "openai");
            activity.SetTag("pandaprobe.metadata.number", double.NaN);
            activity.SetTag("pandaprobe.metadata.nested", "{\"a\":[1,2]}");
            activity.SetTag("pandaprobe.metadata.", "no key");
            activity.SetTag("something.else", new object[] { 1, "two", null!, new int[] { 3 } });
            activity.SetTag("thrower", new Thrower());
            activity.SetTag("gen_ai.request.stop_sequences", new[] { "a", null, "\ud800" });
            activity.SetStatus(ActivityStatusCode.Error);
        });

        span.GetProperty("name").GetString()!.Length.ShouldBe(512);
        JsonElement metadata = span.GetProperty("metadata");
        metadata.GetProperty("name_original_length").GetInt32().ShouldBe(600);
        metadata.GetProperty("model_original_length").GetInt32().ShouldBe(300);
        metadata.GetProperty("provider").GetString().ShouldBe("mine");
        metadata.GetProperty("refused.prompt_tokens").GetString().ShouldBe("NaN");
        metadata.GetProperty("refused.completion_tokens").GetInt32().ShouldBe(-3);
        metadata.GetProperty("refused.cost.total").GetString().ShouldBe("Infinity");
        metadata.GetProperty("refused.completion_start_time").GetString().ShouldBe("yesterday");
        metadata.GetProperty("nested").GetProperty("a")[1].GetInt32().ShouldBe(2);
        metadata.GetProperty("something.else").GetArrayLength().ShouldBe(4);
        span.GetProperty("cost").GetRawText().ShouldBe("""{"input":0.25}""");
        span.GetProperty("token_usage").GetProperty("audio_tokens").GetInt32().ShouldBe(12);
        span.GetProperty("error").GetString().ShouldBe("error");
        span.GetProperty("input").GetString()!.ShouldStartWith("[{\"role\"");
    }

    [Fact]
    public async Task Counts_beyond_all_measure_are_refused_and_never_add_up_to_less_than_nothing()
    {
        JsonElement span = await RoundTripAsync(activity =>
        {
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.usage.input_tokens", long.MaxValue);
            activity.SetTag("gen_ai.usage.output_tokens", 5L);
        });

        span.GetProperty("token_usage").GetRawText().ShouldBe("""{"completion_tokens":5}""");
        span.GetProperty("metadata").GetProperty("refused.prompt_tokens").GetInt64().ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task Large_content_is_cut_to_its_budget_stays_json_and_says_how_large_it_was()
    {
        JsonElement span = await RoundTripAsync(
            activity =>
            {
                activity.SetTag("gen_ai.operation.name", "chat");
                activity.SetTag("gen_ai.input.messages",
                    JsonSerializer.Serialize(
                    new[] { new { role = "user", parts = new[] { new { type = "text", content = new string('漢', 3000) } } } }));
                activity.SetTag("output.value", new string('x', 3000));
            },
            options => options.MaxContentLength = 2000);

        // 2,000 characters, of which each has three bytes; the role takes four of them.
        string kept = span.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString()!;
        kept.ShouldStartWith("漢漢");
        kept.Length.ShouldBeInRange(1990, 2000);
        span.GetProperty("metadata").GetProperty("input_original_bytes").GetInt32().ShouldBeGreaterThan(9000);
        span.GetProperty("output").GetString()!.Length.ShouldBe(2000);
        span.GetProperty("metadata").GetProperty("output_original_bytes").GetInt32().ShouldBe(3002);
    }

    [Theory]
    [InlineData('漢', 600_000)]
    [InlineData('a', 1_048_570)]
    [InlineData('\n', 1_048_576)]
    public async Task Content_of_the_greatest_length_is_kept_whole_however_many_bytes_it_takes(char letter, int length)
    {
        string text = new(letter, length);
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("long", input: text))
        {
            using SpanScope span = trace.StartSpan("llm", ProbeSpanKind.Llm);
            span.SetInput([ProbeMessage.User(text)]);
            span.SetOutput(text);
        }

        export.Flush().ShouldBeTrue();
        JsonElement stored = backend.Trace("long").Span("llm");
        foreach (string property in new[] { "input", "output" })
            stored.GetProperty(property).GetProperty("messages")[0].GetProperty("content").GetString().ShouldBe(text);
        stored.TryGetProperty("metadata", out _).ShouldBeFalse("nothing was noted, because nothing was shortened");
    }

    [Fact]
    public async Task The_first_tokens_time_comes_from_the_seconds_that_were_measured()
    {
        JsonElement span = await RoundTripAsync(activity =>
        {
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.response.time_to_first_chunk", 1.5);
        });

        (span.GetProperty("completion_start_time").GetDateTime() - span.GetProperty("started_at").GetDateTime())
            .ShouldBe(TimeSpan.FromSeconds(1.5));
    }

    [Theory]
    [InlineData(2_147_483_000, 647, null)]
    [InlineData(2_147_483_000, 648, "prompt_tokens")]
    [InlineData(648, 2_147_483_000, "completion_tokens")]
    [InlineData(3_000_000_000, 3_000_000_000, "prompt_tokens completion_tokens")]
    public async Task Counts_whose_sum_PandaProbe_cannot_hold_are_refused_on_the_way_there_only(
        long prompt, long completion, string? refused)
    {
        Activity? recorded = null;
        JsonElement span = await RoundTripAsync(activity =>
        {
            recorded = activity;
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.usage.input_tokens", prompt);
            activity.SetTag("gen_ai.usage.output_tokens", completion);
        });

        string[] names = refused?.Split(' ') ?? [];
        foreach (string name in names)
            span.GetProperty("metadata").GetProperty("refused." + name).GetInt64().ShouldBe(name == "prompt_tokens" ? prompt : completion);
        string[] kept = span.TryGetProperty("token_usage", out JsonElement usage)
            ? [.. usage.EnumerateObject().Select(count => count.Name)] : [];
        kept.ShouldBe(new[] { "prompt_tokens", "completion_tokens", "total_tokens" }.Where(
            name => names.Length == 0 || (name != "total_tokens" && !names.Contains(name))));
        recorded!.GetTagItem("gen_ai.usage.input_tokens").ShouldBe(prompt);
        recorded.GetTagItem("gen_ai.usage.output_tokens").ShouldBe(completion);
    }

    [Fact]
    public async Task A_number_of_five_thousand_digits_arrives_as_text()
    {
        string digits = new('7', 5000);
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("huge"))
        {
            using SpanScope span = trace.StartSpan("tool", ProbeSpanKind.Tool);
            span.SetInput(JsonDocument.Parse($$"""{"n":{{digits}},"small":12345,"text":"{{digits}}"}""").RootElement);
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("huge").Span("tool").GetProperty("input").GetRawText().ShouldBe($$"""{"n":"{{digits}}","small":12345,"text":"{{digits}}"}""");
    }

    [Fact]
    public async Task Sessions_and_users_that_differ_behind_their_limit_stay_two_and_equal_tags_are_one()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        string same = new('s', 300);
        foreach (string last in new[] { "1", "2", "1" })
            Probe.StartTrace("trace", sessionId: same + last, userId: same + last, tags: ["a", "b", "a"]).Dispose();

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace[] traces = [.. backend.Traces.Values];
        foreach (string field in new[] { "session_id", "user_id" })
        {
            string[] ids = [.. traces.Select(trace => (string)trace.Fields[field]!)];
            ids.Distinct().Count().ShouldBe(2);
            ids.ShouldAllBe(id => id.Length <= 255 && id.StartsWith("sss"));
        }

        traces.ShouldAllBe(trace => trace.Fields["tags"]!.AsArray().Count == 2);
    }

    [Fact]
    public async Task Errors_and_metadata_that_are_larger_than_a_request_cost_no_span()
    {
        await using Backend backend = await Backend.StartAsync(new() { MaxBodySize = 300_000 });
        using Exporting export = new(backend, options => options.MaxRequestBytes = 250_000);
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            trace.SetMetadata(new() { ["page"] = new string('p', 1_000_000) });
            trace.SetError(new string('t', 1_000_000));
            using (SpanScope failed = trace.StartSpan("failed"))
            {
                failed.SetMetadata("page", new string('漢', 1_000_000));
                failed.RecordException(new InvalidOperationException(new string('e', 1_000_000)));
            }

            using SpanScope instructed = trace.StartSpan("instructed", ProbeSpanKind.Llm);
            instructed.Activity!.SetTag("gen_ai.system_instructions", new string('i', 1_000_000));
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Trace("large");
        stored.Spans.Count.ShouldBe(2);
        JsonElement span = stored.Span("failed");
        span.GetProperty("error").GetString()!.ShouldStartWith("System.InvalidOperationException: eeee");
        span.GetProperty("metadata").GetProperty("page").GetString()!.ShouldStartWith("漢漢");
        span.GetProperty("metadata").GetProperty("page_original_bytes").GetInt32().ShouldBe(3_000_002);
    }

    [Fact]
    public async Task Requests_stay_below_their_size_and_no_span_is_lost_to_it()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.MaxRequestBytes = 64 * 1024);
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            for (int i = 0; i < 20; i++)
            {
                using SpanScope span = trace.StartSpan("span");
                span.SetInput(new string('x', i == 7 ? 300_000 : 20_000));
            }
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("large").Spans.Count.ShouldBe(20);
        backend.Requests.ShouldAllBe(request => request.Body.Length <= 65 * 1024);
        backend.Violations.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Any_text_anywhere_satisfies_the_schema(string text)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace(
            text, input: text, sessionId: text, userId: text, tags: [text], metadata: new() { [text] = text }))
        {
            using SpanScope span = trace.StartSpan(text, ProbeSpanKind.Llm, model: text);
            span.SetInput([new ProbeMessage(text, text), new ProbeMessage(null!, null!)]);
            span.SetOutput(text);
            span.SetModelParameters(new() { [text] = text });
            span.SetTokenUsage(1, 1, new() { [text] = 1 });
            span.SetCost(1, new() { [text] = 1 });
            span.SetMetadata("finish_reasons", text);
            span.SetFinishReason(text);
            span.SetError(text);
            trace.SetOutput(text);
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        backend.SpansStored.ShouldBe(1);
    }

    private static async Task<JsonElement> RoundTripAsync(Action<Activity> fill, Action<PandaProbeOptions>? options = null)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("source " + Guid.NewGuid());
        using Exporting export = new(backend, tracing: builder => builder.AddSource(source.Name), recorded: options);
        using (Activity? activity = source.StartActivity("call"))
            fill(activity!);
        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        return backend.Traces.Values.ShouldHaveSingleItem().Spans.Values.ShouldHaveSingleItem();
    }

    private sealed class Thrower
    {
        public override string ToString() => throw new InvalidOperationException();
    }
}

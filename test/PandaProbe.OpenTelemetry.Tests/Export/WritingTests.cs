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

    [Theory]
    [InlineData("application/json", JsonValueKind.Number)]
    [InlineData("text/plain", JsonValueKind.String)]
    [InlineData(null, JsonValueKind.String)]
    public async Task A_value_of_another_library_is_JSON_where_its_type_says_so(string? type, JsonValueKind kind)
    {
        JsonElement span = await Exporting.RoundTripAsync(call =>
        {
            call.SetTag("openinference.span.kind", "CHAIN");
            foreach (string direction in new[] { "input", "output" })
                call.SetTag($"{direction}.value", "5").SetTag($"{direction}.mime_type", type);
        });
        span.GetProperty("input").ValueKind.ShouldBe(kind);
        span.GetProperty("output").ValueKind.ShouldBe(kind);
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
        JsonElement span = await Exporting.RoundTripAsync(activity =>
        {
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.system_instructions", """[{"type":"text","content":"Be kind."}]""");
            activity.SetTag("gen_ai.input.messages", """
                [{"role":"user","name":"ada","parts":[{"type":"text","content":"What is \"this\"?"},{"type":"uri","modality":"image","uri":"https://example.com/a.png"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"}]},
                 {"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"tool_call","id":"c1","name":"look","arguments":{"deep":true}}]},
                 {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"found":1}},{"type":"tool_call_response","id":"c2","response":"text"}]}]
                """);
            activity.SetTag("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"A cat."}],"finish_reason":"stop"}]""");
        });

        span.GetProperty("input").GetRawText().ShouldBe(
            """{"messages":[{"role":"system","content":"Be kind."},{"role":"user","name":"ada","content":[{"type":"text","text":"What is \"this\"?"},"""
            + """{"type":"image_url","image_url":{"url":"https://example.com/a.png"}},{"type":"blob","modality":"image","mime_type":"image/png","base64_length":4}]},"""
            + """{"role":"assistant","content":"","reasoning":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{\"deep\":true}"}}]},"""
            + """{"role":"tool","tool_call_id":"c1","content":"{\"found\":1}"},{"role":"tool","tool_call_id":"c2","content":"text"}]}""");
        span.GetProperty("output").GetRawText().ShouldBe("""{"messages":[{"role":"assistant","content":"A cat."}]}""");
        span.GetProperty("kind").GetString().ShouldBe("LLM");
    }

    [Fact]
    public async Task Whatever_is_in_the_tags_the_schema_is_satisfied_and_what_was_changed_is_noted()
    {
        JsonElement span = await Exporting.RoundTripAsync(activity =>
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
    public async Task The_first_tokens_time_comes_from_the_seconds_that_were_measured()
    {
        JsonElement span = await Exporting.RoundTripAsync(activity =>
        {
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.response.time_to_first_chunk", 1.5);
        });

        (span.GetProperty("completion_start_time").GetDateTime() - span.GetProperty("started_at").GetDateTime())
            .ShouldBe(TimeSpan.FromSeconds(1.5));
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

    private sealed class Thrower
    {
        public override string ToString() => throw new InvalidOperationException();
    }
}

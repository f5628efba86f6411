using System.Text.Encodings.Web;
using System.Text.Json;
using PandaProbe.TestBackend;
using PandaProbe.Tests;
using PandaProbe.Tests.Export;
using PandaProbe.Tokenization;

namespace PandaProbe.Messages;

[Collection(ProcessWide.Name)]
public sealed class MessagePartsTests
{
    private static readonly ProbeMessage[] Conversation =
    [
        ProbeMessage.User("What is this?", ProbeMessagePart.Image("https://example.com/cat.png", "image/png"),
            ProbeMessagePart.File("file-1", "application/pdf")) with { Name = "ann" },
        ProbeMessage.Assistant(ProbeMessagePart.Reasoning("A tool knows."), ProbeMessagePart.ToolCall("call_1", "look", """{"at": "cat"}""")),
        ProbeMessage.Tool("call_1", "a cat"),
    ];

    [Fact]
    public void A_part_has_what_its_kind_has_and_nothing_else()
    {
        Shown(ProbeMessagePart.Text("a")).ShouldBe("Content=a");
        Shown(ProbeMessagePart.Reasoning("a")).ShouldBe("Content=a");
        Shown(ProbeMessagePart.ToolCall("call_1", "look", "{}")).ShouldBe("Id=call_1 Name=look Arguments={}");
        Shown(ProbeMessagePart.ToolResult("call_1", "a cat")).ShouldBe("Id=call_1 Result=a cat");
        Shown(ProbeMessagePart.Image("https://example.com/cat.png", "image/png"))
            .ShouldBe("Uri=https://example.com/cat.png MimeType=image/png");
        Shown(ProbeMessagePart.File("file-1", "application/pdf")).ShouldBe("FileId=file-1 MimeType=application/pdf");

        static string Shown(ProbeMessagePart part) => string.Join(' ', new (string Name, object? Value)[]
        {
            ("Content", part.Content), ("Id", part.Id), ("Name", part.Name), ("Arguments", part.Arguments), ("Result", part.Result),
            ("Uri", part.Uri), ("FileId", part.FileId), ("MimeType", part.MimeType),
        }.Where(field => field.Value is not null).Select(field => $"{field.Name}={field.Value}"));
    }

    [Fact]
    public void Every_part_is_written_as_the_conventions_have_it()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o"))
        {
            span.SetInput(Conversation);
            span.SetOutput([ProbeMessage.Assistant("It is ", "a cat.")]);
            span.SetFinishReason("length");
        }

        recording.Spans[0].Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"user","name":"ann","parts":[{"type":"text","content":"What is this?"},""" +
            """{"type":"uri","modality":"image","mime_type":"image/png","uri":"https://example.com/cat.png"},""" +
            """{"type":"file","modality":"document","mime_type":"application/pdf","file_id":"file-1"}]},""" +
            """{"role":"assistant","parts":[{"type":"reasoning","content":"A tool knows."},{"type":"tool_call","id":"call_1","name":"look","arguments":{"at": "cat"}}]},""" +
            """{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"a cat"}]}]""");
        recording.Spans[0].Text("gen_ai.output.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"text","content":"It is "},{"type":"text","content":"a cat."}],"finish_reason":"length"}]""");
    }

    [Fact]
    public void A_step_that_calls_no_model_has_the_messages_as_PandaProbe_shows_them()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("agent", ProbeSpanKind.Agent))
        {
            span.SetInput(Conversation);
            span.SetOutput([ProbeMessage.Assistant("A cat.") with { Name = "zoologist" }]);
        }

        recording.Spans[0].Text("input.value").ShouldBe(
            """{"messages":[{"role":"user","name":"ann","content":[{"type":"text","text":"What is this?"},""" +
            """{"type":"image_url","image_url":{"url":"https://example.com/cat.png"}},{"type":"file","modality":"document","mime_type":"application/pdf","file_id":"file-1"}]},""" +
            """{"role":"assistant","content":"","reasoning":"A tool knows.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"at\": \"cat\"}"}}]},""" +
            """{"role":"tool","tool_call_id":"call_1","content":"a cat"}]}""");
        recording.Spans[0].Text("output.value").ShouldBe("""{"messages":[{"role":"assistant","name":"zoologist","content":"A cat."}]}""");
    }

    [Fact]
    public async Task PandaProbe_gets_the_same_from_a_model_call_a_step_and_a_trace()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            trace.SetInput(Conversation);
            trace.SetOutput([Conversation[1]]);
            using (SpanScope call = trace.StartSpan("call", ProbeSpanKind.Llm, "gpt-4o"))
                call.SetInput(Conversation);
            using (SpanScope step = trace.StartSpan("step", ProbeSpanKind.Agent))
                step.SetInput(Conversation);
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Trace("trace");
        string[] inputs = [.. stored.Spans.Values.Select(span => span.GetProperty("input").GetRawText())];
        inputs.Length.ShouldBe(2);
        inputs[0].ShouldBe(inputs[1]);
        inputs[0].ShouldContain("\"tool_call_id\":\"call_1\"");
        string whole = stored.Fields.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        whole.ShouldContain("\"input\":{\"messages\":[{\"role\":\"user\",\"name\":\"ann\"");
        whole.ShouldContain("\"reasoning\":\"A tool knows.\"");
    }

    [Fact]
    public void Bytes_are_a_blob_and_are_copied()
    {
        byte[] image = [1, 2, 3];
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o"))
        {
            span.SetInput([ProbeMessage.User(ProbeMessagePart.Image(image, "image/png"))]);
            image[0] = 9;
        }

        recording.Spans[0].Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"AQID"}]}]""");
    }

    [Fact]
    public void Objects_are_read_at_the_call()
    {
        Dictionary<string, object?> arguments = new() { ["city"] = "Paris" };
        List<string> result = ["sun"];
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o"))
        {
            span.SetInput([
                ProbeMessage.Assistant(
                    ProbeMessagePart.ToolCall("1", "weather", arguments), ProbeMessagePart.ToolCall(null, "time", new { Zone = "CET" })),
                new("tool", "") { Parts = [ProbeMessagePart.ToolResult("1", result), ProbeMessagePart.ToolResult("2", (string?)null)] },
            ]);
            arguments["city"] = "Rome";
            result.Add("rain");
        }

        recording.Spans[0].Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"weather","arguments":{"city":"Paris"}},{"type":"tool_call","name":"time","arguments":{"Zone":"CET"}}]},""" +
            """{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":["sun"]},{"type":"tool_call_response","id":"2","response":null}]}]""");
    }

    [Fact]
    public void What_is_no_json_and_what_throws_stays_visible()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o"))
        {
            span.SetInput([ProbeMessage.Assistant(
                ProbeMessagePart.ToolCall("1", "f", "{not json"), ProbeMessagePart.ToolCall("2", "g", new Failing()))]);
        }

        recording.Spans[0].Text("gen_ai.input.messages").ShouldBe(
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":"{not json"},""" +
            $$"""{"type":"tool_call","id":"2","name":"g","arguments":"{{typeof(Failing)}}"}]}]""");
    }

    [Fact]
    public void Redaction_and_the_limit_reach_into_parts()
    {
        using SpanRecording recording = new(options =>
        {
            options.Redact = text => text.Replace("secret", "[gone]");
            options.MaxContentLength = 200;
        });
        var message = ProbeMessage.Assistant(
            "a secret", ProbeMessagePart.Reasoning("the secret"), ProbeMessagePart.ToolCall("1", "f", """{"x":"secret"}"""),
            ProbeMessagePart.ToolResult("1", new string('y', 500)),
            ProbeMessagePart.Image("https://example.com/secret.png"));
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o"))
            span.SetOutput([message]);

        string output = recording.Spans[0].Text("gen_ai.output.messages")!;
        output.ShouldNotContain("secret");
        output.ShouldContain("\"a [gone]\"");
        output.ShouldContain("\"the [gone]\"");
        output.ShouldContain("""{"x":"[gone]"}""");
        output.ShouldContain("https://example.com/[gone].png");
        output.ShouldContain("yyy…");
        output.Length.ShouldBeLessThan(600);
        recording.Spans[0].HasTag("pandaprobe.metadata.output_original_length").ShouldBeTrue();
        message.Parts![0].Content.ShouldBe("a secret", "the caller's message is not changed");
    }

    [Fact]
    public void Tokens_of_texts_names_tool_calls_and_images_count()
    {
        using SpanRecording recording = new();
        ProbeMessage[] prompt =
        [
            ProbeMessage.User("What is this?", ProbeMessagePart.Image("https://example.com/cat.png")) with { Name = "ann" },
            ProbeMessage.Assistant(ProbeMessagePart.ToolCall("1", "look", """{"at":"cat"}""")),
            ProbeMessage.Tool("1", "a cat"),
        ];
        using (Probe.StartLlmSpanWithTokens("gpt-4o", "openai", prompt))
        {
        }

        TokenMessage[] same =
        [
            new("user", "What is this?", "ann") { Images = [new TokenImage()] },
            new("assistant", """look{"at":"cat"}"""),
            new("tool", "a cat"),
        ];
        recording.Spans[0].Tag("gen_ai.usage.input_tokens").ShouldBe((long)TokenCounter.Count(same, "gpt-4o").Tokens);
    }

    [Fact]
    public void Messages_inside_of_other_values_keep_their_parts()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("step"))
        {
            span.SetInput(new { messages = Conversation[1..] });
            span.SetMetadata("last", (object)Conversation[2]);
        }

        JsonElement messages = JsonDocument.Parse(recording.Spans[0].Text("input.value")!).RootElement.GetProperty("messages");
        messages[0].GetProperty("Parts")[1].GetRawText().ShouldBe("""{"type":"tool_call","id":"call_1","name":"look","arguments":"{\"at\": \"cat\"}"}""");
        recording.Spans[0].Tag("pandaprobe.metadata.last").ShouldBe("""{"role":"tool","parts":[{"type":"tool_call_response","id":"call_1","response":"a cat"}]}""");
    }

    [Fact]
    public void The_form_with_one_text_is_what_it_was()
    {
        ProbeMessage message = new("user", "hi");

        (message with { Name = "ann" }).ShouldBe(new ProbeMessage("user", "hi") { Name = "ann" });
        (message with { Name = "ann" } with { Name = null }).ShouldBe(message);
        (message with { Name = "ann" } with { Content = "ho" }).ShouldBe(new ProbeMessage("user", "ho") { Name = "ann" });
        (ProbeMessage.User("a", ProbeMessagePart.Reasoning("x"), "b") with { Content = "c" }).ShouldBe(ProbeMessage.User("c"));
        ProbeMessage.User("a", ProbeMessagePart.Reasoning("x"), "b").Content.ShouldBe("ab");
        ProbeMessage.User("a", "b").ShouldBe(ProbeMessage.User("a", "b"));
        ProbeMessage.User("a", "b").GetHashCode().ShouldBe(ProbeMessage.User("a", "b").GetHashCode());
        ProbeMessage.User("a", "b").ShouldNotBe(ProbeMessage.User("ab"));
        message.Parts.ShouldBeNull();
        ProbeMessage.User(null!).Content.ShouldBeNull();
        JsonSerializer.Serialize(message).ShouldBe("""{"Role":"user","Content":"hi"}""");
        JsonSerializer.Deserialize<ProbeMessage>("""{"Role":"user","Content":"hi","Name":"ann"}""").ShouldBe(message with { Name = "ann" });
        Allocated.By(() => _ = ProbeMessage.User("hi") == new ProbeMessage("user", "hi")).ShouldBe(0);
    }

    private sealed class Failing
    {
        public string Value => throw new InvalidOperationException();
    }
}

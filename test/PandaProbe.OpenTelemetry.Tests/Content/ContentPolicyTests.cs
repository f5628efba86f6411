using System.Diagnostics;
using System.Text.Json;

namespace PandaProbe.Content;

/// <summary>
/// What may be recorded of inputs and outputs, and how much. The strictest policy of the process counts, so these run alone.
/// </summary>
public sealed class ContentPolicyTests
{
    [Fact]
    public void A_redactor_that_replaces_everything_leaves_the_names_by_which_backends_know_messages()
    {
        string[] names =
        [
            "arguments", "content", "file_id", "finish_reason", "id", "messages", "mime_type", "modality", "name", "parts", "response",
                "role",
            "server_tool_call", "server_tool_call_response", "tool_calls", "type", "uri",
        ];
        using SpanRecording recording = new(options => options.Redact = _ => "gone");
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetInput(names.Append("other").ToDictionary(name => name, _ => "text"));

        using var input = JsonDocument.Parse(recording.Span("span").Text("input.value")!);
        input.RootElement.EnumerateObject().Select(property => property.Name).ShouldBe([.. names, "gone"]);
        input.RootElement.EnumerateObject().ShouldAllBe(property => property.Value.GetString() == "gone");
    }

    [Fact]
    public void Without_capture_everything_but_the_content_is_recorded()
    {
        using SpanRecording recording = new(options => options.CaptureContent = false);

        Everything("secret");

        recording.Spans.Count.ShouldBe(3);
        foreach (Activity span in recording.Spans)
            span.TagObjects.ShouldNotContain(tag => tag.Value!.ToString()!.Contains("secret"));
        recording.Span("llm").Tag("gen_ai.usage.input_tokens").ShouldBe(1L);
    }

    [Fact]
    public void Redaction_sees_every_text_and_only_what_it_returns_is_recorded()
    {
        using SpanRecording recording = new(options => options.Redact = text => text.Replace("secret", "[gone]"));

        Everything("a secret \"quoted\"");

        recording.Span("llm").Text("gen_ai.input.messages").ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"a [gone] \"quoted\""}]}]""");
        recording.Span("tool").Tag("input.value").ShouldBe("""{"[gone]":"a [gone] \"quoted\"","n":1.50}""");
        recording.Span("tool").Tag("gen_ai.tool.call.result").ShouldBe("a [gone] \"quoted\"");
        recording.Span("trace").Tag("input.value").ShouldBe("a [gone] \"quoted\"");
    }

    [Fact]
    public void A_list_too_long_to_be_shortened_in_its_texts_fits_as_one_text_with_all_its_escapes()
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 1000);
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetOutput(Enumerable.Repeat("\"é日", 1000).ToArray());

        string output = recording.Span("span").Text("output.value")!;
        output.Length.ShouldBeInRange(100, 1000);
        JsonDocument.Parse(output).RootElement.GetString()!.ShouldStartWith("""["\"é日",""");
    }

    [Theory]
    [InlineData(new[] { 4, 30, 30 }, new[] { 4, 30, 30 })]
    [InlineData(new[] { 5, 30, 30 }, new[] { 5, 29, 29 })]
    [InlineData(new[] { 10, 100, 200 }, new[] { 10, 27, 27 })]
    [InlineData(new[] { 100, 0, 1 }, new[] { 63, 0, 1 })]
    [InlineData(new[] { 64 }, new[] { 64 })]
    [InlineData(new[] { 65 }, new[] { 64 })]
    public void Messages_that_are_too_long_together_lose_the_end_of_the_longest(int[] lengths, int[] recorded)
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 64);
        using (SpanScope span = Probe.StartLlmSpan("m"))
        {
            ProbeMessage[] messages = [.. lengths.Select(length => ProbeMessage.User(new string('x', length)))];
            span.SetInput(messages);
            span.SetOutput(messages);
        }

        Activity call = recording.Spans.ShouldHaveSingleItem();
        foreach (string direction in new[] { "input", "output" })
        {
            using var document = JsonDocument.Parse(call.Text($"gen_ai.{direction}.messages")!);
            string[] texts = [.. document.RootElement.EnumerateArray()
                .Select(message => message.GetProperty("parts")[0].GetProperty("content").GetString()!)];
            texts.Select(text => text.Length).ShouldBe(recorded);
            texts.Select(text => text.EndsWith('…')).ShouldBe(lengths.Zip(recorded, (given, kept) => kept < given));
            call.Tag($"pandaprobe.metadata.{direction}_original_length").ShouldBe(lengths.Sum() > 64 ? (long)lengths.Sum() : null);
        }
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 64)]
    public void Text_that_is_too_long_loses_its_end(int length, int recorded)
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 64);
        using (SpanScope span = Probe.StartSpan("tool", ProbeSpanKind.Tool))
        {
            span.SetInput(new string('x', length));
            span.SetOutput(new string('x', length));
        }

        Activity tool = recording.Span("tool");
        foreach (string direction in new[] { "input", "output" })
        {
            tool.Text(direction + ".value")!.Length.ShouldBe(recorded);
            tool.Tag($"pandaprobe.metadata.{direction}_original_length").ShouldBe(length > 64 ? (long)length : null);
        }
    }

    [Fact]
    public void Redaction_sees_what_errors_say_too()
    {
        using SpanRecording recording = new(options => options.Redact = text => text.Replace("secret", "[gone]"));

        Should.Throw<FormatException>(() =>
        {
            using SpanScope span = Probe.StartSpan("fails");
            throw new FormatException("cannot read secret");
        });
        using (SpanScope span = Probe.StartSpan("says so"))
            span.SetError("cannot read secret");

        Activity failed = recording.Span("fails");
        failed.StatusDescription.ShouldBe("cannot read [gone]");
        failed.Exceptions().ShouldHaveSingleItem().Tags.ShouldAllBe(tag => !tag.Value!.ToString()!.Contains("secret"));
        failed.Exceptions()[0].Tags.Count().ShouldBe(3);
        recording.Span("says so").StatusDescription.ShouldBe("cannot read [gone]");
    }

    [Fact]
    public void A_redactor_that_throws_hides_the_text_and_not_the_span()
    {
        using SpanRecording recording = new(options => options.Redact = _ => throw new FormatException());

        Everything("secret");

        recording.Span("trace").Tag("input.value").ShouldBe("[redaction failed]");
        recording.Span("llm").Text("gen_ai.input.messages").ShouldNotBeNull().ShouldNotContain("secret");
    }

    [Fact]
    public void Where_two_providers_differ_the_stricter_one_counts()
    {
        using SpanRecording lenient = new();
        using SpanRecording strict = new(options => options.CaptureContent = false);

        Everything("secret");

        lenient.Span("trace").HasTag("input.value").ShouldBeFalse();
        strict.Dispose();
        using (TraceScope trace = Probe.StartTrace("later", input: "visible again"))
        {
        }

        lenient.Span("later").Tag("input.value").ShouldBe("visible again");
    }

    [Fact]
    public void Content_that_is_too_long_is_cut_where_it_is_longest_and_stays_what_it_is()
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 1000);
        string longText = string.Concat(Enumerable.Repeat("😀", 5000));

        using (TraceScope trace = Probe.StartTrace("trace", input: longText))
        using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
        using (SpanScope llm = tool.StartSpan("llm", ProbeSpanKind.Llm))
        {
            tool.SetInput(new { short_one = "kept", long_one = longText, numbers = Enumerable.Range(0, 20) });
            tool.SetOutput(Enumerable.Range(0, 5000));
            llm.SetInput([ProbeMessage.System("kept"), ProbeMessage.User(longText)]);
        }

        string text = recording.Span("trace").Tag("input.value").ShouldBeOfType<string>();
        text.Length.ShouldBeLessThanOrEqualTo(1000);
        text.ShouldEndWith("😀…");
        recording.Span("trace").Tag("pandaprobe.metadata.input_original_length").ShouldBe(10_000L);

        string json = recording.Span("tool").Tag("input.value").ShouldBeOfType<string>();
        json.Length.ShouldBeLessThanOrEqualTo(1000);
        JsonElement kept = JsonDocument.Parse(json).RootElement;
        kept.GetProperty("short_one").GetString().ShouldBe("kept");
        kept.GetProperty("numbers").GetArrayLength().ShouldBe(20);

        JsonDocument.Parse(recording.Span("tool").Text("output.value")!).RootElement.ValueKind.ShouldBe(JsonValueKind.String);

        JsonElement messages = JsonDocument.Parse(recording.Span("llm").Text("gen_ai.input.messages")!).RootElement;
        messages[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldBe("kept");
        messages[1].GetProperty("parts")[0].GetProperty("content").GetString()!.Length.ShouldBeLessThanOrEqualTo(1000);
    }

    private static void Everything(string content)
    {
        using TraceScope trace = Probe.StartTrace("trace", input: content);
        using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
        {
            tool.SetInput(new { secret = content, n = 1.50m });
            tool.SetOutput(content);
        }

        using (SpanScope llm = trace.StartSpan("llm", ProbeSpanKind.Llm))
        {
            llm.SetInput([ProbeMessage.User(content)]);
            llm.SetOutput(content);
            llm.SetTokenUsage(1, 1);
        }

        trace.SetOutput([ProbeMessage.Assistant(content)]);
    }
}

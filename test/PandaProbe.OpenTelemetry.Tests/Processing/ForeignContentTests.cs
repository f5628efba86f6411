using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OpenTelemetry.Trace;
using PandaProbe.TestBackend;
using PandaProbe.Tests.Export;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>The content policy on what other libraries record, and on what hides in content.</summary>
public sealed class ForeignContentTests
{
    private static readonly string[] Contents =
    [
        "traceloop.entity.input", "traceloop.entity.output", "llm.prompt_template.variables", "reranker.query",
        "reranker.input_documents.0.document.content",
        "embedding.embeddings.0.embedding.text", "gen_ai.evaluation.explanation",
    ];

    public static TheoryData<string> ContentTags => new(Contents);

    [Theory]
    [MemberData(nameof(ContentTags))]
    public void Content_under_names_of_other_conventions_is_redacted_and_left_out(string tag)
    {
        Ended(options => options.Redact = Redact, ("gen_ai.provider.name", "openai"), (tag, "a secret")).Tag(tag).ShouldBe("a [gone]");
        Ended(options => options.CaptureContent = false, ("gen_ai.provider.name", "openai"), (tag, "a secret")).Tag(tag).ShouldBeNull();
    }

    [Fact]
    public void Every_content_of_a_span_is_redacted()
    {
        Activity span = Ended(
            options => options.Redact = Redact,
            [("gen_ai.provider.name", "openai"), .. Contents.Select(tag => (tag, (object)"a secret"))]);
        foreach (string tag in Contents)
            span.Tag(tag).ShouldBe("a [gone]", tag);
    }

    [Theory]
    [InlineData("traceloop.entity.input", "a secret")]
    [InlineData("gen_ai.provider.name", "openai")]
    [InlineData("gen_ai.request.model", "gpt")]
    public void A_span_without_an_operation_name_falls_under_the_policy(string tag, string value)
    {
        Activity span = Ended(options => options.Redact = Redact, (tag, value), ("output.value", "a secret"));
        span.Tag("output.value").ShouldBe("a [gone]");
        span.TagObjects.ShouldNotContain(pair => pair.Value!.ToString()!.Contains("secret"));
    }

    [Fact]
    public void Other_libraries_statuses_do_not_leave_as_they_are()
    {
        Failed(options => options.Redact = Redact).StatusDescription.ShouldBe("cannot read [gone]");
        Failed(options => options.CaptureContent = false).StatusDescription.ShouldBe("error");
        Failed(options => options.CaptureContent = false).Status.ShouldBe(ActivityStatusCode.Error);
        Failed(static _ => { }).StatusDescription.ShouldBe("cannot read secret");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Other_libraries_exceptions_reach_PandaProbe_masked(bool capture)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using Exporting export = new(backend, tracing: tracing => tracing.AddSource(source.Name).AddPandaProbe(options =>
        {
            options.Export = ProbeExport.None;
            options.CaptureContent = capture;
            options.Redact = capture ? Redact : null;
        }));
        using (Probe.StartTrace("trace"))
        using (Activity? span = source.StartActivity(
            "foreign", ActivityKind.Internal, default(ActivityContext), [new("gen_ai.operation.name", "chat")]))
        {
            span!.SetStatus(ActivityStatusCode.Error);
            span.AddException(new FormatException("cannot read secret"));
        }

        export.Flush().ShouldBeTrue();
        string stored = backend.Trace("trace").Span("foreign").GetRawText();
        stored.ShouldContain("System.FormatException");
        stored.ShouldNotContain("secret");
        stored.Contains("[gone]").ShouldBe(capture);
    }

    [Fact]
    public void Numbers_and_names_of_properties_are_redacted()
    {
        using SpanRecording recording = new(
            options => options.Redact = static text => text.Replace("secret", "[gone]").Replace("4111", "[card]"));
        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Tool))
            span.SetInput(JsonDocument.Parse("""{"secret":4111222,"n":1.50}""").RootElement);

        recording.Span("span").Tag("input.value").ShouldBe("""{"[gone]":"[card]222","n":1.50}""");
    }

    [Fact]
    public void A_redactor_that_replaces_everything_leaves_messages_readable()
    {
        Activity span = Ended(
            static options => options.Redact = static _ => "x",
            ("gen_ai.operation.name", "chat"), ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"secret"}]}]"""));
        span.Tag("gen_ai.input.messages").ShouldBe("""[{"role":"x","parts":[{"type":"x","content":"x"}]}]""");
    }

    [Fact]
    public void Text_in_a_data_part_is_redacted_as_text()
    {
        using SpanRecording recording = new(static options => options.Redact = Redact);
        Part part = Part.Blob("text/plain", Encoding.UTF8.GetBytes("a secret")).Redacted(Runtime.ContentPolicy.Current, "input");
        Encoding.UTF8.GetString(Convert.FromBase64String((string)part.Value!)).ShouldBe("a [gone]");

        byte[] image = [0xFF, 0xD8, 0xFF, 0xE0];
        Part picture = Part.Blob("image/jpeg", image).Redacted(Runtime.ContentPolicy.Current, "input");
        Convert.FromBase64String((string)picture.Value!).ShouldBe(image);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reasons_of_scores_fall_under_the_policy(bool capture)
    {
        using SpanRecording recording = new(options =>
        {
            options.CaptureContent = capture;
            options.Redact = Redact;
        });
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.Score("helpful", 1.0, reason: "quotes secret");

        string? explanation = recording.Span("trace").Events.Single()
            .Tags.FirstOrDefault(static tag => tag.Key == "gen_ai.evaluation.explanation").Value as string;
        explanation.ShouldBe(capture ? "quotes [gone]" : null);
    }

    private static string Redact(string text) => text.Replace("secret", "[gone]");

    private static Activity Failed(Action<PandaProbeOptions> options)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(options, tracing => tracing.AddSource(source.Name));
        using (Activity? span = source.StartActivity(
            "foreign", ActivityKind.Internal, default(ActivityContext), [new("gen_ai.operation.name", "chat")]))
        {
            span!.SetStatus(ActivityStatusCode.Error, "cannot read secret");
        }

        return recording.Span("foreign");
    }

    private static Activity Ended(Action<PandaProbeOptions> options, params (string Name, object Value)[] tags)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(options, tracing => tracing.AddSource(source.Name));
        using (Activity? span = source.StartActivity("foreign"))
        {
            foreach ((string name, object value) in tags)
                span!.SetTag(name, value);
        }

        return recording.Span("foreign");
    }
}

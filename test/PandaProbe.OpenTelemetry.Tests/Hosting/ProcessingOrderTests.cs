using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Hosting;

[Collection(ProcessWide.Name)]
public sealed class ProcessingOrderTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void The_applications_own_exporters_get_session_and_redacted_content_wherever_they_were_added(bool exporterFirst, bool simple)
    {
        SnapshotExporter exporter = new();
        BaseProcessor<Activity> processor = simple
            ? new SimpleActivityExportProcessor(exporter) : new BatchActivityExportProcessor(exporter);
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddSource(source.Name);
        if (exporterFirst)
            builder.AddProcessor(processor);
        builder.AddPandaProbe(
            options => (options.Export, options.Redact) = (
                ProbeExport.None, text => text.Replace("4111", "[card]", StringComparison.Ordinal)));
        if (!exporterFirst)
            builder.AddProcessor(processor);
        using TracerProvider provider = builder.Build();

        using (Probe.Session("s-1"))
        {
            using (SpanScope own = Probe.StartSpan("own", ProbeSpanKind.Tool))
                own.SetInput("pay with 4111");
            using (Activity foreign = source.StartActivity("foreign")!)
            {
                foreign.SetTag("gen_ai.operation.name", "chat");
                foreign.SetTag("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"pay with 4111"}]}]""");
            }

            source.StartActivity("GET")!.Dispose();
        }

        provider.ForceFlush();
        Dictionary<string, string?> ownTags = exporter.Named("own").ShouldHaveSingleItem();
        (ownTags["session.id"], ownTags["input.value"]).ShouldBe(("s-1", "pay with [card]"));
        Dictionary<string, string?> foreignTags = exporter.Named("foreign").ShouldHaveSingleItem();
        foreignTags["session.id"].ShouldBe("s-1");
        foreignTags["pandaprobe.span.kind"].ShouldBe("LLM");
        foreignTags["gen_ai.input.messages"].ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"pay with [card]"}]}]""");
        exporter.Named("GET").ShouldHaveSingleItem()["session.id"].ShouldBe("s-1");
    }

    [Fact]
    public void Switched_off_content_reaches_no_exporter_and_everything_else_does()
    {
        SnapshotExporter exporter = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .AddProcessor(new SimpleActivityExportProcessor(exporter))
            .AddPandaProbe(options => (options.Export, options.CaptureContent) = (ProbeExport.None, false)).Build();

        using (TraceScope trace = Probe.StartTrace("trace", input: "secret"))
        {
            using (SpanScope own = trace.StartSpan("own", ProbeSpanKind.Llm, model: "m"))
            {
                own.SetInput([ProbeMessage.User("secret")]);
                own.SetOutput("secret");
                own.SetTokenUsage(1, 2);
            }

            using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
            {
                tool.SetInput(new { text = "secret" });
                tool.SetOutput("secret");
            }

            using Activity foreign = source.StartActivity("foreign")!;
            foreach (string name in new[] { "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions",
                "gen_ai.tool.call.arguments", "gen_ai.tool.call.result", "input.value", "output.value" })
            {
                foreign.SetTag(name, "secret");
            }

            foreign.SetTag("gen_ai.operation.name", "chat");
            foreign.SetTag("gen_ai.usage.input_tokens", 1);
        }

        foreach (string name in new[] { "trace", "own", "tool", "foreign" })
            exporter.Named(name).ShouldHaveSingleItem().ShouldNotContain(tag => tag.Value != null && tag.Value.Contains("secret"));
        exporter.Named("own")[0]["gen_ai.usage.input_tokens"].ShouldBe("1");
        exporter.Named("foreign")[0]["gen_ai.usage.input_tokens"].ShouldBe("1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Content_in_an_odd_form_or_beside_odd_numbers_does_not_get_through_either(bool capture)
    {
        SnapshotExporter exporter = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .AddProcessor(new SimpleActivityExportProcessor(exporter))
            .AddPandaProbe(options =>
            {
                options.Export = ProbeExport.None;
                options.CaptureContent = capture;
                options.Redact = text => text.Contains("fail") ? throw new InvalidOperationException() : text.Replace("secret", "***");
            }).Build();

        using (Activity foreign = source.StartActivity("foreign")!)
        {
            foreign.SetTag("gen_ai.operation.name", "chat");
            foreign.SetTag("gen_ai.usage.prompt_tokens", double.NaN);
            foreign.SetTag("gen_ai.input.messages", new System.Text.StringBuilder("a secret that is no text yet"));
            foreign.SetTag("gen_ai.output.messages", "[a secret that is no JSON");
            foreign.SetTag("gen_ai.system_instructions", """["a secret that makes the redactor fail"]""");
            foreign.SetTag("input.value", """{"text":"a secret","half":"\ud800 secret"}""");
        }

        exporter.Named("foreign").ShouldHaveSingleItem().ShouldNotContain(tag => tag.Value != null && tag.Value.Contains("secret"));
        exporter.Named("foreign")[0].ContainsKey("gen_ai.output.messages").ShouldBe(capture);
    }

    [Fact]
    public void Two_providers_double_nothing_on_a_span_and_what_one_forbids_is_forbidden_in_both()
    {
        SnapshotExporter one = new(), two = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        int redactions = 0;
        using (TracerProvider first = Sdk.CreateTracerProviderBuilder().AddSource(source.Name)
            .AddPandaProbe(options => options.Export = ProbeExport.None).AddProcessor(new SimpleActivityExportProcessor(one)).Build())
        using (TracerProvider second = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddPandaProbe(options =>
            {
                options.Export = ProbeExport.None;
                options.Redact = text =>
                {
                    redactions++;
                    return $"<{text}>";
                };
            }).AddProcessor(new SimpleActivityExportProcessor(two)).Build())
        {
            using (Probe.Session("s"))
            {
                using (SpanScope own = Probe.StartSpan("own"))
                    own.SetInput("a");
                using Activity foreign = source.StartActivity("foreign")!;
                foreign.SetTag("gen_ai.operation.name", "chat");
                foreign.SetTag("gen_ai.input.messages", """["a"]""");
            }

            redactions.ShouldBe(2);
            foreach (SnapshotExporter exporter in new[] { one, two })
            {
                exporter.Named("own").ShouldHaveSingleItem()["input.value"].ShouldBe("<a>");
                exporter.Named("foreign").ShouldHaveSingleItem()["gen_ai.input.messages"].ShouldBe("""["<a>"]""");
                exporter.Named("foreign")[0]["session.id"].ShouldBe("s");
            }
        }

        using (SpanRecording after = new())
        {
            using (SpanScope own = Probe.StartSpan("own"))
                own.SetInput("a");
            after.Span("own").Text("input.value").ShouldBe("a");
        }
    }

    [Fact]
    public void A_processor_of_the_application_sees_the_session_at_the_start_of_a_foreign_span()
    {
        SeesSession processor = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(source.Name).AddProcessor(processor)
            .AddPandaProbe(AddPandaProbeTests.ToNowhere).Build();

        using (Probe.Session("s"))
            source.StartActivity("foreign")!.Dispose();

        processor.Seen.ShouldBe("s");
    }

    private sealed class SeesSession : BaseProcessor<Activity>
    {
        public object? Seen { get; private set; }

        public override void OnStart(Activity data) => Seen = data.GetTagItem("session.id");
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export.Local;
using PandaProbe.Hosting;
using PandaProbe.Otlp;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.Safety;
using PandaProbe.TestBackend;
using PandaProbe.Tests.Export;

namespace PandaProbe.Tests.Processing;

/// <summary>
/// Where spans become safe, and in which order: masked and then redacted, once, on the thread of whoever reads them first.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class RedactionTests
{
    private const string Secret = "ghp_1B4a9dEfGh2JkLmNoPqRsTuVwXyZ0123aBcD";

    public enum Reader
    {
        PandaProbe,
        Otlp,
        Batch,
        Simple,
        Processor,
    }

    [Theory]
    [InlineData(Reader.PandaProbe, false)]
    [InlineData(Reader.Otlp, false)]
    [InlineData(Reader.Batch, false)]
    [InlineData(Reader.Simple, true)]
    [InlineData(Reader.Processor, true)]
    public async Task Spans_become_safe_on_the_thread_that_reads_them(Reader reader, bool isCaller)
    {
        await using Backend backend = await Backend.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using IDisposable? apart = ProviderGroup.KeepApart();
        ConcurrentQueue<(string Text, int Thread)> redacted = new();
        ConcurrentQueue<int> scanned = new();
        TextExporter exporter = new();
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
        {
            options.Export = reader switch
            {
                Reader.PandaProbe => ProbeExport.PandaProbe,
                Reader.Otlp => ProbeExport.Otlp,
                _ => ProbeExport.None,
            };
            options.PandaProbe.ApiKey = BackendOptions.DefaultApiKey;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
            options.Otlp.Configure = otlp => AddPandaProbeTests.To(receiver, otlp);
            options.Safety.Detectors.Add(new Detector(scanned));
            options.Redact = text =>
            {
                redacted.Enqueue((text, Environment.CurrentManagedThreadId));
                return text.Replace("name", "[gone]", StringComparison.Ordinal);
            };
        });
        BaseProcessor<Activity>? other = reader switch
        {
            Reader.Batch => new BatchActivityExportProcessor(exporter),
            Reader.Simple => new SimpleActivityExportProcessor(exporter),
            Reader.Processor => new Handing(exporter),
            _ => null,
        };
        if (other is not null)
            builder.AddProcessor(other);
        int caller = 0;
        using ManualResetEventSlim recorded = new(), exported = new();
        using (TracerProvider provider = builder.Build())
        {
            Thread thread = new(() =>
            {
                caller = Environment.CurrentManagedThreadId;
                using TraceScope trace = Probe.StartTrace("trace");
                using SpanScope span = trace.StartSpan("call", ProbeSpanKind.Llm);
                span.SetInput([ProbeMessage.User("name and " + Secret)]);
                span.SetOutput("an answer with a name");
                span.SetError("name");
                trace.Score("helpful", 1, reason: "the name in the reason");
                span.Dispose();
                trace.Dispose();
                recorded.Set();

                // The id of a thread that has ended may be that of the next.
                exported.Wait();
            });
            thread.Start();
            recorded.Wait();
            provider.ForceFlush().ShouldBeTrue();
            exported.Set();
            thread.Join();
        }

        redacted.Select(call => call.Text).ShouldContain("name and [SECRET]", "a redactor comes after masking");
        redacted.Count(call => call.Text.StartsWith("name and", StringComparison.Ordinal)).ShouldBe(1);
        redacted.ShouldNotBeEmpty();
        scanned.ShouldNotBeEmpty();
        redacted.Any(call => call.Thread == caller).ShouldBe(isCaller);
        scanned.Any(id => id == caller).ShouldBe(isCaller);
        string sent = string.Join('\n', backend.Requests.Select(request => request.Text))
            + string.Join('\n', receiver.Received.Select(resource => resource.ToByteString().ToStringUtf8())) + exporter.Text;
        sent.ShouldContain("[gone] and [SECRET]");
        sent.ShouldContain("an answer with a [gone]");
        sent.ShouldNotContain("a name");
        sent.ShouldNotContain("the name");
    }

    [Fact]
    public void A_batch_of_the_application_gets_what_was_found_and_its_exporter_ends_with_it()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        Keeping exporter = new();
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(AddPandaProbeTests.ToNowhere)
            .AddProcessor(new BatchActivityExportProcessor(exporter));
        using (TracerProvider provider = builder.Build())
        {
            using (SpanScope span = Probe.StartSpan("span"))
                span.SetOutput([ProbeMessage.Assistant("key " + Secret)]);
            provider.ForceFlush().ShouldBeTrue();
            exporter.Calls.ShouldBe(["export 1"]);
            exporter.ParentProvider.ShouldBeSameAs(provider);
        }

        exporter.Calls.Distinct().ShouldBe(["export 1", "shutdown", "dispose"]);
        exporter.Spans.ShouldHaveSingleItem().GetTagItem("pandaprobe.safety.findings").ShouldBe(1);
        exporter.Spans[0].GetTagItem("output.value").ShouldBeOfType<string>().ShouldContain("[SECRET]");
    }

    [Fact]
    public void Exporters_of_the_application_are_wrapped_and_still_known()
    {
        OpenTelemetry.Exporter.OtlpExporterOptions otlp = new() { Endpoint = new("http://localhost:9/") };
        BatchActivityExportProcessor batch = new(new OpenTelemetry.Exporter.OtlpTraceExporter(otlp));
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddProcessor(batch);
        ApplicationExporters? found = null;
        ((IDeferredTracerProviderBuilder)builder).Configure((_, inner) => found = new(inner));
        using TracerProvider provider = builder.Build();

        found!.HasOtlp.ShouldBeTrue();
        found.ReadAtEnd(new SensitiveScanner()).ShouldBeFalse("a version of OpenTelemetry has other fields: the caller pays");
        found.HasOtlp.ShouldBeTrue();
    }

    [Fact]
    public async Task A_text_is_redacted_once_whoever_reads_it()
    {
        await using Backend backend = await Backend.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using IDisposable? apart = ProviderGroup.KeepApart();
        TextExporter one = new(), two = new();
        ConcurrentQueue<string> redacted = new();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
        {
            options.Export = ProbeExport.Both;
            options.PandaProbe.ApiKey = BackendOptions.DefaultApiKey;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
            options.Otlp.Configure = otlp => AddPandaProbeTests.To(receiver, otlp);
            options.Redact = text =>
            {
                redacted.Enqueue(text);
                return $"<{text}>";
            };
        }).AddProcessor(new SimpleActivityExportProcessor(one)).AddProcessor(new BatchActivityExportProcessor(two)).Build())
        {
            using (TraceScope trace = Probe.StartTrace("trace", input: "question"))
            using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
            {
                tool.SetInput("argument");
                tool.SetOutput([ProbeMessage.Assistant("result")]);
            }

            provider.ForceFlush().ShouldBeTrue();
        }

        redacted.Order().ShouldBe(["argument", "question", "result"]);
        foreach (string sent in new[]
        {
            one.Text, two.Text, string.Join('\n', backend.Requests.Select(request => request.Text)),
            string.Join('\n', receiver.Received.Select(resource => resource.ToByteString().ToStringUtf8())),
        })
        {
            sent.ShouldContain("<argument>");
            sent.ShouldContain("<question>");
            sent.ShouldContain("<result>");
            sent.ShouldNotContain("<<");
        }
    }

    [Fact]
    public void A_redactor_gets_a_text_before_it_is_shortened()
    {
        string text = new string('x', 90) + " 4111-1111 " + new string('y', 300);
        using SpanRecording recording = new(options =>
        {
            options.MaxContentLength = 100;
            options.Redact = static text => text.Replace("4111-1111", "[card]", StringComparison.Ordinal);
        });
        using (SpanScope tool = Probe.StartSpan("tool", ProbeSpanKind.Tool))
        {
            tool.SetInput(text);
            tool.SetOutput(new { text });
        }

        using (SpanScope call = Probe.StartLlmSpan("m", name: "call"))
        {
            call.SetInput([ProbeMessage.User(text)]);
            call.SetOutput(new { text });
        }

        using (SpanScope retriever = Probe.StartSpan("retriever", ProbeSpanKind.Retriever))
            retriever.SetDocuments([new(text, "id", 0.5)]);
        foreach (Activity span in recording.Spans)
        {
            span.TagObjects.ShouldContain(tag => tag.Value!.ToString()!.Contains("xxx"));
            span.TagObjects.ShouldAllBe(tag => !tag.Value!.ToString()!.Contains("4111") && tag.Value.ToString()!.Length < 200);
            span.TagObjects.ShouldContain(tag => tag.Key.EndsWith("_original_length"));
        }
    }

    [Fact]
    public void A_redactor_that_left_still_redacts_what_was_recorded_under_it()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        Keeping exporter = new();
        using TracerProvider stays = Sdk.CreateTracerProviderBuilder().AddPandaProbe(AddPandaProbeTests.ToNowhere)
            .AddProcessor(new BatchActivityExportProcessor(exporter)).Build();
        SpanScope open;
        using (Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
            (options.Export, options.Redact) = (ProbeExport.None, static _ => "gone")).Build())
        {
            using (SpanScope ended = Probe.StartSpan("ended"))
                ended.SetInput("planted");
            open = Probe.StartSpan("open");
            open.SetInput("planted");
        }

        open.Dispose();
        using (SpanScope later = Probe.StartSpan("later"))
            later.SetInput("visible");
        stays.ForceFlush().ShouldBeTrue();
        exporter.Spans.Select(span => (span.DisplayName, span.GetTagItem("input.value")))
            .ShouldBe([("ended", "gone"), ("open", "gone"), ("later", "visible")]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_summary_of_the_reasoning_is_content(bool captures)
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(
            options =>
            {
                options.CaptureContent = captures;
                options.Redact = captures ? static text => text.Replace("planted", "[gone]", StringComparison.Ordinal) : null;
                options.Otlp.Dialects = ProbeDialects.Langfuse;
            },
            tracing => tracing.AddSource(source.Name));
        using (Activity call = source.StartActivity("call")!)
        {
            call.SetTag("gen_ai.operation.name", "chat");
            call.SetTag("gen_ai.output.messages",
                """[{"role":"assistant","parts":[{"type":"reasoning","content":"planted"},{"type":"text","content":"planted"}]}]""");
        }

        Activity recorded = recording.Span("call");
        recorded.Tag("pandaprobe.metadata.reasoning_summary").ShouldBe(captures ? "[gone]" : null);
        recorded.TagObjects.ShouldAllBe(tag => !tag.Value!.ToString()!.Contains("planted"));
    }

    [Fact]
    public void A_span_that_runs_is_shown_as_safe_as_one_that_has_ended()
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        SafetyOptions safety = new SafetyOptions
        {
            Rules =
            {
                new(SensitiveAction.DropContent) { Type = SensitiveType.Secret, Field = "input" },
                new(SensitiveAction.Mask) { Type = SensitiveType.Secret, Field = "metadata.*" },
            },
        }.MaskPersonalData();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
        {
            options.Export = ProbeExport.None;
            options.Redact = static text => text.Replace("Ada", "[name]", StringComparison.Ordinal);
        }).Build();
        using SpanScope span = Probe.StartSpan("running for jane@example.com", ProbeSpanKind.Tool);
        span.SetInput("a key: " + Secret);
        span.SetOutput("Ada");
        span.SetMetadata("card", 4111111111111111);
        span.SetMetadata("owner", "key " + Secret);

        FieldScanners scanner = new(safety);
        string json = Encoding.UTF8.GetString(
            new RunningSpanWriter(scanner, withContent: true).Write(
                [span.Activity!], new(new Dictionary<string, object> { ["note"] = Secret })));

        JsonElement written = JsonDocument.Parse(json).RootElement.GetProperty("resourceSpans")[0];
        written.GetProperty("resource").GetRawText().ShouldContain("[SECRET]");
        JsonElement running = written.GetProperty("scopeSpans")[0].GetProperty("spans")[0];
        running.GetProperty("name").GetString().ShouldBe("running for [EMAIL]");
        var tags = running.GetProperty("attributes").EnumerateArray().ToDictionary(
            tag => tag.GetProperty("key").GetString()!, tag => tag.GetProperty("value").GetRawText());
        tags["input.value"].ShouldBe("""{"stringValue":"[DROPPED]"}""");
        tags["output.value"].ShouldBe("""{"stringValue":"[name]"}""");
        tags["pandaprobe.metadata.card"].ShouldBe("""{"stringValue":"[CARD]"}""");
        tags["pandaprobe.metadata.owner"].ShouldBe("""{"stringValue":"key [SECRET]"}""");
        span.Activity!.GetTagItem("output.value").ShouldBe("Ada", "the span is its owner's until it ends");
    }

    [Fact]
    public async Task Ten_thousand_findings_in_one_body_are_counted_and_masked()
    {
        await using Backend backend = await Backend.StartAsync();
        using (Exporting export = new(backend, recorded: options => options.Safety.MaskPersonalData()))
        {
            using (SpanScope span = Probe.StartSpan("span"))
            {
                span.SetOutput(Enumerable.Range(0, 10_000).Select(i => $"user{i}@example.com").ToArray());
                span.SetMetadata("owner", "last@example.com");
            }

            export.Flush().ShouldBeTrue();
        }

        JsonElement span0 = backend.Traces.Values.ShouldHaveSingleItem().Span("span");
        span0.GetProperty("output").EnumerateArray().Count(item => item.GetString() == "[EMAIL]").ShouldBe(10_000);
        span0.GetProperty("metadata").GetProperty("pandaprobe.safety.findings").GetInt32().ShouldBe(10_001);
        span0.GetProperty("metadata").GetProperty("owner").GetString().ShouldBe("[EMAIL]");
    }

    private sealed class Detector(ConcurrentQueue<int> threads) : ISensitiveDetector
    {
        public string Name => "detector";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches)
        {
            if (text.Contains("name", StringComparison.Ordinal))
                threads.Enqueue(Environment.CurrentManagedThreadId);
        }
    }

    /// <summary>A processor of the application that hands spans on.</summary>
    private sealed class Handing(TextExporter exporter) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => exporter.Export(new([data], 1));
    }

    private sealed class Keeping : BaseExporter<Activity>
    {
        public List<Activity> Spans { get; } = [];

        public ConcurrentQueue<string> Calls { get; } = new();

        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (Activity span in batch)
                Spans.Add(span);
            Calls.Enqueue("export " + batch.Count);
            return ExportResult.Success;
        }

        protected override bool OnShutdown(int timeoutMilliseconds)
        {
            Calls.Enqueue("shutdown");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            Calls.Enqueue("dispose");
            base.Dispose(disposing);
        }
    }
}

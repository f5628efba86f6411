using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;
using PandaProbe.Processing;
using PandaProbe.Safety;
using PandaProbe.TestBackend;
using PandaProbe.Tests.Export;

namespace PandaProbe.Tests.Processing;

/// <summary>What cannot be made safe does not leave, and is counted.</summary>
[Collection(ProcessWide.Name)]
public sealed class FailClosedTests
{
    private const string Secret = "ghp_1B4a9dEfGh2JkLmNoPqRsTuVwXyZ0123aBcD";

    [Fact]
    public async Task A_span_whose_events_cannot_be_replaced_is_dropped_and_counted_by_the_exporter_to_PandaProbe()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (new WithoutLists())
        {
            Produce();
        }

        export.Flush().ShouldBeFalse("something was dropped");
        export.Health.SpansDropped.ShouldBe(1);
        export.Health.DroppedByReason["spans.unsafe"].ShouldBe(1);
        backend.Trace("trace").Spans.Values.ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("clean");
        export.ShouldAddUp();
    }

    [Theory]
    [InlineData(ExportProcessorType.Batch)]
    [InlineData(ExportProcessorType.Simple)]
    public async Task A_span_whose_events_cannot_be_replaced_is_dropped_and_counted_by_the_export_over_OTLP(ExportProcessorType type)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        List<string> reasons = [];
        using MeterListener listener = Counting("pandaprobe.otlp.spans.dropped", "reason", reasons);
        foreach (bool hasOther in new[] { false, true })
        {
            using SpanRecording recording = new(
                options =>
                {
                    options.Export = ProbeExport.Otlp;
                    options.Otlp.Configure = otlp =>
                    {
                        (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.HttpEndpoint, "v1/traces"));
                        otlp.ExportProcessorType = type;
                    };
                },
                tracing =>
                {
                    if (hasOther)
                        tracing.AddProcessor(new SimpleActivityExportProcessor(new TextExporter()));
                });
            using (new WithoutLists())
            {
                Produce();
                recording.Provider.ForceFlush();
            }
        }

        reasons.ShouldBe(["unsafe", "unsafe"]);
        receiver.Spans.Select(span => span.Name).Order().ShouldBe(["clean", "clean", "trace", "trace"]);
    }

    [Fact]
    public void A_resource_that_cannot_be_replaced_keeps_spans_from_leaving()
    {
        // The provider of metrics has a resource, too, and none that this library replaces.
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddAttributes([new("key", Secret)])).Build();
        ResourceMasking.TryApply(provider, new SensitiveScanner()).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_detector_that_throws_or_exceeds_its_time_costs_the_value_and_not_the_span(bool throws)
    {
        Detector detector = new(throws);
        using Activity span = new("span");
        span.SetTag("bad", "word");
        span.SetTag("good", 7);
        span.AddEvent(new("event", tags: new() { { "bad", "word" } }));
        SensitiveScanner scanner = new(new() { Detectors = { detector }, TimeProvider = detector });

        SpanMasking.TryApply(span, scanner).ShouldBeTrue();

        span.TagObjects.ShouldNotContain(tag => "word".Equals(tag.Value));
        span.Events.ShouldHaveSingleItem().Tags.ShouldNotContain(tag => "word".Equals(tag.Value));
        span.TagObjects.ShouldContain(tag => 7.Equals(tag.Value));
        span.GetTagItem("pandaprobe.safety.outcome").ShouldBe("withheld");
    }

    [Fact]
    public void An_array_that_contains_itself_is_masked_and_ends()
    {
        object[] cycle = [Secret, 1];
        cycle[1] = cycle;
        using Activity span = new("span");
        span.SetTag("cycle", cycle);

        SpanMasking.TryApply(span, new SensitiveScanner()).ShouldBeTrue();

        ((object[])span.GetTagItem("cycle")!)[0].ShouldBe("[SECRET]");
    }

    [Fact]
    public void A_wrong_setting_in_code_stops_at_the_start()
    {
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder()
            .AddPandaProbe(options => options.Safety[SensitiveType.Email] = SensitiveAction.Hash);
        Should.Throw<Exception>(builder.Build).Message.ShouldContain("HashKey");
    }

    [Fact]
    public void A_cut_does_not_go_through_a_secret_while_memory_is_scarce()
    {
        FieldScanners scanner = new(new());
        new Runtime.ContentPolicy { Scanners = [scanner] }.AtMost(100).Scanners.ShouldBe([scanner]);
    }

    private static void Produce()
    {
        using TraceScope trace = Probe.StartTrace("trace");
        trace.StartSpan("clean").Dispose();
        using SpanScope span = trace.StartSpan("with an event");
        span.Activity!.AddEvent(new("event", tags: new() { { "key", Secret } }));
    }

    internal static MeterListener Counting(string counter, string tag, List<string> values)
    {
        MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == counter)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            lock (values)
                values.AddRange(Enumerable.Repeat((string)tags.ToArray().First(item => item.Key == tag).Value!, (int)count));
        });
        listener.Start();
        return listener;
    }

    private sealed class WithoutLists : IDisposable
    {
        public WithoutLists() => SpanLists.CanReplace = false;

        public void Dispose() => SpanLists.CanReplace = true;
    }

    private sealed class Detector(bool throws) : TimeProvider, ISensitiveDetector
    {
        private long _now;

        public string Name => "detector";

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches)
        {
            if (throws && text.Contains("word", StringComparison.Ordinal))
                throw new InvalidOperationException(text.ToString());
            _now += text.Contains("word", StringComparison.Ordinal) ? TimeSpan.TicksPerHour : 0;
        }
    }
}

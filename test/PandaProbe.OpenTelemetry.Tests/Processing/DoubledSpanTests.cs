using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Recording;

namespace PandaProbe.Processing;

public sealed class DoubledSpanTests
{
    [Fact]
    public void A_doubled_span_ends_for_every_processor_and_is_exported_by_none()
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        Counting counting = new(source.Name);
        List<Activity> exported = [];
        using SpanRecording recording = new(
            tracing: tracing => tracing.AddSource(source.Name).AddProcessor(counting)
            .AddProcessor(new SimpleActivityExportProcessor(new Listing(exported))));

        for (int i = 0; i < 100; i++)
        {
            using SpanScope call = Probe.StartSpan("chat", ProbeSpanKind.Llm);
            CallKinds.Mark(call.Activity!);
            using Activity? inner = source.StartActivity(
                "chat gpt", ActivityKind.Client, default(ActivityContext), [new("gen_ai.operation.name", "chat")]);
            inner!.SetTag("gen_ai.usage.input_tokens", 10);
            Activity.Current.ShouldBe(call.Activity);
        }

        (counting.Starts, counting.Ends).ShouldBe((100, 100));
        exported.ShouldNotContain(span => span.Source.Name == source.Name);
        recording.Spans.ShouldAllBe(span => span.Source.Name != source.Name);
        recording.Spans.Count.ShouldBe(100);
    }

    [Fact]
    public void A_doubled_span_shows_no_processor_what_is_to_be_redacted()
    {
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        Counting counting = new(source.Name);
        using SpanRecording recording = new(
            options => options.CaptureContent = false, tracing => tracing.AddSource(source.Name).AddProcessor(counting));

        using (SpanScope call = Probe.StartSpan("chat", ProbeSpanKind.Llm))
        {
            CallKinds.Mark(call.Activity!);
            using Activity? inner = source.StartActivity(
                "chat gpt", ActivityKind.Client, default(ActivityContext), [new("gen_ai.operation.name", "chat")]);
            inner!.SetTag("gen_ai.input.messages", "secret");
        }

        counting.Last!.Recorded.ShouldBeFalse();
        counting.Last!.TagObjects.ShouldNotContain(tag => Equals(tag.Value, "secret"));
    }

    private sealed class Listing(List<Activity> exported) : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch)
        {
            foreach (Activity span in batch)
                exported.Add(span);
            return ExportResult.Success;
        }
    }

    private sealed class Counting(string source) : BaseProcessor<Activity>
    {
        public int Starts { get; private set; }

        public int Ends { get; private set; }

        public Activity? Last { get; private set; }

        public override void OnStart(Activity data) => Starts += data.Source.Name == source ? 1 : 0;

        public override void OnEnd(Activity data)
        {
            if (data.Source.Name != source)
                return;

            Ends++;
            Last = data;
        }
    }
}

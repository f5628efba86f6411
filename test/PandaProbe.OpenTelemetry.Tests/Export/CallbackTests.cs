using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Code of the application that this library calls may use this library.</summary>
public class CallbackTests
{
    [Fact]
    public void A_redactor_that_records_is_not_called_for_what_it_records()
    {
        int calls = 0;
        using SpanRecording recording = new(options => options.Redact = text =>
        {
            calls++;
            using SpanScope span = Probe.StartSpan("inside", ProbeSpanKind.Tool);
            span.SetInput(text);
            return text.Replace("secret", "[gone]");
        });

        using (SpanScope span = Probe.StartSpan("outside"))
            span.SetInput("a secret");

        recording.Span("outside").Tag("input.value").ShouldBe("a [gone]");
        recording.Spans.ShouldHaveSingleItem();
        calls.ShouldBe(1);
    }

    [Fact]
    public void A_redactor_that_writes_to_the_open_span_from_another_task_is_not_called_again()
    {
        int calls = 0;
        SpanScope span = default;
        using SpanRecording recording = new(options => options.Redact = text =>
        {
            calls++;
            SpanScope open = span;
            Task.Run(() => open.SetOutput("from inside")).Wait();
            return text;
        });

        using (span = Probe.StartSpan("outside"))
            span.SetInput("text");

        calls.ShouldBe(1);
        recording.Span("outside").Tag("input.value").ShouldBe("text");
        recording.Span("outside").Tag("output.value").ShouldNotBe("from inside");
    }

    [Fact]
    public async Task A_filter_that_records_and_flushes_neither_recurses_nor_stalls_the_export()
    {
        await using Backend backend = await Backend.StartAsync();
        Exporting? exporting = null;
        bool? flushed = null;
        using Exporting export = exporting = new(backend, options => options.SpanFilter = _ =>
        {
            using (Probe.StartTrace("inside"))
                flushed = exporting!.Exporter.ForceFlush();
            return true;
        });
        using (Probe.StartTrace("trace"))
        using (Probe.StartSpan("span"))
        {
        }

        export.Flush().ShouldBeTrue();
        flushed.ShouldBe(false);
        backend.Traces.Values.ShouldHaveSingleItem().Name.ShouldBe("trace");
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_callback_that_shuts_the_export_down_does_not_wait_for_itself()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(401) });
        Exporting? exporting = null;
        bool? ended = null;
        using Exporting export = exporting = new(backend, options => options.OnExportError = _ =>
        {
            using (Probe.StartTrace("inside"))
                ended ??= exporting!.Exporter.Shutdown();
        });
        using (Probe.StartTrace("trace"))
        {
        }

        export.Flush();
        ended.ShouldBe(false);
        backend.Fault = null;
        export.Dispose();
        backend.Traces.Values.ShouldNotContain(trace => trace.Name == "inside");
    }
}

using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Pipeline;
using PandaProbe.Runtime;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public class MemoryBoundTests
{
    private const int TextLength = 100_000;

    private static void Produce(int traces)
    {
        for (int i = 0; i < traces; i++)
        {
            using TraceScope trace = Probe.StartTrace($"trace-{i}", input: new string('i', TextLength));
            using SpanScope span = trace.StartSpan("call", ProbeSpanKind.Llm);
            span.SetInput(new string('x', TextLength));
        }
    }

    // Metadata is not shortened.
    private static void ProduceMetadata()
    {
        using TraceScope trace = Probe.StartTrace("trace", metadata: new() { ["page"] = new string('i', TextLength / 2) });
        using SpanScope span = trace.StartSpan("call", ProbeSpanKind.Llm);
        span.SetMetadata("page", new string('x', TextLength / 2));
    }

    [Theory]
    [InlineData(0, 9, false)]
    [InlineData(0, 10, true)]
    [InlineData(750, 0, false)]
    [InlineData(751, 0, true)]
    public async Task A_queue_is_full_at_its_size_or_beyond_three_quarters_of_the_memory(long bytes, int waiting, bool isFull)
    {
        PandaProbeOptions options = new() { PandaProbe = { MaxQueueSize = 10, MaxMemoryBytes = 1000 } };
        ExportStatistics statistics = new();
        statistics.Memory.Hold(bytes);
        ExportReporter reporter = new(options.PandaProbe, debug: false, statistics, TimeProvider.System);
        await using SendingLoop loop = new(
            new ExportSettings(options, () => null), TimeProvider.System, () =>
                0, statistics, reporter, null!, null!, null, new(), default);

        ((ISendQueue)loop).IsFull(waiting).ShouldBe(isFull);
    }

    [Fact]
    public async Task Where_memory_is_scarce_content_is_shortened_visibly_before_spans_are_dropped()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.MaxMemoryBytes = 8_000_000, time);
        for (int i = 0; i < 100; i++)
        {
            using TraceScope trace = Probe.StartTrace($"trace-{i}", input: new string('i', TextLength));
            using SpanScope span = trace.StartSpan("call", ProbeSpanKind.Llm);
            span.SetInput(new string('x', TextLength));
        }

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 100, "all arrive");
        export.Health.SpansDropped.ShouldBe(0);
        backend.Trace("trace-0").Span("call").GetProperty("input").GetRawText().Length.ShouldBeGreaterThan(TextLength);
        System.Text.Json.JsonElement last = backend.Trace("trace-99").Span("call");
        last.GetProperty("input").GetRawText().Length.ShouldBeLessThan(5000);
        last.GetProperty("metadata").GetProperty("input_original_length").GetInt32().ShouldBeGreaterThanOrEqualTo(TextLength);

        time.Until(() => ProviderGroup.Current.Memory.Bytes == 0, "there is room again");
        using (Probe.StartTrace("after", input: new string('i', TextLength)))
        {
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("after").Fields["input"]!.ToJsonString().Length.ShouldBeGreaterThan(TextLength);
    }

    [Fact]
    public async Task While_the_backend_is_down_what_waits_is_bounded_in_bytes_and_what_is_dropped_is_counted()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.MaxMemoryBytes = 8_000_000, time);
        HeldMemory memory = ProviderGroup.Current.Memory;
        for (int i = 0; i < 100; i++)
        {
            ProduceMetadata();
            time.Until(() => export.Health.TracesQueued == i + 1, "the trace is assembled");
            memory.Bytes.ShouldBeLessThan(8_000_000);
        }

        memory.Bytes.ShouldBeGreaterThan(4_000_000);
        export.Health.TracesDropped.ShouldBeInRange(75, 90);
        export.Health.DroppedByReason.Keys.ShouldBe(["traces.queue_full", "spans.queue_full"], ignoreOrder: true);
        export.Errors.ShouldContain(error => error.DropReason == "queue_full" && error.Message.Contains("8000000 bytes"));

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported + export.Health.TracesDropped == 100, "the others arrive");
        export.ShouldAddUp();
        time.Until(() => memory.Bytes == 0, "what has left is not held");
    }

    [Fact]
    public async Task With_a_spool_what_is_too_much_for_the_memory_goes_to_disk_and_arrives()
    {
        using SpoolDirectory spool = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(429) });
        FakeTime time = new();
        using Exporting export = new(
            backend,
            options =>
            {
                options.MaxMemoryBytes = 4_000_000;
                options.SpoolDirectory = spool.Path;
            },
            time);
        for (int i = 0; i < 40; i++)
        {
            Produce(1);
            time.Until(() => export.Health.TracesQueued == i + 1, "the trace is assembled");
        }

        export.Health.TracesSpooled.ShouldBeGreaterThan(20);
        export.Health.TracesDropped.ShouldBe(0);
        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 40, "all arrive");
        time.Until(() => ProviderGroup.Current.Memory.Bytes == 0, "what has left is not held");
    }

    [Fact]
    public async Task Memory_is_given_back_for_what_is_left_out_and_for_what_comes_too_late()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.SpanFilter = span => span.DisplayName != "call");
        HeldMemory memory = ProviderGroup.Current.Memory;
        Produce(10);
        export.Flush().ShouldBeTrue();
        memory.Bytes.ShouldBe(0);

        SpanScope late;
        using (TraceScope trace = Probe.StartTrace("trace"))
            late = trace.StartSpan("late");
        export.Dispose();
        late.Dispose();
        memory.Bytes.ShouldBe(0);
    }
}

using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Traces that are sent in several requests, before or after their end.</summary>
public class LongTraceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task The_head_of_a_running_trace_is_known_to_be_stored_before_the_one_that_completes_it_is_sent(int spans)
    {
        await using Backend backend = await Backend.StartAsync(new() { StoresAtOnce = true });
        using Exporting export = new(backend, options => options.MaxTraceDuration = TimeSpan.FromSeconds(20), new FastTime(50));
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < spans; i++)
            {
                using SpanScope span = trace.StartSpan("span");
            }

            Exporting.Eventually(() => backend.SpansStored == spans, "the spans go ahead of the end");
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("trace").Status.ShouldBe("COMPLETED");

        // Only an answer about spans, or a score, says that the trace is stored.
        backend.Requests.Select(request => (request.Path.EndsWith("/spans", StringComparison.Ordinal), request.Status))
            .ShouldBe([(false, 202), (true, 201), (false, 202)]);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public async Task The_request_that_completes_a_trace_wins_when_the_worker_repeats_the_first_one_late(int spans, bool spools)
    {
        using SpoolDirectory spool = new();
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(
            new()
            {
                StoreTime = time,
                FailsFirst = request => request.Text.Contains("\"RUNNING\""),
                Fault = _ => spools ? Fault.Answer(503) : null,
            });
        using Exporting export = new(
            backend,
            options =>
            {
                options.MaxTraceDuration = TimeSpan.FromSeconds(20);
                options.SpoolDirectory = spools ? spool.Path : null;
            },
            time);
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < spans; i++)
                trace.StartSpan("span").Dispose();
            if (spans == 0)
                trace.Score("helpful", 0.5);
            time.Until(() => spools ? export.Health.TracesSpooled == 1 : backend.Requests.Count > 0, "it goes ahead of its end", step: 1);
        }

        time.Until(() => !spools || spool.Waiting.Length == 3, "the end is there");
        backend.Fault = null;
        time.Until(() => export.Exporter.QueueLength == 0 && export.Health is { SpansHeld: 0, SpoolSize: 0 }, "all is sent");
        TimeSpan until = time.Now + TimeSpan.FromSeconds(10);
        time.Until(() => time.Now > until, "the worker is done");
        backend.Trace("trace").Status.ShouldBe("COMPLETED");
        backend.Trace("trace").Posts.ShouldBe(2);
        backend.Trace("trace").Spans.Count.ShouldBe(spans);
    }

    [Fact]
    public async Task A_span_that_ends_after_its_trace_follows_it()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(20));

        TraceScope trace = Probe.StartTrace("trace");
        SpanScope late = trace.StartSpan("late");
        using (SpanScope child = late.StartSpan("child"))
        {
        }

        trace.Dispose();
        export.Flush().ShouldBeTrue();
        backend.Trace("trace").Spans.Count.ShouldBe(1);

        late.Dispose();
        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(2);
        stored.Span("child").GetProperty("parent_span_id").GetString().ShouldBe(stored.Span("late").GetProperty("span_id").GetString());
        stored.Posts.ShouldBe(1);
        backend.Requests.Count(request => request.Path.EndsWith("/spans", StringComparison.Ordinal) && request.Status == 201).ShouldBe(1);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(1203)]
    [InlineData(5000)]
    public async Task Spans_beyond_500_follow_through_the_spans_endpoint(int count)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, time: new FastTime(50));

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < count; i++)
            {
                using SpanScope span = trace.StartSpan("span");
            }

            trace.SetOutput("done");
        }

        export.Flush().ShouldBeTrue();
        StoredTrace stored = backend.Trace("trace");
        stored.Spans.Count.ShouldBe(count);
        stored.Status.ShouldBe("COMPLETED");
        stored.Fields["output"].ShouldNotBeNull();
        backend.SpansReceived.ShouldBe(count);
        backend.Violations.ShouldBeEmpty();
        export.Health.TracesExported.ShouldBe(1);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task What_belongs_to_a_trace_that_never_ends_is_sent_as_running_and_completed_later()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.MaxTraceDuration = TimeSpan.FromSeconds(20), new FastTime(50));

        TraceScope trace = Probe.StartTrace("trace");
        for (int i = 0; i < 3; i++)
        {
            using SpanScope span = trace.StartSpan("span");
        }

        Exporting.Eventually(() => backend.SpansStored == 3, "the spans go ahead of the end");
        backend.Trace("trace").Status.ShouldBe("RUNNING");

        using (SpanScope span = trace.StartSpan("last"))
        {
        }

        trace.Dispose();
        export.Flush().ShouldBeTrue();
        backend.Trace("trace").Status.ShouldBe("COMPLETED");
        backend.SpansStored.ShouldBe(4);
        backend.Violations.ShouldBeEmpty();
        export.ShouldAddUp();
    }

    [Fact]
    public async Task At_shutdown_what_belongs_to_open_traces_goes_too()
    {
        await using Backend backend = await Backend.StartAsync();
        Exporting export = new(backend);
        TraceScope trace = Probe.StartTrace("open");
        using (SpanScope span = trace.StartSpan("span"))
        {
        }

        OpenTelemetry.Trace.TracerProviderExtensions.Shutdown(export.Provider, 120_000).ShouldBeTrue();
        backend.Trace("open").Status.ShouldBe("RUNNING");
        backend.SpansStored.ShouldBe(1);
        export.Dispose();
        export.Health.TracesDropped.ShouldBe(0);
        trace.Dispose();
        export.Health.TracesDropped.ShouldBe(1, "its end came too late, and is counted");
    }

    [Fact]
    public async Task Spans_beyond_the_bound_are_dropped_and_counted_and_nothing_else()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        using Exporting export = new(backend, options =>
        {
            options.MaxSpanCount = 100;
            options.MaxQueueSize = 10_000;
        });

        for (int i = 0; i < 300; i++)
        {
            using TraceScope trace = Probe.StartTrace("trace");
            using SpanScope span = trace.StartSpan("span");
        }

        Exporting.Eventually(() => export.Health.SpansQueued == 300, "all are accounted for");
        Exporting.Eventually(() => export.Health.SpansHeld <= 100, "the traces' own activities are seen to");
        export.Health.SpansDropped.ShouldBeInRange(200, 260);
        export.Health.DroppedByReason["spans.queue_full"].ShouldBe(export.Health.SpansDropped);
        export.ShouldAddUp();

        // The backend would keep the provider's end waiting.
        export.Exporter.Shutdown(0);
    }

    [Fact]
    public async Task Thousands_of_open_traces_stay_within_the_bound()
    {
        await using Backend backend = await Backend.StartAsync(new() { KeepContent = false, TraceLimit = null, OtherLimit = null });
        using Exporting export = new(backend, options =>
        {
            options.MaxSpanCount = 1000;
            options.MaxQueueSize = 100_000;
        });

        const int Count = 5000;
        List<TraceScope> open = [];
        for (int i = 0; i < Count; i++)
        {
            Activity.Current = null;
            TraceScope trace = Probe.StartTrace("trace");
            open.Add(trace);
            using (SpanScope span = trace.StartSpan("span"))
            {
            }

            if (i % 100 == 0)
                Exporting.Eventually(() => export.Health.SpansHeld < 900, "the oldest go ahead");
        }

        Exporting.Eventually(() => backend.SpansReceived >= Count - 500, "all but half of the bound is sent ahead");
        export.Flush().ShouldBeTrue();
        export.Health.SpansHeld.ShouldBeLessThanOrEqualTo(500);
        export.Health.SpansDropped.ShouldBe(0);
        foreach (TraceScope trace in open)
            trace.Dispose();
        export.Flush().ShouldBeTrue();
        export.Health.TracesDropped.ShouldBe(0);
        export.Health.TracesExported.ShouldBe(Count);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_trace_of_a_hundred_thousand_spans_stays_within_the_bound_and_adds_up()
    {
        await using Backend backend = await Backend.StartAsync(new() { KeepContent = false, OtherLimit = null });
        using Exporting export = new(backend);

        const int Count = 100_000;
        long most = 0;
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            for (int i = 0; i < Count; i++)
            {
                using (trace.StartSpan("span"))
                {
                }

                if (i % 1000 == 0)
                    most = Math.Max(most, export.Health.SpansHeld);
            }
        }

        export.Flush();
        most.ShouldBeInRange(1, export.Options.MaxSpanCount);
        PandaProbeExporterHealth health = export.Health;
        health.SpansHeld.ShouldBe(0);
        (backend.SpansReceived + health.SpansDropped).ShouldBe(Count, health.ToString());
        backend.Violations.ShouldBeEmpty();
    }
}

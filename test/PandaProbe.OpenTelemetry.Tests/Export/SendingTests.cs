using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public class SendingTests
{
    private static void Produce(int traces, int spans = 2, string name = "trace")
    {
        for (int i = 0; i < traces; i++)
        {
            using TraceScope trace = Probe.StartTrace($"{name}-{i}");
            for (int j = 0; j < spans; j++)
            {
                using SpanScope span = trace.StartSpan("step");
            }
        }
    }

    private static void ShouldHaveAll(Exporting export, Backend backend, int traces, int spans = 2)
    {
        backend.Traces.Count.ShouldBe(traces);
        backend.SpansStored.ShouldBe(traces * spans);
        backend.Violations.ShouldBeEmpty();
        Exporting.Eventually(() => export.Health.SpansHeld == 0 && export.Exporter.QueueLength == 0, "the last answer is counted");
        PandaProbeExporterHealth health = export.Health;
        health.TracesExported.ShouldBe(traces);
        health.SpansExported.ShouldBe(traces * spans);
        health.SpansDropped.ShouldBe(0);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task Every_request_carries_its_headers_and_nothing_else_does()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        Produce(3);
        export.Flush().ShouldBeTrue();

        foreach (BackendRequest request in backend.Requests)
        {
            request.Headers["X-API-Key"].ShouldBe(BackendOptions.DefaultApiKey);
            request.Headers["X-Project-Name"].ShouldBe(BackendOptions.DefaultProject);
            request.Headers["Content-Type"].ShouldBe("application/json");
            request.Headers["User-Agent"].ShouldStartWith("pandaprobe-dotnet/");
            request.Headers.Keys.ShouldNotContain("traceparent");
        }

        backend.Requests.Select(request => request.RequestId).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Requests_are_compressed_when_asked_for()
    {
        await using Backend backend = await Backend.StartAsync(new() { UnpacksRequests = true });
        using Exporting export = new(backend, options => options.CompressRequests = true);
        Produce(5, spans: 100);
        export.Flush().ShouldBeTrue();
        ShouldHaveAll(export, backend, 5, 100);
        backend.Requests.ShouldAllBe(
            request => request.Headers["Content-Encoding"] == "gzip"
            && int.Parse(request.Headers["Content-Length"]) * 4 < request.Body.Length);
    }

    [Fact]
    public async Task Where_compression_is_refused_requests_go_uncompressed_from_then_on()
    {
        using Diagnostics.Events events = new();
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(
            backend,
            options =>
            {
                options.CompressRequests = true;
                options.MaxConcurrentRequests = 1;
            });
        Produce(5);
        export.Flush().ShouldBeTrue();
        ShouldHaveAll(export, backend, 5);
        backend.Requests.Select(request => request.Status).ShouldBe([400, 202, 202, 202, 202, 202]);
        backend.Requests.Count(request => request.Headers.ContainsKey("Content-Encoding")).ShouldBe(1);
        events.Warnings.ShouldContain(warning => warning.Contains("CompressRequests"));
    }

    [Fact]
    public async Task The_servers_reason_reaches_the_user()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(422, body: """{"detail":[{"loc":["header"],"msg":"X-Project-Name may have letters, digits and dashes","input":"a secret"}]}""") });
        using Exporting export = new(backend);
        Produce(1);
        export.Flush().ShouldBeFalse();
        export.Errors.ShouldHaveSingleItem().Message.ShouldContain("X-Project-Name may have letters, digits and dashes");
        export.Health.LastError!.ShouldNotContain("a secret");
    }

    [Fact]
    public async Task A_plan_that_is_used_up_is_asked_rarely_and_what_it_refuses_is_counted_as_such()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { PlanLimit = 3 });
        using Exporting export = new(backend, options => options.MaxConcurrentRequests = 1, time);
        Produce(20);
        time.Until(() => export.Health.TracesDropped == 17, "what the plan has no room for is dropped");
        export.Health.DroppedByReason["traces.plan_used_up"].ShouldBe(17);
        export.Health.IsFailing.ShouldBeTrue();
        export.Errors.ShouldAllBe(error => error.Message.Contains("You've reached the traces limit (3) for your HOBBY plan"));
        backend.Requests.Count.ShouldBe(4);

        time.Advance(TimeSpan.FromMinutes(15));
        Produce(5, name: "later");
        time.Until(() => export.Health.TracesDropped == 22, "it is asked again");
        backend.Requests.Count.ShouldBe(5);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task Traces_go_when_a_batch_is_full_or_the_interval_is_over()
    {
        FakeTime time = new();
        ConcurrentQueue<TimeSpan> arrivals = new();
        await using Backend backend = await Backend.StartAsync();
        backend.Fault = _ =>
        {
            arrivals.Enqueue(time.Now);
            return null;
        };
        using Exporting export = new(
            backend,
            options =>
            {
                options.FlushInterval = TimeSpan.FromMinutes(10);
                options.BatchSize = 5;
            },
            time);

        Produce(5);
        Exporting.Eventually(() => backend.Traces.Count == 5, "a full batch goes at once");
        Produce(3, name: "more");
        time.Advance(TimeSpan.FromMinutes(9.9));
        time.Until(() => backend.Traces.Count == 8, "the others go after the interval");
        arrivals.Take(5).ShouldAllBe(at => at == TimeSpan.Zero);
        arrivals.Skip(5).ShouldAllBe(at => at >= TimeSpan.FromMinutes(10));

        Produce(3, name: "flushed");
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(11, "a flush waits for no interval");
    }

    public static TheoryData<string> Faults =>
        ["500", "502", "503", "503 later", "504", "408", "429", "429 later", "reset", "store and reset", "truncate", "drip"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task After_trouble_every_trace_is_there_exactly_once(string trouble)
    {
        Fault fault = trouble switch
        {
            "503 later" => Fault.Answer(503, "2"),
            "429 later" => Fault.Answer(429, "3"),
            "reset" => Fault.Reset,
            "store and reset" => Fault.StoreThenReset,
            "truncate" => Fault.Truncate,
            "drip" => Fault.Drip,
            _ => Fault.Answer(int.Parse(trouble)),
        };
        int left = 6;
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Interlocked.Decrement(ref left) >= 0 ? fault : null });
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        Produce(10);
        export.Flush();
        time.Until(() => export.Health.SpansHeld == 0 && export.Exporter.QueueLength == 0, "everything arrives: " + export.Health);

        ShouldHaveAll(export, backend, 10);
        foreach (IGrouping<string, BackendRequest> sameTrace in backend.Requests.Where(request => request.Body.Length > 0)
            .GroupBy(request => request.Text))
        {
            sameTrace.Select(request => request.RequestId).Distinct().Count().ShouldBe(1, "a retry keeps its identifier");
        }
    }

    [Fact]
    public async Task A_connection_is_not_used_again_after_a_failure()
    {
        int left = 6;
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Interlocked.Decrement(ref left) >= 0 ? Fault.Answer(500) : null });
        using Exporting export = new(backend, options => options.MaxConcurrentRequests = 1, time);
        Produce(10);
        time.Until(() => export.Health.TracesExported == 10, "everything arrives");
        export.Errors.Count.ShouldBe(6);
        export.Errors.ShouldAllBe(
            error => error.StatusCode == 500, "no request was lost on a connection that the server closed behind its answer");
    }

    [Fact]
    public async Task A_backend_that_is_not_there_yet_gets_everything_when_it_is()
    {
        // Bound, but not listening yet: nobody else gets the port, and every connection is refused.
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        FakeTime time = new();
        using Exporting export = new(new Uri($"http://{socket.LocalEndPoint}"), time: time);
        Produce(20);
        time.Until(() => export.Health.IsFailing, "the exporter notices");
        time.Until(() => export.Errors.Any(error => error.WillRetry && error.Message.Contains("cannot be reached")), "and says so");

        await using Backend backend = await Backend.StartAsync(new() { Socket = socket });
        time.Until(() => export.Health.TracesExported == 20, "everything arrives");
        ShouldHaveAll(export, backend, 20);
        export.Health.IsFailing.ShouldBeFalse();
    }

    [Fact]
    public async Task While_the_backend_is_down_one_request_at_a_time_tries()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.BatchSize = 1, time);
        Produce(200);
        time.Until(() => time.Now > TimeSpan.FromMinutes(1), "a minute passes");
        backend.Requests.Count.ShouldBeInRange(1, 24);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 200, "everything arrives");
        ShouldHaveAll(export, backend, 200);
    }

    [Fact]
    public async Task A_hanging_backend_keeps_nobody_beyond_the_deadline()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        Exporting export = new(backend);

        // The request itself would hang for a day: whoever waits for it is not back in a minute.
        var bound = TimeSpan.FromMinutes(1);
        long start = Stopwatch.GetTimestamp();
        Produce(20);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(bound, "the caller never waits");

        start = Stopwatch.GetTimestamp();
        export.Flush(0.3).ShouldBeFalse();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(bound);

        start = Stopwatch.GetTimestamp();
        export.Exporter.Shutdown(300).ShouldBeFalse();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(bound);
        Exporting.Eventually(() => export.Health is { TracesDropped: 20, SpansHeld: 0 }, "everything is given up");
        export.Health.DroppedByReason["traces.shutdown"].ShouldBe(20);
        export.ShouldAddUp();
        export.Dispose();
    }

    [Fact]
    public async Task A_flush_after_the_shutdown_returns_even_without_a_deadline()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        Produce(3);
        export.Exporter.Shutdown(120_000).ShouldBeTrue();
        (await Task.Run(() => export.Exporter.ForceFlush(Timeout.Infinite)).WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeTrue();
        ShouldHaveAll(export, backend, 3);
    }

    [Fact]
    public async Task A_request_that_hangs_is_given_up_and_tried_again()
    {
        int left = 2;
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Interlocked.Decrement(ref left) >= 0 ? Fault.Hang : null });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.RequestTimeout = TimeSpan.FromSeconds(10), time);
        Produce(5);
        time.Until(() => left <= 0, "two hang");
        time.Advance(TimeSpan.FromSeconds(10));

        // Slowly: what does not hang is not to be given up.
        time.Until(() => export.Health.TracesExported == 5, "everything arrives", step: 0.02);
        ShouldHaveAll(export, backend, 5);
    }

    [Theory]
    [InlineData(401, "unauthorized", "API key")]
    [InlineData(403, "forbidden", "project")]
    [InlineData(404, "not_found", "PANDAPROBE_PROJECT_NAME")]
    [InlineData(422, "invalid", "invalid")]
    [InlineData(301, "redirected", "redirect")]
    public async Task What_another_attempt_cannot_cure_is_dropped_counted_and_explained(int status, string reason, string hint)
    {
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => status == 301 ? Fault.Redirect("https://elsewhere.example/", 301) : Fault.Answer(status) });
        using Exporting export = new(backend);
        Produce(4);
        export.Flush().ShouldBeFalse("not everything arrived");
        export.Flush().ShouldBeTrue("nothing is waiting any more");

        backend.Requests.Count.ShouldBe(4);
        export.Health.TracesDropped.ShouldBe(4);
        export.Health.DroppedByReason["spans." + reason].ShouldBe(8);
        export.Errors.ShouldAllBe(
            error => error.DropReason == reason && error.StatusCode == status && error.Message.Contains(hint) && error.TraceId != null);
        export.Health.LastError!.ShouldNotContain(BackendOptions.DefaultApiKey);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_web_page_with_a_good_status_is_not_taken_for_PandaProbes_answer()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.WebPage });
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        Produce(3);
        time.Until(() => export.Errors.Any(error => error.Message.Contains("PANDAPROBE_ENDPOINT")), "it is explained");
        export.Health.TracesExported.ShouldBe(0);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 3, "nothing is lost");
        ShouldHaveAll(export, backend, 3);
    }

    [Fact]
    public async Task One_poisonous_trace_does_not_hold_up_the_others()
    {
        ConcurrentDictionary<string, string> poison = new();

        // 500 for the one request identifier that comes first, for ever.
        await using Backend backend = await Backend.StartAsync(new()
        {
            Fault = request => (poison.IsEmpty && poison.TryAdd(request.RequestId, "")) || poison.ContainsKey(request.RequestId)
                ? Fault.Answer(500) : null,
        });
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        Guid bad;
        using (TraceScope trace = Probe.StartTrace("poison"))
        {
            bad = trace.TraceId;
            using SpanScope span = trace.StartSpan("step");
        }

        time.Until(() => !poison.IsEmpty, "the poisonous trace is the first to go");
        int round = 0;
        time.Until(
            () =>
            {
                Produce(5, name: "good" + round++);
                export.Flush(1);
                return export.Health.TracesDropped > 0;
            },
            "the poisonous trace is given up while others get through");
        export.Flush();
        export.Health.DroppedByReason["traces.server_error"].ShouldBe(1);
        backend.Traces.ShouldNotContainKey(bad);
        backend.Traces.Count.ShouldBe((int)export.Health.TracesExported);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_cut_up_until_it_fits()
    {
        await using Backend backend = await Backend.StartAsync(new() { MaxBodySize = 20_000 });
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            for (int i = 0; i < 30; i++)
            {
                using SpanScope span = trace.StartSpan("step");
                span.SetInput(new string('x', i == 3 ? 100_000 : 3000));
            }
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("large").Spans.Count.ShouldBe(30);
        export.Health.SpansDropped.ShouldBe(0);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rate_limit_is_never_exceeded()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { TraceLimit = 100, RateTime = time });
        using Exporting export = new(backend, options => options.TracesPerMinute = 100, time);
        Produce(350);
        time.Until(() => export.Health.TracesExported == 350, "all arrive", step: 0.5);
        time.Now.ShouldBeInRange(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
        backend.Requests.Count(request => request.Status == 429).ShouldBe(0);
        ShouldHaveAll(export, backend, 350);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Too_many_requests_slow_down_and_lose_nothing(bool retryAfter)
    {
        // The server allows less than the exporter believes.
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { TraceLimit = 20, RateTime = time, SendRetryAfter = retryAfter });
        using Exporting export = new(backend, options => options.TracesPerMinute = 100, time);
        Produce(60);

        // While no time passes: however slow the requests come, they fall into one minute.
        Exporting.Eventually(() => backend.Requests.Any(request => request.Status == 429), "the server refuses");
        time.Until(() => export.Health.TracesExported == 60, "all arrive", step: 0.5);
        ShouldHaveAll(export, backend, 60);
        export.Health.Retries.ShouldBeGreaterThan(0);
        backend.Requests.Count(request => request.Status == 429).ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData(503, "0")]
    [InlineData(503, "Sat, 01 Jan 2000 00:00:00 GMT")]
    [InlineData(429, "0")]
    [InlineData(429, "Sat, 01 Jan 2000 00:00:00 GMT")]
    public async Task A_moment_to_come_back_that_is_over_already_is_no_reason_to_hammer(int status, string retryAfter)
    {
        string spool = Path.Combine(Path.GetTempPath(), "pandaprobe-hammer-" + Guid.NewGuid().ToString("N"));
        try
        {
            int refused = 0;
            await using Backend backend = await Backend.StartAsync(new());
            backend.Fault = _ => Interlocked.Increment(ref refused) <= 5 ? Fault.Answer(status, retryAfter) : null;
            FakeTime time = new();
            using Exporting export = new(backend, options => options.SpoolDirectory = spool, time);
            Produce(1);
            time.Until(() => export.Health.TracesExported == 1, "it arrives");

            // Half of 1, 2, 4, 8 and 16 seconds at least.
            time.Now.ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
        }
        finally
        {
            if (Directory.Exists(spool))
                Directory.Delete(spool, recursive: true);
        }
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_and_counts_them()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.MaxQueueSize = 50, time);
        Produce(80);
        time.Until(() => export.Health.TracesDropped == 30, "30 find no room");
        export.Health.DroppedByReason["traces.queue_full"].ShouldBe(30);
        export.Health.DroppedByReason["spans.queue_full"].ShouldBe(60);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 50, "the others arrive");
        backend.Traces.Values.Select(trace => trace.Name).ShouldBe(Enumerable.Range(0, 50).Select(i => $"trace-{i}"), ignoreOrder: true);
        export.ShouldAddUp();
    }

    [Fact]
    public async Task A_span_that_joins_its_waiting_trace_in_a_full_queue_is_sent_and_not_reported_as_dropped()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.MaxQueueSize = 1, time);
        SpanScope late;
        using (TraceScope trace = Probe.StartTrace("trace"))
            late = trace.StartSpan("late");
        time.Until(() => export.Exporter.QueueLength == 1, "the queue is full");
        late.Dispose();
        time.Until(() => export.Health.SpansQueued == 1, "the span is there");

        backend.Fault = null;
        time.Until(() => export.Health.SpansExported == 1, "the span follows its trace");
        export.Errors.ShouldAllBe(error => error.DropReason == null);
        ShouldHaveAll(export, backend, 1, 1);
    }
}

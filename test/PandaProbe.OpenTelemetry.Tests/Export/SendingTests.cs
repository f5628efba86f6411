using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public class SendingTests
{
    [Fact]
    public async Task Every_request_carries_its_headers_and_nothing_else_does()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        Exporting.Produce(3, 2);
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
        Exporting.Produce(5, 100);
        export.Flush().ShouldBeTrue();
        export.ShouldHaveAll(backend, 5, 100);
        backend.Requests.ShouldAllBe(
            request => request.Headers["Content-Encoding"] == "gzip"
            && int.Parse(request.Headers["Content-Length"]) * 4 < request.Body.Length);
    }

    // PandaProbe's backend answers 400, and a proxy in front of it 415.
    [Theory]
    [InlineData(400)]
    [InlineData(415)]
    public async Task Where_compression_is_refused_requests_go_uncompressed_from_then_on(int status)
    {
        using Diagnostics.Events events = new();
        await using Backend backend = await Backend.StartAsync();
        if (status != 400)
            backend.Fault = request => request.Headers.ContainsKey("Content-Encoding") ? Fault.Answer(status) : null;
        using Exporting export = new(
            backend,
            options =>
            {
                options.CompressRequests = true;
                options.MaxConcurrentRequests = 1;
            });
        Exporting.Produce(5, 2);
        export.Flush().ShouldBeTrue();
        export.ShouldHaveAll(backend, 5);
        backend.Requests.Select(request => request.Status).ShouldBe([status, 202, 202, 202, 202, 202]);
        backend.Requests.Count(request => request.Headers.ContainsKey("Content-Encoding")).ShouldBe(1);
        events.Warnings.ShouldContain(warning => warning.Contains("CompressRequests"));
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

        Exporting.Produce(5, 2);
        Exporting.Eventually(() => backend.Traces.Count == 5, "a full batch goes at once");
        Exporting.Produce(3, 2, "more");
        time.Advance(TimeSpan.FromMinutes(9.9));
        time.Until(() => backend.Traces.Count == 8, "the others go after the interval");
        arrivals.Take(5).ShouldAllBe(at => at == TimeSpan.Zero);
        arrivals.Skip(5).ShouldAllBe(at => at >= TimeSpan.FromMinutes(10));

        Exporting.Produce(3, 2, "flushed");
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(11, "a flush waits for no interval");
    }

    public static TheoryData<string> Faults =>
        ["500", "502", "503", "503 later", "504", "408", "425", "429", "429 later", "reset", "store and reset", "truncate", "drip"];

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
        Exporting.Produce(10, 2);
        export.Flush();
        time.Until(() => export.Health.SpansHeld == 0 && export.Exporter.QueueLength == 0, "everything arrives: " + export.Health);

        export.ShouldHaveAll(backend, 10);
        foreach (IGrouping<string, BackendRequest> sameTrace in backend.Requests.Where(request => request.Body.Length > 0)
            .GroupBy(request => request.Text))
        {
            sameTrace.Select(request => request.RequestId).Distinct().Count().ShouldBe(1, "a retry keeps its identifier");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_connection_is_not_used_again_after_a_failure(int senders)
    {
        int left = 6;
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Interlocked.Decrement(ref left) >= 0 ? Fault.Answer(500) : null });
        using Exporting export = new(backend, options => options.MaxConcurrentRequests = senders, time);
        Exporting.Produce(10, 2);
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
        Exporting.Produce(20, 2);
        time.Until(() => export.Health.IsFailing, "the exporter notices");
        time.Until(() => export.Errors.Any(error => error.WillRetry && error.Message.Contains("cannot be reached")), "and says so");

        await using Backend backend = await Backend.StartAsync(new() { Socket = socket });
        export.Reaches(backend);
        time.Until(() => export.Health.TracesExported == 20, "everything arrives");
        export.ShouldHaveAll(backend, 20);
        export.Health.IsFailing.ShouldBeFalse();
    }

    [Fact]
    public async Task While_the_backend_is_down_one_request_at_a_time_tries()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.BatchSize = 1, time);
        Exporting.Produce(200, 2);
        time.Until(() => time.Now > TimeSpan.FromMinutes(1), "a minute passes");
        backend.Requests.Count.ShouldBeInRange(1, 24);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 200, "everything arrives");
        export.ShouldHaveAll(backend, 200);
    }

    [Fact]
    public async Task A_hanging_backend_keeps_nobody_beyond_the_deadline()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        Exporting export = new(backend);

        // The request itself would hang for a day: whoever waits for it is not back in a minute.
        var bound = TimeSpan.FromMinutes(1);
        long start = Stopwatch.GetTimestamp();
        Exporting.Produce(20, 2);
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
        Exporting.Produce(3, 2);
        export.Exporter.Shutdown(120_000).ShouldBeTrue();
        (await Task.Run(() => export.Exporter.ForceFlush(Timeout.Infinite)).WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeTrue();
        export.ShouldHaveAll(backend, 3);
    }

    [Fact]
    public async Task A_request_that_hangs_is_given_up_and_tried_again()
    {
        int left = 2;
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Interlocked.Decrement(ref left) >= 0 ? Fault.Hang : null });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.RequestTimeout = TimeSpan.FromSeconds(10), time);
        Exporting.Produce(5, 2);
        time.Until(() => left <= 0, "two hang");
        time.Advance(TimeSpan.FromSeconds(10));

        // Slowly: what does not hang is not to be given up.
        time.Until(() => export.Health.TracesExported == 5, "everything arrives", step: 0.02);
        export.ShouldHaveAll(backend, 5);
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_and_counts_them()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.MaxQueueSize = 50, time);
        Exporting.Produce(80, 2);
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
        export.ShouldHaveAll(backend, 1, 1);
    }
}

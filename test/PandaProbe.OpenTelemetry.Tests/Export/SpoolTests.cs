using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public sealed class SpoolTests : SpoolingTest
{
    [Fact]
    public async Task What_cannot_be_sent_waits_on_disk_and_is_sent_once_in_order_when_the_backend_is_back()
    {
        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time, options => options.MaxConcurrentRequests = 1);
        Exporting.Produce(30);
        time.Until(() => export.Health.TracesSpooled == 30, "everything is on disk");
        export.Health.SpansHeld.ShouldBe(0);
        export.Health.SpoolSize.ShouldBeGreaterThan(0);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (string file in Directory.GetFiles(Path))
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Spool.Waiting.ShouldAllBe(file => !File.ReadAllText(file).Contains(BackendOptions.DefaultApiKey));

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 30, "everything arrives");
        backend.Requests.Where(request => request.Status == 202)
            .Select(request => System.Text.Json.JsonDocument.Parse(request.Body).RootElement.GetProperty("name").GetString())
            .ShouldBe(Enumerable.Range(0, 30).Select(i => $"trace-{i}"));
        backend.SpansReceived.ShouldBe(30);
        time.Until(() => Spool.Waiting.Length == 0 && export.Health.SpoolSize == 0, "the disk is empty");

        Exporting.Produce(2, name: "after");
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(32);
        backend.Violations.ShouldBeEmpty();
        export.Health.SpansExported.ShouldBe(32);
        export.Health.SpansQueued.ShouldBe(32);
    }

    [Fact]
    public async Task What_finds_no_room_in_the_queue_goes_straight_to_disk_whole_and_in_order()
    {
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = request => request.Number == 1 ? Fault.Hang : Fault.Answer(503), StoresAtOnce = true });
        FakeTime time = new();
        using Exporting export = Export(backend, time, options =>
        {
            options.MaxQueueSize = 1;
            options.RequestTimeout = TimeSpan.FromMinutes(10);
        });
        Exporting.Produce(1, name: "first");
        time.Until(() => backend.Requests.Count == 1, "the only place in the queue is taken");
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            for (int i = 0; i < 700; i++)
                trace.StartSpan("step").Dispose();
            trace.SetOutput("all of it");
        }

        Exporting.Produce(2, name: "more");
        time.Until(() => export.Health is { TracesSpooled: 3, SpansSpooled: 702 }, "the others are on disk");
        export.Exporter.QueueLength.ShouldBe(1);
        export.Health.SpansHeld.ShouldBe(1);
        Spool.Waiting.Length.ShouldBe(4, "500 spans of the large trace, the other 200, and two traces");

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 3, "what is on disk arrives");
        backend.Requests.Where(request => request.Status is 201 or 202).Select(request => (request.Path.Split('/')[^1], request.Status))
            .ShouldBe([("traces", 202), ("spans", 201), ("traces", 202), ("traces", 202)]);
        backend.Trace("large").Spans.Count.ShouldBe(700);
        backend.Trace("large").Fields["output"]!.ToJsonString().ShouldContain("all of it");
        time.Advance(TimeSpan.FromMinutes(10));
        time.Until(() => export.Health.TracesExported == 4, "so does what had hung", step: 0.5);
        export.Health.SpansExported.ShouldBe(703);
        export.Health.TracesDropped.ShouldBe(0);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Shutdown_in_an_outage_leaves_everything_on_disk_for_the_next_process()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Hang });
        using (Exporting export = Export(backend))
        {
            Exporting.Produce(25);
            export.Exporter.Shutdown(300).ShouldBeFalse();
            Exporting.Eventually(() => export.Health is { TracesSpooled: 25, SpansHeld: 0 }, "everything is on disk");
            export.Health.TracesDropped.ShouldBe(0);
            export.ShouldAddUp();
        }

        backend.Fault = null;
        using Exporting next = Export(backend);
        Exporting.Eventually(() => next.Health.TracesExported == 25, "the next process sends it");
        backend.Traces.Count.ShouldBe(25);
        backend.SpansStored.ShouldBe(25);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shutdown_with_a_healthy_backend_sends_what_is_on_disk()
    {
        await using Backend backend = await StartDownAsync();
        FakeTime time = new();
        using Exporting export = Export(backend, time);
        Exporting.Produce(25);
        time.Until(() => export.Health.TracesSpooled == 25, "everything is on disk");
        backend.Fault = null;
        Task<bool> shutdown = Task.Run(() => export.Exporter.Shutdown(60_000));
        time.Until(() => shutdown.IsCompleted, "it ends");
        (await shutdown).ShouldBeTrue();
        backend.Traces.Count.ShouldBe(25);
        Spool.Waiting.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    [InlineData(400)]
    [InlineData(422)]
    public async Task A_mistake_in_the_configuration_costs_nothing_that_is_on_disk(int status)
    {
        FakeTime time = new();
        await using Backend backend = await StartDownAsync();
        using Exporting export = Export(backend, time);
        Exporting.Produce(10);
        time.Until(() => export.Health.TracesSpooled == 10, "everything is on disk");

        backend.Fault = _ => status == 302 ? Fault.Redirect("https://elsewhere.example/", 302) : Fault.Answer(status);
        int asked = backend.Requests.Count;
        time.Until(() => backend.Requests.Count >= asked + 5, "it is tried several times");
        export.Errors.ShouldContain(error => error.StatusCode == status && error.WillRetry);
        export.Errors.ShouldAllBe(error => error.DropReason == null);
        Spool.Waiting.Length.ShouldBe(10);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 10, "it arrives when the mistake is corrected");
        export.Health.TracesDropped.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_on_disk_that_is_refused_for_itself_is_set_aside_and_the_others_arrive()
    {
        FakeTime time = new();
        await using Backend backend = await StartDownAsync();
        using Exporting export = Export(backend, time);
        Exporting.Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");

        string refused = "";
        backend.Fault = request =>
            request.RequestId == (Interlocked.CompareExchange(ref refused, request.RequestId, "") is { Length: > 0 } first
                ? first : request.RequestId) ? Fault.Answer(422) : null;
        time.Until(() => export.Health.TracesExported == 4, "the others arrive");
        time.Until(() => export.Health.TracesDropped == 1, "it is refused again");
        export.Health.DroppedByReason["traces.invalid"].ShouldBe(1);
        Spool.SetAside.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Failures_while_nothing_is_accepted_give_up_nothing_on_disk()
    {
        FakeTime time = new();
        await using Backend backend = await StartDownAsync();
        using Exporting export = Export(backend, time);
        Exporting.Produce(10);
        time.Until(() => export.Health.TracesSpooled == 10, "everything is on disk");
        backend.Fault = _ => Fault.Answer(500);
        int asked = backend.Requests.Count;
        time.Until(() => backend.Requests.Count >= asked + 30, "each may have failed more often than is allowed", step: 1);
        export.Health.TracesDropped.ShouldBe(0);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 10, "everything arrives", step: 0.5);
        backend.Traces.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_flush_sends_what_is_on_disk()
    {
        FakeTime time = new();
        await using Backend backend = await StartDownAsync();
        using Exporting export = Export(backend, time, options => options.FlushInterval = TimeSpan.FromDays(1));
        Exporting.Produce(10);
        export.Flush().ShouldBeFalse("it is on disk");
        export.Health.TracesSpooled.ShouldBe(10);

        backend.Fault = null;
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(10);
        time.Now.ShouldBeLessThan(TimeSpan.FromDays(1), "it waits for no interval");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_turns_out_too_large_when_the_backend_is_back_is_cut_up_until_it_fits(bool compressed)
    {
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Fault.Answer(503), MaxBodySize = 20_000, UnpacksRequests = true });
        FakeTime time = new();
        using Exporting export = Export(backend, time, options => options.CompressRequests = compressed);
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            for (int i = 0; i < 30; i++)
            {
                using SpanScope span = trace.StartSpan($"step-{i}");
                span.SetInput(string.Concat(Enumerable.Range(0, i == 3 ? 20_000 : 600).Select(n => $"ü{n}")));
            }

            trace.SetOutput("all of it");
        }

        time.Until(() => export.Health.TracesSpooled == 1, "everything is on disk");
        backend.Fault = null;
        time.Until(() => export.Health is { TracesExported: 1, SpansExported: 30 }, "everything arrives");
        StoredTrace stored = backend.Trace("large");
        stored.Spans.Count.ShouldBe(30);
        stored.Span("step-29").GetProperty("input").GetString()!.ShouldEndWith("ü599");
        stored.Span("step-3").GetProperty("input").GetString()!.ShouldStartWith("ü0ü1");
        export.Health.SpansDropped.ShouldBe(0);
        backend.Violations.ShouldBeEmpty();
        time.Until(() => Spool.Waiting.Length == 0 && export.Health.SpoolSize == 0, "the disk is empty");
    }

    [Fact]
    public async Task A_process_that_is_killed_in_an_outage_loses_nothing_that_was_on_disk_and_one_process_replays()
    {
        await using Backend down = await StartDownAsync();
        using (Process first = Start(down.Address, 40))
        using (Process second = Start(down.Address, 30))
        {
            (await first.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            (await second.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            first.Kill();
            second.Kill();
            await first.WaitForExitAsync();
            await second.WaitForExitAsync();
        }

        // At an address of its own: nothing that the dead had under way arrives there late.
        down.Traces.ShouldBeEmpty();
        await using Backend backend = await Backend.StartAsync();
        using (Process third = Start(backend.Address, 0))
        using (Process fourth = Start(backend.Address, 0))
        {
            (await third.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            (await fourth.StandardOutput.ReadLineAsync()).ShouldBe("ready");
            await third.WaitForExitAsync();
            await fourth.WaitForExitAsync();
        }

        backend.Traces.Count.ShouldBe(70);
        backend.Traces.Values.ShouldAllBe(trace => trace.Posts == 1 && trace.Spans.Count == 1);
        backend.Violations.ShouldBeEmpty();
    }

    private Process Start(Uri address, int traces) => Process.Start(
        new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", System.IO.Path.Combine(AppContext.BaseDirectory, "PandaProbe.SpoolingProcess.dll"), address.AbsoluteUri, Path,
                traces.ToString(),
            },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}

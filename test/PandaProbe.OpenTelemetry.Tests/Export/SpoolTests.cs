using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

public sealed class SpoolTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "pandaprobe-spool-" + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private static void Produce(int traces, string name = "trace")
    {
        for (int i = 0; i < traces; i++)
        {
            using TraceScope trace = Probe.StartTrace($"{name}-{i}");
            using SpanScope span = trace.StartSpan("step");
        }
    }

    // At once: a replay that is under way would put its lock back into a directory that is being emptied.
    private void TakeAway()
    {
        Directory.Move(_directory, _directory + ".gone");
        Directory.Delete(_directory + ".gone", recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_sent_waits_on_disk_and_is_sent_once_in_order_when_the_backend_is_back()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(
            backend,
            options =>
            {
                options.SpoolDirectory = _directory;
                options.MaxConcurrentRequests = 1;
            },
            time);
        Produce(30);
        time.Until(() => export.Health.TracesSpooled == 30, "everything is on disk");
        export.Health.SpansHeld.ShouldBe(0);
        export.Health.SpoolSize.ShouldBeGreaterThan(0);
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(_directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (string file in Directory.GetFiles(_directory))
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        Directory.GetFiles(_directory, "*.ppspool").ShouldAllBe(file => !File.ReadAllText(file).Contains(BackendOptions.DefaultApiKey));

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 30, "everything arrives");
        backend.Requests.Where(request => request.Status == 202)
            .Select(request => System.Text.Json.JsonDocument.Parse(request.Body).RootElement.GetProperty("name").GetString())
            .ShouldBe(Enumerable.Range(0, 30).Select(i => $"trace-{i}"));
        backend.SpansReceived.ShouldBe(30);
        time.Until(() => Directory.GetFiles(_directory, "*.ppspool").Length == 0 && export.Health.SpoolSize == 0, "the disk is empty");

        Produce(2, "after");
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
            new() { Fault = request => request.Number == 1 ? Fault.Hang : Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(
            backend,
            options =>
            {
                options.SpoolDirectory = _directory;
                options.MaxQueueSize = 1;
                options.RequestTimeout = TimeSpan.FromMinutes(10);
            },
            time);
        Produce(1, "first");
        time.Until(() => backend.Requests.Count == 1, "the only place in the queue is taken");
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            for (int i = 0; i < 700; i++)
                trace.StartSpan("step").Dispose();
            trace.SetOutput("all of it");
        }

        Produce(2, "more");
        time.Until(() => export.Health is { TracesSpooled: 3, SpansSpooled: 702 }, "the others are on disk");
        export.Exporter.QueueLength.ShouldBe(1);
        export.Health.SpansHeld.ShouldBe(1);
        Directory.GetFiles(_directory, "*.ppspool").Length.ShouldBe(4, "500 spans of the large trace, the other 200, and two traces");

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
        using (Exporting export = new(backend, options => options.SpoolDirectory = _directory))
        {
            Produce(25);
            export.Exporter.Shutdown(300).ShouldBeFalse();
            Exporting.Eventually(() => export.Health is { TracesSpooled: 25, SpansHeld: 0 }, "everything is on disk");
            export.Health.TracesDropped.ShouldBe(0);
            export.ShouldAddUp();
        }

        backend.Fault = null;
        using Exporting next = new(backend, options => options.SpoolDirectory = _directory);
        Exporting.Eventually(() => next.Health.TracesExported == 25, "the next process sends it");
        backend.Traces.Count.ShouldBe(25);
        backend.SpansStored.ShouldBe(25);
        backend.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(302)]
    public async Task A_mistake_in_the_configuration_costs_nothing_that_is_on_disk(int status)
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        Produce(10);
        time.Until(() => export.Health.TracesSpooled == 10, "everything is on disk");

        backend.Fault = _ => status == 302 ? Fault.Redirect("https://elsewhere.example/", 302) : Fault.Answer(status);
        int asked = backend.Requests.Count;
        time.Until(() => backend.Requests.Count >= asked + 5, "it is tried several times");
        export.Errors.ShouldContain(error => error.StatusCode == status && error.WillRetry);
        export.Errors.ShouldAllBe(error => error.DropReason == null);
        Directory.GetFiles(_directory, "*.ppspool").Length.ShouldBe(10);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 10, "it arrives when the mistake is corrected");
        export.Health.TracesDropped.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_on_disk_that_is_refused_for_itself_is_set_aside_and_the_others_arrive()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");

        int left = 1;
        backend.Fault = _ => Interlocked.Decrement(ref left) >= 0 ? Fault.Answer(422) : null;
        time.Until(() => export.Health.TracesExported == 4, "the others arrive");
        export.Health.DroppedByReason["traces.invalid"].ShouldBe(1);
        Directory.GetFiles(_directory, "*.bad").Length.ShouldBe(1);
    }

    [Fact]
    public async Task Failures_while_nothing_is_accepted_give_up_nothing_on_disk()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        Produce(10);
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
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using Exporting export = new(
            backend,
            options =>
            {
                options.SpoolDirectory = _directory;
                options.FlushInterval = TimeSpan.FromDays(1);
            },
            time);
        Produce(10);
        export.Flush().ShouldBeFalse("it is on disk");
        export.Health.TracesSpooled.ShouldBe(10);

        backend.Fault = null;
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(10);
        time.Now.ShouldBeLessThan(TimeSpan.FromDays(1), "it waits for no interval");
    }

    [Fact]
    public async Task Neither_a_named_pipe_nor_a_file_that_somebody_blew_up_is_opened()
    {
        if (OperatingSystem.IsWindows())
            return;

        Directory.CreateDirectory(_directory);
        string name = $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd";
        using (var made = Process.Start("mkfifo", Path.Combine(_directory, name + "-pipe.ppspool")))
            await made.WaitForExitAsync();
        using (FileStream sparse = new(Path.Combine(_directory, name + "-sparse.ppspool"), FileMode.CreateNew))
            sparse.SetLength(3L * 1024 * 1024 * 1024);
        File.CreateSymbolicLink(Path.Combine(_directory, name + "-zero.ppspool"), "/dev/zero");

        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        time.Until(() => Directory.GetFiles(_directory, "*.bad").Length == 3, "all three are set aside");
        Produce(2);
        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_was_set_aside_takes_part_of_the_bound()
    {
        Directory.CreateDirectory(_directory);
        File.WriteAllBytes(Path.Combine(_directory, $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd.ppspool.bad"), new byte[15_000]);
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using Exporting export = new(
            backend,
            options =>
            {
                options.SpoolDirectory = _directory;
                options.SpoolMaxBytes = 20_000;
            },
            time);
        Produce(100);
        time.Until(() => export.Health.TracesSpooled + export.Health.TracesDropped == 100, "all are accounted for");
        Directory.GetFiles(_directory).Sum(file => new FileInfo(file).Length).ShouldBeLessThanOrEqualTo(20_000);
        export.Health.TracesSpooled.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Files_that_are_damaged_or_half_written_are_set_aside()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using (Exporting export = new(backend, options => options.SpoolDirectory = _directory))
        {
            Produce(5);
            Exporting.Eventually(() => export.Health.TracesSpooled == 5, "everything is on disk");
            export.Exporter.Shutdown(60_000);
        }

        string[] files = [.. Directory.GetFiles(_directory, "*.ppspool").Order()];
        byte[] first = File.ReadAllBytes(files[0]);
        first[^5] ^= 1;
        File.WriteAllBytes(files[0], first);
        File.WriteAllBytes(files[1], File.ReadAllBytes(files[1])[..40]);
        File.WriteAllBytes(files[2], []);
        File.WriteAllText(Path.Combine(_directory, "0000000000000000001-x.ppspool"), "nonsense that was never a spool file");
        File.WriteAllText(Path.Combine(_directory, "half.tmp"), "half");

        backend.Fault = null;
        using Exporting next = new(backend, options => options.SpoolDirectory = _directory);
        Exporting.Eventually(() => backend.Traces.Count == 2 && next.Health.SpoolSize == 0, "the good ones arrive");
        Directory.GetFiles(_directory, "*.bad").Length.ShouldBe(4);
        backend.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_for_now_is_sent_when_it_can()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using (Exporting export = new(backend, options => options.SpoolDirectory = _directory))
        {
            Produce(3);
            Exporting.Eventually(() => export.Health.TracesSpooled == 3, "everything is on disk");
            export.Exporter.Shutdown(60_000);
        }

        backend.Fault = null;
        Exporting next;
        using (new FileStream(
            Directory.GetFiles(_directory, "*.ppspool").Order().First(), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            next = new(backend, options => options.SpoolDirectory = _directory);
            Exporting.Eventually(() => next.Health.TracesExported == 2, "the others arrive");
        }

        using (next)
        {
            Exporting.Eventually(() => next.Health.TracesExported == 3, "so does the one that was open");
            Exporting.Eventually(() => next.Health.SpoolSize == 0, "the disk is empty");
            Directory.GetFiles(_directory, "*.bad").ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Somebody_elses_lock_is_told_of_once_and_what_waits_behind_it_stays()
    {
        // A directory cannot be written to either, whoever one is.
        string inTheWay = Path.Combine(_directory, "replay.lock");
        Directory.CreateDirectory(inTheWay);
        using Diagnostics.Events events = new();
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        Produce(3);
        time.Until(() => export.Health.TracesSpooled == 3, "everything is on disk");
        backend.Fault = null;
        time.Until(() => events.Warnings.Any(warning => warning.Contains(_directory)), "somebody is told");

        Directory.Delete(inTheWay);
        time.Until(() => export.Health.TracesExported == 3, "everything arrives");
        events.Warnings.Count(warning => warning.Contains(_directory)).ShouldBe(1);
    }

    [Fact]
    public async Task The_disk_is_bounded_by_size_and_age_and_what_is_lost_is_counted()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        using (Exporting export = new(
            backend,
            options =>
            {
                options.SpoolDirectory = _directory;
                options.SpoolMaxBytes = 20_000;
            }))
        {
            Produce(100);
            Exporting.Eventually(() => export.Health.TracesSpooled + export.Health.TracesDropped == 100, "all are accounted for");
            export.Health.DroppedByReason["traces.spool_full"].ShouldBe(export.Health.TracesDropped);
            export.Health.SpoolSize.ShouldBeLessThanOrEqualTo(20_000);
            export.Exporter.Shutdown(60_000);
        }

        backend.Fault = null;
        using Exporting next = new(backend, options =>
        {
            options.SpoolDirectory = _directory;
            options.SpoolMaxAge = TimeSpan.FromTicks(1);
        });
        Exporting.Eventually(() => next.Health.SpoolSize == 0 && next.Health.TracesDropped > 0, "what is too old goes");
        next.Health.DroppedByReason.Keys.ShouldContain("traces.expired");
        backend.Traces.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_left_half_written_or_set_aside_goes_when_it_is_too_old()
    {
        Directory.CreateDirectory(_directory);
        string now = $"{DateTime.UtcNow.Ticks:D19}-00000001-0123abcd";
        string then = $"{DateTime.UtcNow.AddDays(-8).Ticks:D19}-00000001-0123abcd";
        string[] stay = [now + ".tmp", now + ".ppspool.bad", then + ".txt", "somebody else's.tmp", "1.bad"];
        foreach (string name in stay.Concat([then + ".tmp", then + ".ppspool.bad"]))
            File.WriteAllText(Path.Combine(_directory, name), "x");

        using Exporting _ = new(new Uri("http://127.0.0.1:1"), options => options.SpoolDirectory = _directory);
        Directory.GetFiles(_directory).Select(Path.GetFileName).Where(name => name != "replay.lock").ShouldBe(stay, ignoreOrder: true);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_no_reason_to_fail()
    {
        string file = _directory + ".file";
        File.WriteAllText(file, "");
        try
        {
            await using Backend backend = await Backend.StartAsync();
            using Exporting export = new(backend, options => options.SpoolDirectory = file);
            Produce(2);
            export.Flush().ShouldBeTrue();
            backend.Traces.Count.ShouldBe(2);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_directory_that_is_taken_away_is_made_anew_and_what_comes_afterwards_arrives()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");

        TakeAway();
        Produce(5, "during");
        time.Until(() => export.Health.TracesSpooled == 10, "the disk is there again");
        TakeAway();
        backend.Fault = null;
        time.Until(() => export.Health.SpoolSize == 0, "it is seen that nothing waits any more");
        Produce(5, "after");
        time.Until(() => backend.Traces.Values.Count(trace => trace.Name?.StartsWith("after", StringComparison.Ordinal) == true) == 5,
            "what came afterwards arrives");
        export.Health.TracesDropped.ShouldBe(0);
    }

    [Fact]
    public async Task What_cannot_be_written_to_disk_waits_in_memory()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        TakeAway();
        File.WriteAllText(_directory, "in the way");
        try
        {
            Produce(20);
            time.Until(() => export.Errors.Any(error => error.Message.Contains("waits in memory")), "somebody is told");
            backend.Fault = null;
            time.Until(() => export.Health.TracesExported == 20, "everything arrives");
            backend.SpansStored.ShouldBe(20);
            export.Health.TracesDropped.ShouldBe(0);
            export.ShouldAddUp();
        }
        finally
        {
            File.Delete(_directory);
        }
    }

    [Fact]
    public async Task What_cannot_be_deleted_from_disk_is_sent_once_all_the_same()
    {
        // Who may do everything is refused nothing.
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            return;

        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = _directory, time);
        Produce(5);
        time.Until(() => export.Health.TracesSpooled == 5, "everything is on disk");
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            backend.Fault = null;
            time.Until(() => export.Health.TracesExported == 5, "everything arrives");
            Produce(5, "after");
            time.Until(() => export.Health.TracesExported == 10, "so does what comes afterwards");
            backend.SpansReceived.ShouldBe(10);
        }
        finally
        {
            File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        time.Until(() => export.Health.SpoolSize == 0, "they go when they can");
        backend.SpansReceived.ShouldBe(10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_turns_out_too_large_when_the_backend_is_back_is_cut_up_until_it_fits(bool compressed)
    {
        await using Backend backend = await Backend.StartAsync(
            new() { Fault = _ => Fault.Answer(503), MaxBodySize = 20_000, UnpacksRequests = true });
        FakeTime time = new();
        using Exporting export = new(
            backend,
            options =>
            {
                options.SpoolDirectory = _directory;
                options.CompressRequests = compressed;
            },
            time);
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
        time.Until(() => Directory.GetFiles(_directory, "*.ppspool").Length == 0 && export.Health.SpoolSize == 0, "the disk is empty");
    }

    [Fact]
    public async Task A_process_that_is_killed_in_an_outage_loses_nothing_that_was_on_disk_and_one_process_replays()
    {
        await using Backend down = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
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
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "PandaProbe.SpoolingProcess.dll"), address.AbsoluteUri,
                _directory, traces.ToString() },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
}

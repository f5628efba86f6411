using System.Collections.Concurrent;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Answers that refuse a request, and what becomes of it.</summary>
public class RefusalTests
{
    [Fact]
    public async Task The_servers_reason_reaches_the_user()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(422, body: """{"detail":[{"loc":["header"],"msg":"X-Project-Name may have letters, digits and dashes","input":"a secret"}]}""") });
        using Exporting export = new(backend);
        Exporting.Produce(1, 2);
        export.Flush().ShouldBeFalse();
        export.Errors.ShouldHaveSingleItem().Message.ShouldContain("X-Project-Name may have letters, digits and dashes");
        export.Health.LastError!.ShouldNotContain("a secret");
    }

    [Fact]
    public async Task The_rule_for_the_projects_name_reaches_the_user()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.ProjectName = "Straße 1");
        Exporting.Produce(1, 2);
        export.Flush().ShouldBeFalse();
        PandaProbeExportError error = export.Errors.ShouldHaveSingleItem();
        error.Message.ShouldContain("X-Project-Name may have letters, digits, spaces");
        error.Message.ShouldContain("PANDAPROBE_PROJECT_NAME");
        error.StatusCode.ShouldBe(422);
    }

    [Fact]
    public async Task A_plan_that_is_used_up_is_asked_rarely_and_what_it_refuses_is_counted_as_such()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(new() { PlanLimit = 3 });
        using Exporting export = new(backend, options => options.MaxConcurrentRequests = 1, time);
        Exporting.Produce(20, 2);
        time.Until(() => export.Health.TracesDropped == 17, "what the plan has no room for is dropped");
        export.Health.DroppedByReason["traces.plan_used_up"].ShouldBe(17);
        export.Health.IsFailing.ShouldBeTrue();
        export.Errors.ShouldAllBe(error => error.Message.Contains("You've reached the traces limit (3) for your HOBBY plan"));
        backend.Requests.Count.ShouldBe(4);

        time.Advance(TimeSpan.FromMinutes(15));
        Exporting.Produce(5, 2, "later");
        time.Until(() => export.Health.TracesDropped == 22, "it is asked again");
        backend.Requests.Count.ShouldBe(5);
        export.ShouldAddUp();

        TimeSpan before = time.Now;
        Task<bool> shutdown = Task.Run(() => export.Exporter.Shutdown(3_600_000));
        time.Until(() => shutdown.IsCompleted, "it ends");
        (time.Now - before).ShouldBeLessThan(TimeSpan.FromMinutes(1), "a shutdown does not run to its limit");
    }

    [Fact]
    public async Task While_the_plan_is_used_up_traces_wait_on_disk_and_the_backend_is_asked_rarely()
    {
        using SpoolDirectory spool = new();
        FakeTime time = new();
        bool used = true;
        await using Backend backend = await Backend.StartAsync();
        var refused = Fault.Answer(429, body: """{"detail":"You've reached the traces limit (100) for your HOBBY plan."}""");
        backend.Fault = _ => used ? refused : null;
        using Exporting export = new(backend, options => options.SpoolDirectory = spool.Path, time);
        Exporting.Produce(20, 2);
        time.Until(() => export.Health.TracesSpooled == 20, "all are on disk");
        int asked = backend.Requests.Count;
        time.Until(() => time.Now > TimeSpan.FromMinutes(40), "time passes", step: 5);
        (backend.Requests.Count - asked).ShouldBeInRange(1, 3);
        TimeSpan before = time.Now;
        export.Flush().ShouldBeFalse();
        (time.Now - before).ShouldBeLessThan(TimeSpan.FromMinutes(1), "a flush does not run to its limit");
        export.Health.TracesDropped.ShouldBe(0);

        used = false;
        time.Until(() => export.Health.TracesExported == 20, "all arrive in the next month", step: 1);
    }

    [Fact]
    public async Task Two_flushes_at_once_each_tell_of_what_was_dropped_or_waited_for_it()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(401) });
        using Exporting export = new(backend);
        for (int round = 0; round < 20; round++)
        {
            Exporting.Produce(1, 2);
            bool[] flushed = await Task.WhenAll(Task.Run(() => export.Flush()), Task.Run(() => export.Flush()));
            flushed.ShouldContain(false, "one of them waited for it");
        }

        export.Flush().ShouldBeTrue("nothing was dropped since");
    }

    [Fact]
    public async Task Trouble_that_comes_back_after_a_request_was_taken_is_said_again()
    {
        using Diagnostics.Events events = new();
        FakeTime time = new();
        bool down = true;
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => down ? Fault.WebPage : null });
        using Exporting export = new(backend, time: time);
        for (int round = 1; round <= 2; round++)
        {
            down = true;
            Exporting.Produce(1, 2);
            int errors = export.Errors.Count;
            time.Until(() => export.Errors.Count > errors, "it is in trouble");
            down = false;
            time.Until(() => export.Health.TracesExported == round, "it is over");
            TimeSpan until = time.Now + TimeSpan.FromMinutes(5);
            time.Until(() => time.Now > until, "minutes pass", step: 1);
        }

        // Other tests' backends have other addresses.
        events.Warnings.Count(warning => warning.StartsWith(backend.Address.AbsoluteUri, StringComparison.Ordinal)).ShouldBe(2);
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
        Exporting.Produce(4, 2);
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
        Exporting.Produce(3, 2);
        time.Until(() => export.Errors.Any(error => error.Message.Contains("PANDAPROBE_ENDPOINT")), "it is explained");
        export.Health.TracesExported.ShouldBe(0);

        backend.Fault = null;
        time.Until(() => export.Health.TracesExported == 3, "nothing is lost");
        export.ShouldHaveAll(backend, 3);
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
                Exporting.Produce(5, 2, "good" + round++);
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
        Exporting.Produce(350, 2);
        for (int minute = 1; minute <= 4; minute++)
        {
            // No time passes while requests are under way, however slow they are.
            int full = Math.Min(100 * minute, 350);
            Exporting.Eventually(() => export.Health.TracesExported == full, "a minute's traces arrive");
            time.Advance(TimeSpan.FromSeconds(60.4));
            backend.Requests.Count.ShouldBe(full);
            time.Advance(TimeSpan.FromSeconds(0.2));
        }

        time.Now.ShouldBeInRange(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
        backend.Requests.Count(request => request.Status == 429).ShouldBe(0);
        export.ShouldHaveAll(backend, 350);
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
        Exporting.Produce(60, 2);

        // While no time passes: however slow the requests come, they fall into one minute.
        Exporting.Eventually(() => backend.Requests.Any(request => request.Status == 429), "the server refuses");
        time.Until(() => export.Health.TracesExported == 60, "all arrive", step: 0.5);
        export.ShouldHaveAll(backend, 60);
        export.Health.Retries.ShouldBeGreaterThan(0);
        backend.Requests.Count(request => request.Status == 429).ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task The_server_says_when_to_come_back(int status)
    {
        int refused = 0;
        await using Backend backend = await Backend.StartAsync();
        backend.Fault = _ => Interlocked.Increment(ref refused) <= 1 ? Fault.Answer(status, retryAfter: "40") : null;
        FakeTime time = new();
        using Exporting export = new(backend, time: time);
        Probe.StartTrace("trace").Dispose();
        time.Until(() => export.Health.TracesExported == 1, "it arrives");

        time.Now.ShouldBeGreaterThan(TimeSpan.FromSeconds(40));
    }

    [Theory]
    [InlineData(503, "0")]
    [InlineData(503, "Sat, 01 Jan 2000 00:00:00 GMT")]
    [InlineData(429, "0")]
    [InlineData(429, "Sat, 01 Jan 2000 00:00:00 GMT")]
    public async Task A_moment_to_come_back_that_is_over_already_is_no_reason_to_hammer(int status, string retryAfter)
    {
        using SpoolDirectory spool = new();
        int refused = 0;
        await using Backend backend = await Backend.StartAsync(new());
        backend.Fault = _ => Interlocked.Increment(ref refused) <= 5 ? Fault.Answer(status, retryAfter) : null;
        FakeTime time = new();
        using Exporting export = new(backend, options => options.SpoolDirectory = spool.Path, time);
        Exporting.Produce(1, 2);
        time.Until(() => export.Health.TracesExported == 1, "it arrives");

        // Half of 1, 2, 4, 8 and 16 seconds at least.
        time.Now.ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
    }
}

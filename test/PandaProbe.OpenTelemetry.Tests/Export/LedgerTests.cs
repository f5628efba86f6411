using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>What every test of the export checks at its end can fail.</summary>
public sealed class LedgerTests
{
    [Theory]
    [InlineData("/traces", "spans: 1 produced, 0 stored, 0 dropped and counted")]
    [InlineData("/spans", "spans: 1 produced, 0 stored, 0 dropped and counted")]
    [InlineData("/trace-scores", "scores: 1 produced, 0 stored, 0 dropped and counted")]
    public async Task What_is_said_to_be_stored_and_is_not_is_noticed(string path, string message)
    {
        await using Backend backend = await Backend.StartAsync();
        backend.Fault = request => request.Path.EndsWith(path, StringComparison.Ordinal)
            ? Fault.Answer(request.IsTrace ? 202 : 201, body: "{}") : null;
        Exporting export = new(backend, time: new FastTime(50));
        SpanScope late;
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            if (path == "/trace-scores")
                trace.Score("helpful", 0.5);
            late = trace.StartSpan("late");
            if (path == "/traces")
                late.Dispose();
        }

        export.Flush().ShouldBeTrue();
        if (path == "/spans")
            late.Dispose();
        Should.Throw<ShouldAssertException>(export.Dispose).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_trace_that_is_said_to_be_stored_and_is_not_is_noticed()
    {
        await using Backend backend = await Backend.StartAsync();
        backend.Fault = _ => Fault.Answer(202, body: "{}");
        Exporting export = new(backend);
        Probe.StartTrace("trace").Dispose();
        export.Flush().ShouldBeTrue();
        Should.Throw<ShouldAssertException>(export.Dispose).Message.ShouldContain("traces: 1 produced, 0 stored, 0 dropped and counted");
    }

    [Fact]
    public async Task What_ended_and_never_came_to_the_exporter_is_noticed()
    {
        await using Backend backend = await Backend.StartAsync();
        Exporting export = new(backend);
        using Activity lost = new Activity("lost").AddTag("pandaprobe.span.kind", "TOOL").Start();
        lost.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        lost.Stop();
        export.Ledger.Ended(lost, includesAll: false);
        Should.Throw<ShouldAssertException>(export.Dispose).Message.ShouldContain("spans: 1 produced, 0 stored, 0 dropped and counted");
    }

    [Fact]
    public async Task What_is_stored_twice_is_noticed()
    {
        await using Backend backend = await Backend.StartAsync();
        Exporting export = new(backend, time: new FastTime(50));
        using (TraceScope trace = Probe.StartTrace("trace"))
            trace.Score("helpful", 0.5);
        export.Flush().ShouldBeTrue();
        backend.Scores.Enqueue(backend.Scores.Single());
        Should.Throw<ShouldAssertException>(export.Dispose).Message.ShouldContain("scores: 1 produced, 2 stored, 0 dropped and counted");
    }
}

using PandaProbe.Safety;
using PandaProbe.Safety.Tests;
using PandaProbe.Tests.Export;

namespace PandaProbe.Inspection;

/// <summary>How much is kept of traces, and for how long.</summary>
public sealed class TraceTableTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public void A_trace_that_stays_open_all_day_stays_bounded_and_still_finds()
    {
        FakeTime time = new();
        TraceTable traces = NewTable(time);
        var id = Guid.NewGuid();
        Samples samples = new(5);
        long most = 0;
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            string text = $"{samples.Prose(100)} https://page-{minute}.example/ jane{minute}@example.com";
            Add(traces, id, SpanTextSource.User, text);
            Add(traces, id, SpanTextSource.ToolResult, $"{text} https://found-{minute}.example/");
            time.Advance(TimeSpan.FromMinutes(1));
            most = Math.Max(most, traces.Bytes);
        }

        traces.Count.ShouldBe(1);
        most.ShouldBeLessThan(2 * Megabyte);
        Add(traces, id, SpanTextSource.ToolArguments, "https://found-1439.example/").ShouldContain("pandaprobe.safety.followed.kinds");
    }

    [Fact]
    public void Many_traces_stay_bounded_and_the_one_used_last_is_kept()
    {
        TraceTable traces = NewTable(new());
        Samples samples = new(6);
        Guid last = default;
        for (int i = 0; i < 2000; i++)
        {
            last = Guid.NewGuid();
            Add(traces, last, SpanTextSource.Document, samples.Prose(400) + $" https://found-{i}.example/");
        }

        traces.Bytes.ShouldBeLessThan(17 * Megabyte);
        traces.Count.ShouldBeLessThan(2000);
        Add(traces, last, SpanTextSource.ToolArguments, "https://found-1999.example/").ShouldNotBeEmpty();
    }

    [Fact]
    public void A_trace_is_forgotten_a_quarter_of_an_hour_after_its_last_span()
    {
        FakeTime time = new();
        TraceTable traces = NewTable(time);
        Guid quiet = Guid.NewGuid(), used = Guid.NewGuid();
        Add(traces, quiet, SpanTextSource.ToolResult, "https://found.example/");
        Add(traces, used, SpanTextSource.ToolResult, "https://found.example/");
        for (int i = 0; i < 3; i++)
        {
            time.Advance(TimeSpan.FromMinutes(6));
            Add(traces, used, SpanTextSource.Answer, "still there");
        }

        traces.Count.ShouldBe(1);
        Add(traces, used, SpanTextSource.ToolArguments, "https://found.example/").ShouldNotBeEmpty();
        Add(traces, quiet, SpanTextSource.ToolArguments, "https://found.example/").ShouldBeEmpty();
    }

    private static TraceTable NewTable(FakeTime time) => new(detectsInjection: true, new(new() { HashKey = new byte[32] }), time);

    private static IEnumerable<string> Add(TraceTable traces, Guid trace, SpanTextSource source, string text)
    {
        SpanFindings findings = new();
        traces.Use(trace, facts => facts.Add(new("span", source, text), findings));
        return findings.Attributes().Select(attribute => attribute.Key);
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;

namespace PandaProbe.Tests.Export;

public class ForgettingTests
{
    private const int Many = 5000;

    private readonly Sent _sent = new();
    private readonly Minutes _time = new();
    private readonly ExportStatistics _statistics = new();
    private readonly TraceAssembler _assembler;

    public ForgettingTests() =>
        _assembler = new(new(new() { PandaProbe = { ApiKey = "key", ProjectName = "project" } }, static () => null), _statistics, _time,
            _sent);

    [Fact]
    public void A_trace_that_only_scores_came_for_is_forgotten()
    {
        for (int i = 0; i < Many; i++)
        {
            _assembler.Add(new ScoreItem(Guid.NewGuid(), null, "helpful", "1", ProbeScoreType.Numeric, null, [], new()));
            _assembler.Release(everything: true);
        }

        ShouldHaveForgottenTheFirst();
    }

    [Fact]
    public void A_trace_of_which_nothing_came_for_a_quarter_of_an_hour_is_forgotten()
    {
        var id = Guid.NewGuid();
        Score(id);
        _time.Pass(14);
        _assembler.Release(everything: true);
        Score(id);
        IsOneRecord().ShouldBeTrue();

        _time.Pass(1);
        _assembler.Release(everything: true);
        ShouldHaveForgottenTheFirst();
    }

    [Fact]
    public void A_trace_that_nobody_will_ever_end_is_forgotten()
    {
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None)
            .Build();
        for (int i = 0; i < Many; i++)
            Leave();

        ShouldHaveForgottenTheFirst();
    }

    [Fact]
    public void A_trace_that_ends_after_thousands_that_never_do_is_one_trace()
    {
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None)
            .Build();
        Activity late = Leave();
        for (int i = 0; i < Many; i++)
            Leave();
        late.Stop();
        _assembler.Add(late);
        _assembler.Release(everything: true);

        _sent.Last!.Target.ShouldBeSameAs(_sent.First!.Target);
        _statistics.Health(0, 0, failing: false).TracesQueued.ShouldBe(Many + 1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Score(Guid id)
    {
        _assembler.Add(new ScoreItem(id, null, "helpful", "1", ProbeScoreType.Numeric, null, [], new()));
        _assembler.Release(everything: true);
    }

    // Apart, so that no local variable of the test references the record.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsOneRecord() => _sent.Last!.Target is { } last && ReferenceEquals(last, _sent.First!.Target);

    // A trace with a span, sent ahead because nobody ends it in time.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Activity Leave()
    {
        Activity.Current = null;
        TraceScope trace = Probe.StartTrace("never ends");
        SpanScope span = trace.StartSpan("step");
        span.Dispose();
        _assembler.Add(span.Activity!);
        _time.Pass(11);
        _assembler.Release(everything: true);
        Activity.Current = null;
        return trace.Activity!;
    }

    private void ShouldHaveForgottenTheFirst()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        _sent.First!.IsAlive.ShouldBeFalse();
        GC.KeepAlive(_assembler);
    }

    /// <summary>Takes whatever comes, and keeps none of it alive.</summary>
    private sealed class Sent : ISendQueue
    {
        public WeakReference? First { get; private set; }

        public WeakReference? Last { get; private set; }

        public bool IsFull(int waiting) => false;

        public void Overflow(TraceRecord record) => throw new NotSupportedException();

        public void Send(TraceRecord record, bool confirm)
        {
            Last = new(record);
            First ??= Last;
            record.MakeParts(1000, confirm);
            while (record.Next() is { } part)
                record.Remove(part);
        }
    }

    private sealed class Minutes : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(int minutes) => _now += minutes * TimeSpan.TicksPerMinute;

        public override long GetTimestamp() => _now;
    }
}

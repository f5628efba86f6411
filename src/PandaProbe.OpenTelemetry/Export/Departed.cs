using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export;

/// <summary>
/// What is left of an exporter that was disposed: it counts the spans that it saw the start of and whose end nobody hears.
/// </summary>
internal sealed class Departed(ExportStatistics statistics)
{
    // Between the creation of a span and its start its provider may stop listening, and then nobody hears of the start either.
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private long _lastStart;

    /// <summary>Says that a span started for the exporter after its end: its provider still listens for a moment.</summary>
    public void Started(DateTime start)
    {
        long known = Volatile.Read(ref _lastStart);
        while (start.Ticks > known && Interlocked.CompareExchange(ref _lastStart, start.Ticks, known) is var other && other != known)
            known = other;
    }

    public void Count(Activity span)
    {
        if (!span.Recorded || span.StartTimeUtc.Ticks > Volatile.Read(ref _lastStart) + Moment.Ticks || !AISpans.Contains(span))
            return;

        statistics.TurnAway(ActivityScope.IsTrace(span), DropReasons.Shutdown);
    }
}

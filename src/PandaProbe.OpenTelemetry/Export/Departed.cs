using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export.Outcomes;
using PandaProbe.Runtime;

namespace PandaProbe.Export;

/// <summary>Counts the spans that started for a disposed exporter and whose end nobody hears.</summary>
internal sealed class Departed(ExportStatistics statistics) : IDepartedExporter
{
    private long _lastStart;

    /// <inheritdoc/>
    public void Started(Activity span) => StartedUntil(span.StartTimeUtc);

    /// <summary>Says that the spans of the exporter's provider started until <paramref name="time"/> at least.</summary>
    public void StartedUntil(DateTime time)
    {
        long last = Volatile.Read(ref _lastStart);
        while (time.Ticks > last)
        {
            long seen = Interlocked.CompareExchange(ref _lastStart, time.Ticks, last);
            if (seen == last)
                return;

            last = seen;
        }
    }

    /// <inheritdoc/>
    public void CountUnheard(Activity span)
    {
        if (!span.Recorded || span.StartTimeUtc.Ticks > Volatile.Read(ref _lastStart) || !AISpans.Contains(span))
            return;

        statistics.TurnAway(ActivityScope.IsTrace(span), DropReasons.Shutdown);
    }
}

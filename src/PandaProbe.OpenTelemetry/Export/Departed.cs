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
    private long _lastStart = TimeProvider.System.GetUtcNow().UtcTicks;

    /// <summary>Says that a span started for the exporter after its end: its provider still listens for a moment.</summary>
    public void Started(Activity span)
    {
        if (span.StartTimeUtc.Ticks > Volatile.Read(ref _lastStart))
            Volatile.Write(ref _lastStart, span.StartTimeUtc.Ticks);
    }

    public void Count(Activity span)
    {
        if (!span.Recorded || span.StartTimeUtc.Ticks > Volatile.Read(ref _lastStart) || !AISpans.Contains(span))
            return;

        statistics.TurnAway(ActivityScope.IsTrace(span), DropReasons.Shutdown);
    }
}

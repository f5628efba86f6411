using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace PandaProbe.Conventions;

/// <summary>All spans about AI and all measurements of the library in this process of tests.</summary>
internal static class WholeRun
{
    private static readonly ConcurrentQueue<Activity> Ended = new();
    private static readonly ConcurrentDictionary<string, bool> Faults = new();
    private static IDisposable[] _listeners = [];
    private static int _measurements;

    /// <summary>Gets the spans. A span is complete only some time after it ended: listeners hear of it before the processors do.</summary>
    public static IReadOnlyCollection<Activity> Spans => Ended;

    /// <summary>Gets what is wrong with measurements.</summary>
    public static IEnumerable<string> FaultsOfMeasurements => Faults.Keys;

    /// <summary>Gets how many measurements there were.</summary>
    public static int Measurements => _measurements;

    /// <summary>Listens to nothing until disposed, for tests of what happens then. They run alone.</summary>
    public static IDisposable Pause()
    {
        foreach (IDisposable listener in _listeners)
            listener.Dispose();
        return new Paused();
    }

    [ModuleInitializer]
    internal static void Listen()
    {
        // It asks for nothing: only what others record ends here.
        ActivityListener spans = new()
        {
            ShouldListenTo = static source => source.Name == Probe.SourceName || AISources.Contains(source),
            ActivityStopped = static span =>
            {
                if (span.IsAllDataRequested)
                    Ended.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(spans);

        MeterListener meters = new()
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Probe.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        meters.SetMeasurementEventCallback<int>(static (instrument, value, tags, _) => Check(instrument, value, tags));
        meters.SetMeasurementEventCallback<double>(static (instrument, value, tags, _) => Check(instrument, value, tags));
        meters.Start();
        _listeners = [spans, meters];
    }

    private static void Check(Instrument instrument, object value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Interlocked.Increment(ref _measurements);
        foreach (string fault in ConventionsChecker.Check(instrument, value, tags))
            Faults.TryAdd(fault, true);
    }

    private sealed class Paused : IDisposable
    {
        public void Dispose() => Listen();
    }
}

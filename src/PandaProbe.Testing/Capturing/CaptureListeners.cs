using System.Diagnostics;
using System.Diagnostics.Metrics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Testing;

/// <summary>Listens to the process while any capture lives. All captures share one set of listeners.</summary>
internal sealed class CaptureListeners : IDisposable
{
    private static readonly object Gate = new();
    private static CaptureListeners? _shared;
    private static int _captures;

    private readonly ActivityListener _spans = Spans(IsKnown, trace => CaptureRouting.To(trace));
    private readonly MeterListener _metrics = new();
    private readonly DiagnosticsListener _diagnostics = new();
    private readonly ScoreListener _scores = new(score => CaptureRouting.To(ScoreListener.TraceOf(score)));

    private CaptureListeners()
    {
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name is Instruments.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _metrics.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Measured(instrument, value, tags));
        _metrics.Start();
        ProviderGroup.WholeProcess.Change(all => all.With(_scores));
    }

    public static void Add()
    {
        lock (Gate)
        {
            if (_captures++ == 0)
                _shared = new();
        }
    }

    public static void Remove()
    {
        lock (Gate)
        {
            if (--_captures > 0)
                return;

            _shared!.Dispose();
            _shared = null;
        }
    }

    /// <summary>Makes a listener to the sources that one capture adds.</summary>
    public static ActivityListener? Further(ProbeCapture capture, IEnumerable<string> names)
    {
        string[] patterns = [.. names];
        if (patterns.Length == 0)
            return null;

        ActivityListener listener = Spans(
            source => !IsKnown(source) && patterns.Any(pattern => Wildcard.IsMatch(source.Name, pattern)),
            trace => CaptureRouting.To(trace).Contains(capture) ? capture.Alone : []);
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    public void Dispose()
    {
        ProviderGroup.WholeProcess.Change(all => all.Without(_scores));
        _spans.Dispose();
        _metrics.Dispose();
        _diagnostics.Dispose();
    }

    private static ActivityListener Spans(Func<ActivitySource, bool> isWanted, Func<ActivityTraceId, IReadOnlyList<ProbeCapture>> route) =>
        new()
        {
            ShouldListenTo = isWanted,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => route(options.TraceId).Count > 0
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStarted = activity => Started(activity, route(activity.TraceId)),
            ActivityStopped = Stopped,
        };

    private static bool IsKnown(ActivitySource source) => source.Name == ProbeSource.Name || AISources.Contains(source);

    private static void Started(Activity activity, IReadOnlyList<ProbeCapture> captures)
    {
        if (captures.Count == 0 || ScoreListener.IsScore(activity))
            return;

        CaptureRouting.Claim(activity.TraceId);
        foreach (ProbeCapture capture in captures)
            capture.Started(activity, isInnermost: ReferenceEquals(capture, captures[0]));
    }

    private static void Stopped(Activity activity)
    {
        if (activity.GetCustomProperty(CapturedActivity.PropertyName) is not IReadOnlyList<ProbeCapture> captures)
            return;

        CaptureRouting.Ending = captures;
        try
        {
            foreach (ProbeCapture capture in captures)
                capture.Stopped(activity, isInnermost: ReferenceEquals(capture, captures[0]));
        }
        finally
        {
            CaptureRouting.Ending = null;
        }
    }

    private static void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        IReadOnlyList<ProbeCapture> captures = CaptureRouting.Here;
        if (captures.Count == 0)
            return;

        Dictionary<string, object?> attributes = [];
        foreach ((string name, object? attribute) in tags)
            attributes[name] = attribute;
        foreach (ProbeCapture capture in captures)
            capture.Add(new CapturedMeasurement(instrument.Name, value, attributes));
    }
}

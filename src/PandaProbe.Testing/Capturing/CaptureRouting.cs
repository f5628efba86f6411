using System.Collections.Concurrent;
using System.Diagnostics;

namespace PandaProbe.Testing;

/// <summary>
/// Tells which captures something belongs to: those of the <see cref="ExecutionContext"/>, otherwise those that own the trace, otherwise
/// the global ones.
/// </summary>
internal static class CaptureRouting
{
    private static readonly ConcurrentDictionary<ActivityTraceId, CaptureMarker> Owners = new();
    private static volatile ProbeCapture[] _globals = [];

    [ThreadStatic]
    private static IReadOnlyList<ProbeCapture>? _ending;

    /// <summary>Gets or sets whose span ends on this thread right now: what is measured of it is measured while it ends.</summary>
    public static IReadOnlyList<ProbeCapture>? Ending
    {
        get => _ending;
        set => _ending = value;
    }

    public static IReadOnlyList<ProbeCapture> Here =>
        _ending ?? To(Activity.Current?.TraceId ?? default);

    public static IReadOnlyList<ProbeCapture> To(ActivityTraceId trace)
    {
        CaptureMarker? marker = CaptureMarker.Current;
        if (marker is null && trace != default)
            Owners.TryGetValue(trace, out marker);
        if (marker is null)
            return _globals;
        return marker.Outer is null ? marker.Capture.IsLive ? marker.Capture.Alone : [] : [.. marker.All.Where(capture => capture.IsLive)];
    }

    /// <summary>Makes the trace one of the captures of this <see cref="ExecutionContext"/>, so that work elsewhere belongs to it.</summary>
    public static void Claim(ActivityTraceId trace)
    {
        if (CaptureMarker.Current is { } marker)
            Owners.TryAdd(trace, marker);
    }

    public static void Forget(IEnumerable<ActivityTraceId> traces)
    {
        foreach (ActivityTraceId trace in traces)
            Owners.TryRemove(trace, out _);
    }

    /// <summary>Returns the captures of an activity and this one.</summary>
    public static IReadOnlyList<ProbeCapture> Together(Activity activity, ProbeCapture capture) =>
        activity.GetCustomProperty(CapturedActivity.PropertyName) is IReadOnlyList<ProbeCapture> others
            ? [.. others, capture] : capture.Alone;

    public static void AddGlobal(ProbeCapture capture) => ChangeGlobals(all => [.. all, capture]);

    public static void RemoveGlobal(ProbeCapture capture) => ChangeGlobals(all => [.. all.Where(other => other != capture)]);

    private static void ChangeGlobals(Func<ProbeCapture[], ProbeCapture[]> change)
    {
        lock (Owners)
            _globals = change(_globals);
    }
}

using System.Diagnostics;

namespace PandaProbe.Runtime;

/// <summary>
/// Finds spans that end when the provider that recorded them is gone: while <see cref="Probe.Configure"/> replaces it, or after
/// <see cref="Probe.Shutdown"/>. Their exporter counts them as dropped.
/// </summary>
internal static class UnheardSpans
{
    private static volatile bool _anyLeft;

    // How many ends the exporters of this process have heard on this thread. A span ends on the thread that stops it.
    [ThreadStatic]
    private static int _heard;

    /// <summary>Says that an exporter has heard the end of a span.</summary>
    public static void Heard() => _heard++;

    /// <summary>Says that an exporter has left, and how it counts spans whose end nobody hears.</summary>
    public static void CountBy(ProviderGroup group, Action<Activity> counts)
    {
        group.CountsUnheard = counts;
        _anyLeft = true;
    }

    /// <summary>Stops the activity.</summary>
    public static void Stop(Activity activity)
    {
        int before = _heard;
        activity.Stop();

        // Asked after the end: an exporter may leave beside it, and says so before its provider stops listening.
        if (_heard == before && _anyLeft)
            ProviderGroup.Of(activity).CountsUnheard?.Invoke(activity);
    }
}

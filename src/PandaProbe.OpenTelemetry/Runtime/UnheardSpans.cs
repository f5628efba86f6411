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
        if (!_anyLeft)
        {
            activity.Stop();
            return;
        }

        int before = _heard;
        activity.Stop();
        if (_heard == before)
            ProviderGroup.Of(activity).CountsUnheard?.Invoke(activity);
    }
}

using System.Diagnostics;

namespace PandaProbe.Runtime;

/// <summary>
/// Finds spans that end when the provider that recorded them is gone: while <see cref="Probe.Configure"/> replaces it, or after
/// <see cref="Probe.Shutdown"/>. Their exporter counts them as dropped.
/// </summary>
internal static class UnheardSpans
{
    private static volatile bool _anyLeft;

    // Providers that are ending, and providers that have ended.
    private static int _leaving;
    private static int _left;

    // How many ends the exporters of this process have heard on this thread. A span ends on the thread that stops it.
    [ThreadStatic]
    private static int _heard;

    /// <summary>Says that an exporter has heard the end of a span.</summary>
    public static void Heard() => _heard++;

    /// <summary>Says that an exporter of the group has left.</summary>
    public static void CountBy(ProviderGroup group, IDepartedExporter exporter)
    {
        group.Departed = exporter;
        _anyLeft = true;
    }

    /// <summary>
    /// Says that a provider ends until the result is disposed. A span that it samples when it stops to listen has a start that no processor
    /// hears.
    /// </summary>
    public static IDisposable Leave()
    {
        Interlocked.Increment(ref _leaving);
        return new Leaving();
    }

    /// <summary>Starts an activity.</summary>
    public static Activity? Start(
        ActivitySource source, string name, ActivityKind kind, ActivityContext parent, KeyValuePair<string, object?>[] tags)
    {
        bool leaving = Volatile.Read(ref _leaving) > 0;
        int left = Volatile.Read(ref _left);
        Activity? activity = source.StartActivity(name, kind, parent, tags);
        if (activity is not null && (leaving || Volatile.Read(ref _leaving) > 0 || Volatile.Read(ref _left) != left))
            ProviderGroup.Of(activity).Departed?.Started(activity);
        return activity;
    }

    /// <summary>Stops the activity.</summary>
    public static void Stop(Activity activity)
    {
        int before = _heard;
        activity.Stop();
        if (_anyLeft && _heard == before)
            ProviderGroup.Of(activity).Departed?.CountUnheard(activity);
    }

    private sealed class Leaving : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Increment(ref _left);
            Interlocked.Decrement(ref _leaving);
        }
    }
}

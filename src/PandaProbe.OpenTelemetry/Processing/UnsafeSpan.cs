using System.Diagnostics;

namespace PandaProbe.Processing;

/// <summary>
/// A span that cannot be made safe, so that no exporter may have it. Exporters of any kind skip a span without its flag; this library's
/// count it as dropped.
/// </summary>
internal static class UnsafeSpan
{
    private const string PropertyName = "pandaprobe.unsafe";

    public static bool Is(Activity activity) => activity.GetCustomProperty(PropertyName) is not null;

    /// <summary>Keeps the span from every exporter. A span that nobody would export anyway stays uncounted.</summary>
    public static void Drop(Activity activity)
    {
        if (!activity.Recorded)
            return;

        activity.SetCustomProperty(PropertyName, PropertyName);
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}

namespace PandaProbe.Leaks;

/// <summary>The options of each <see cref="LeakWay"/>.</summary>
internal static class LeakWays
{
    public static void Set(PandaProbeOptions options, LeakWay? way, bool masks)
    {
        options.Safety = masks ? new() : null;
        options.CaptureContent = way != LeakWay.ContentOff;
        options.Redact = way == LeakWay.ThrowingRedactor ? static text => throw new InvalidOperationException(text) : null;
    }
}

using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>The providers of this process that PandaProbe takes part in, and the one that <see cref="Probe.Configure"/> built.</summary>
internal static class ProbeRuntime
{
    private static readonly object Gate = new();
    private static readonly object Configuring = new();
    private static TracerProvider? _configured;

    public static void Configure(Action<PandaProbeOptions>? options, Action<TracerProviderBuilder>? tracing)
    {
        // A lock of its own: to replace a provider takes as long as its exporters do, and nobody who only flushes has to wait for that.
        lock (Configuring)
        {
            Take()?.Dispose();

            TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options);
            tracing?.Invoke(builder);
            TracerProvider built = builder.Build();
            lock (Gate)
                _configured = built;
            ProcessEndings.WatchSignals();
        }
    }

    private static TracerProvider? Take()
    {
        lock (Gate)
        {
            TracerProvider? configured = _configured;
            _configured = null;
            return configured;
        }
    }

    public static bool Flush(TimeSpan timeout)
    {
        bool complete = true;
        long start = Stopwatch.GetTimestamp();
        foreach (TracerProvider provider in Providers())
        {
            try
            {
                complete &= provider.ForceFlush(Remaining(timeout, start));
            }
            catch (Exception exception)
            {
                complete = false;
                PandaProbeEventSource.Log.TelemetryFailed("flush", exception);
            }
        }

        return complete;
    }

    /// <summary>Stops the provider that <see cref="Probe.Configure"/> built. Those of a host only export what they hold: the host stops them.</summary>
    public static bool Shutdown(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        bool complete = Flush(timeout);

        TracerProvider? configured = Take();
        if (configured is null)
            return complete;

        try
        {
            complete &= configured.Shutdown(Remaining(timeout, start));
            configured.Dispose();
        }
        catch (Exception exception)
        {
            complete = false;
            PandaProbeEventSource.Log.TelemetryFailed("shutdown", exception);
        }

        return complete;
    }

    public static TracerProvider[] Providers() =>
        [.. ProcessSettings.Current.Providers.Select(settings => settings.Provider()).OfType<TracerProvider>().Distinct()];

    public static int Remaining(TimeSpan timeout, long start) => timeout == Timeout.InfiniteTimeSpan
        ? Timeout.Infinite
        : (int)Math.Clamp((timeout - Stopwatch.GetElapsedTime(start)).TotalMilliseconds, 0, int.MaxValue);
}

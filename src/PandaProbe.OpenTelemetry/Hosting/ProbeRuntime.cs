using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>Tracks the providers of this process with PandaProbe, among them the one built by <see cref="Probe.Configure"/>.</summary>
internal static class ProbeRuntime
{
    private static readonly object Gate = new();
    private static readonly object Configuring = new();
    private static TracerProvider? _configured;

    public static void Configure(Action<PandaProbeOptions>? options, Action<TracerProviderBuilder>? tracing)
    {
        // A separate lock: replacing a provider waits for its exporters, and a flush must not wait for that.
        lock (Configuring)
        {
            using (UnheardSpans.Leave())
                Take()?.Dispose();

            ExportDecision decision = new();
            TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(decision)).AddPandaProbe(options);
            if (tracing is null)
                builder.ConfigureServices(services => services.AddSingleton<Alone>());
            else
                tracing(builder);
            TracerProvider built = builder.Build();
            decision.Make();
            lock (Gate)
                _configured = built;
            ProcessEndings.WatchSignals();
        }
    }

    /// <summary>Marks the services of a provider to which the program adds nothing, so that it has no other exporter.</summary>
    public sealed class Alone;

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

    /// <summary>
    /// Stops the provider built by <see cref="Probe.Configure"/>. Providers of a host are only flushed, because the host stops them.
    /// </summary>
    /// <param name="timeout">The maximum time to wait. The default is <see cref="ShutdownTimeout"/>.</param>
    public static bool Shutdown(TimeSpan? timeout = null)
    {
        TimeSpan limit = timeout ?? ShutdownTimeout;
        long start = Stopwatch.GetTimestamp();
        bool complete = Flush(Ending.ForFlush(limit));

        TracerProvider? configured = Take();
        if (configured is null)
            return complete;

        if (!complete)
            SayIncomplete(limit);

        try
        {
            using (UnheardSpans.Leave())
            using (configured)
                complete &= configured.Shutdown(Remaining(limit, start));
        }
        catch (Exception exception)
        {
            complete = false;
            PandaProbeEventSource.Log.TelemetryFailed("shutdown", exception);
        }

        return complete;
    }

    /// <summary>Flushes all providers when a signal ends a program without a host.</summary>
    public static void FlushAtEnd()
    {
        TimeSpan limit = ShutdownTimeout;
        if (!Flush(limit) && _configured is not null)
            SayIncomplete(limit);
    }

    /// <summary>Gets the longest shutdown timeout of all providers.</summary>
    public static TimeSpan ShutdownTimeout =>
        ProcessSettings.Current.Providers.Select(settings => settings.ShutdownTimeout)
            .DefaultIfEmpty(PandaProbeOptions.DefaultShutdownTimeout).Max();

    private static void SayIncomplete(TimeSpan limit) => DiagnosticsConsole.SayOnce(string.Create(
        CultureInfo.InvariantCulture,
        $"PandaProbe could not send all traces before the end: no receiver took them within {limit.TotalSeconds} s (PandaProbeOptions.ShutdownTimeout). The next start sends what is in SpoolDirectory; the rest is lost. PANDAPROBE_DEBUG=true shows why."));

    // A provider may have the exporter alone.
    public static TracerProvider[] Providers() =>
        [.. ProcessSettings.Current.Providers.Select(settings => settings.Provider())
            .Concat(ProcessSettings.Current.Exporters.Select(exporter => exporter.Provider)).OfType<TracerProvider>().Distinct()];

    public static int Remaining(TimeSpan timeout, long start) => timeout == Timeout.InfiniteTimeSpan
        ? Timeout.Infinite
        : (int)Math.Clamp((timeout - Stopwatch.GetElapsedTime(start)).TotalMilliseconds, 0, int.MaxValue);
}

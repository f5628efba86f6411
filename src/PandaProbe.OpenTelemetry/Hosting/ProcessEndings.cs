using System.Diagnostics;
using System.Runtime.InteropServices;
using OpenTelemetry.Trace;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting;

/// <summary>Exports the remaining data when the process ends by exit, by a signal or by an unhandled exception.</summary>
internal static class ProcessEndings
{
    private static readonly object Gate = new();

    // Referenced, because a registration ends with its finalizer.
    private static readonly List<PosixSignalRegistration> Signals = [];

    private static bool _watches;
    private static bool _watchesSignals;

    /// <summary>
    /// Subscribes to process exit, to unhandled exceptions, and to SIGHUP, which a terminal sends when it is closed and no host handles.
    /// The signal's default action stays.
    /// </summary>
    public static void Watch()
    {
        lock (Gate)
        {
            if (_watches)
                return;

            _watches = true;
            Hook(PosixSignal.SIGHUP);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => ProbeRuntime.Shutdown();
            AppDomain.CurrentDomain.UnhandledException += (_, crash) => Crash(crash.ExceptionObject as Exception, crash.IsTerminating);
        }
    }

    /// <summary>
    /// Subscribes to the other signals, for programs without a host. Since .NET 10 a signal ends such a program without raising
    /// <see cref="AppDomain.ProcessExit"/>. The signal's default action stays.
    /// </summary>
    public static void WatchSignals()
    {
        lock (Gate)
        {
            if (_watchesSignals)
                return;

            _watchesSignals = true;
            Hook(PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT);
        }
    }

    private static void Hook(params PosixSignal[] endings)
    {
        try
        {
            foreach (PosixSignal signal in endings)
                Signals.Add(PosixSignalRegistration.Create(signal, static _ => ProbeRuntime.FlushAtEnd()));
        }
        catch (PlatformNotSupportedException)
        {
            // Some platforms have no signals.
        }
    }

    // An unhandled exception ends the process without running finally blocks, and the open spans show its cause.
    private static void Crash(Exception? exception, bool terminating)
    {
        if (!terminating)
            return;

        EndWhatIsOpen(Activity.Current ?? ActivityScope.LastLeftBy(exception), exception);

        // Some exporters report a flush as done before they have sent everything. Their shutdown waits for it.
        TimeSpan limit = ProbeRuntime.ShutdownTimeout;
        long start = Stopwatch.GetTimestamp();
        foreach (TracerProvider provider in ProbeRuntime.Providers())
        {
            try
            {
                provider.Shutdown(ProbeRuntime.Remaining(limit, start));
            }
            catch (Exception failure)
            {
                PandaProbeEventSource.Log.TelemetryFailed("exit", failure);
            }
        }
    }

    private static void EndWhatIsOpen(Activity? innermost, Exception? exception)
    {
        try
        {
            for (Activity? activity = innermost; activity is not null; activity = ActivityScope.ParentOf(activity))
            {
                if (activity.IsStopped || !ReferenceEquals(activity.Source, ProbeSource.Instance))
                    continue;

                if (exception is not null)
                    ErrorTags.Record(activity, exception);
                activity.Stop();
            }
        }
        catch (Exception failure)
        {
            PandaProbeEventSource.Log.TelemetryFailed("exit", failure);
        }
    }
}

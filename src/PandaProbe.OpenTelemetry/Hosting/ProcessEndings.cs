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
    private static bool _watches;
    private static PosixSignalRegistration[]? _signals;

    /// <summary>Subscribes to process exit and to unhandled exceptions.</summary>
    public static void Watch()
    {
        lock (Gate)
        {
            if (_watches)
                return;

            _watches = true;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => ProbeRuntime.Shutdown();
            AppDomain.CurrentDomain.UnhandledException += (_, crash) => Crash(crash.ExceptionObject as Exception, crash.IsTerminating);
        }
    }

    /// <summary>
    /// Subscribes to signals, for programs without a host. Since .NET 10 a signal ends such a program without raising
    /// <see cref="AppDomain.ProcessExit"/>. The signal's default action stays.
    /// </summary>
    public static void WatchSignals()
    {
        lock (Gate)
            _signals ??= HookSignals();
    }

    private static PosixSignalRegistration[] HookSignals()
    {
        PosixSignal[] endings = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        try
        {
            return [.. endings.Select(signal => PosixSignalRegistration.Create(signal, _ => ProbeRuntime.FlushAtEnd()))];
        }
        catch (PlatformNotSupportedException)
        {
            return [];
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

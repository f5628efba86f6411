using System.Diagnostics;
using System.Runtime.InteropServices;
using OpenTelemetry.Trace;
using PandaProbe.Content;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting;

/// <summary>Exports what is held when the process ends: by its exit, by a signal, or by an exception that nobody catches.</summary>
internal static class ProcessEndings
{
    private static readonly object Gate = new();
    private static bool _watches;
    private static PosixSignalRegistration[]? _signals;

    /// <summary>Watches the exit of the process and exceptions that end it.</summary>
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
    /// Watches signals, for programs without a host. Since .NET 10 a signal ends such a program without raising <see cref="AppDomain.ProcessExit"/>. What the signal
    /// does stays as it is.
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

    // An exception that ends the process does not unwind blocks, and the spans that would be lost are the ones that tell why it ended.
    private static void Crash(Exception? exception, bool terminating)
    {
        if (!terminating)
            return;

        EndWhatIsOpen(Activity.Current ?? ActivityScope.LastLeftBy(exception), exception);

        // Some exporters report a flush as done while they still send. After their shutdown they have sent.
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

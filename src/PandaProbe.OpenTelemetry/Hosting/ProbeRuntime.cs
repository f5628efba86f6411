using System.Diagnostics;
using System.Runtime.InteropServices;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Context;
using PandaProbe.Diagnostics;
using PandaProbe.Processing;

namespace PandaProbe.Hosting;

/// <summary>The providers of this process that PandaProbe takes part in, and the one that <see cref="Probe.Configure"/> built.</summary>
internal static class ProbeRuntime
{
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);
    private static readonly object Gate = new();
    private static readonly object Configuring = new();
    private static readonly List<PandaProbeProcessor> Processors = [];
    private static TracerProvider? _configured;
    private static bool _hooked;
    private static PosixSignalRegistration[]? _signals;

    public static void Add(PandaProbeProcessor processor)
    {
        lock (Gate)
        {
            Processors.Add(processor);
            if (_hooked)
                return;

            _hooked = true;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Shutdown(ExitTimeout);
            AppDomain.CurrentDomain.UnhandledException += (_, crash) => Crash(crash.ExceptionObject as Exception, crash.IsTerminating);
        }
    }

    public static void Remove(PandaProbeProcessor processor)
    {
        lock (Gate)
            Processors.Remove(processor);
    }

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
            _signals ??= HookSignals();
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

    // Since .NET 10 a signal ends a program without a host on the spot, without the event of its exit. What the signal does stays as it is.
    private static PosixSignalRegistration[] HookSignals()
    {
        try
        {
            return
            [
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => Flush(ExitTimeout)),
                PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Flush(ExitTimeout)),
            ];
        }
        catch (PlatformNotSupportedException)
        {
            return [];
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

    // An exception that takes the process down does not unwind blocks, and the spans that would be lost are the very ones that tell why.
    private static void Crash(Exception? exception, bool terminating)
    {
        if (!terminating)
            return;

        EndWhatIsOpen(Activity.Current ?? ActivityScope.LastLeftBy(exception), exception);

        // Some exporters call themselves flushed while they still send; stopped, they have sent.
        long start = Stopwatch.GetTimestamp();
        foreach (TracerProvider provider in Providers())
        {
            try
            {
                provider.Shutdown(Remaining(ExitTimeout, start));
            }
            catch (Exception failure)
            {
                PandaProbeEventSource.Log.TelemetryFailed("exit", failure);
            }
        }
    }

    private static TracerProvider[] Providers()
    {
        lock (Gate)
            return [.. Processors.Select(processor => processor.ParentProvider).OfType<TracerProvider>().Distinct()];
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

    private static int Remaining(TimeSpan timeout, long start) => timeout == Timeout.InfiniteTimeSpan
        ? Timeout.Infinite
        : (int)Math.Clamp((timeout - Stopwatch.GetElapsedTime(start)).TotalMilliseconds, 0, int.MaxValue);
}

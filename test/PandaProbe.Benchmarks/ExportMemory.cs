using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export;
using PandaProbe.TestBackend;

namespace PandaProbe.Benchmarks;

/// <summary>
/// What the exporter to PandaProbe still references once everything is exported: after many large calls, below one trace that stays open,
/// over a day of a worker, and after scores of traces that nobody records. <c>dotnet run -c Release -- memory</c>
/// </summary>
internal static class ExportMemory
{
    public static async Task RunAsync()
    {
        await using Backend backend = await Backend.StartAsync(
            new() { KeepContent = false, CountOnly = true, TraceLimit = null, OtherLimit = null });
        LargeCalls(backend);
        LongTrace(backend);
        Day(backend);
        ScoresOfUnrecordedTraces(backend);
    }

    private static void LargeCalls(Backend backend)
    {
        using Exporter exporter = new(backend, TimeProvider.System);
        Calls(1, 100_000);
        exporter.Flush();
        long before = Managed();
        List<WeakReference> calls = Calls(1000, 100_000);
        exporter.Flush();
        long after = Managed();
        Console.WriteLine(Text(
            $"1,000 exported calls of 100,000 characters: {Megabytes(after - before)} referenced, {calls.Count(call => call.IsAlive)} activities alive, {exporter.Health.SpansHeld} spans held"));
    }

    private static void LongTrace(Backend backend)
    {
        using Exporter exporter = new(backend, TimeProvider.System);
        Activity.Current = null;
        using TraceScope trace = Probe.StartTrace("long");
        Steps(trace, 3000, 10_000);
        exporter.Flush();
        long before = Managed();
        List<WeakReference> steps = Steps(trace, 3000, 10_000);
        exporter.Flush();
        long after = Managed();
        Console.WriteLine(Text(
            $"One open trace of 3,000 steps: {Megabytes(after - before)} more, {steps.Count(step => step.IsAlive)} activities alive, {exporter.Health.SpansHeld} spans held"));
    }

    private static void Day(Backend backend)
    {
        SteppedTime time = new();
        using Exporter exporter = new(backend, time);
        Activity.Current = null;
        using TraceScope trace = Probe.StartTrace("worker");
        List<long> hours = [];
        for (int hour = 0; hour < 24; hour++)
        {
            for (int step = 0; step < 360; step++)
            {
                Steps(trace, 1, 10_000);
                time.Pass(TimeSpan.FromSeconds(10));
            }

            exporter.Flush();
            hours.Add(Managed());
        }

        Console.WriteLine(Text(
            $"A worker with one trace that stays open for a day, 8,640 steps: after hours {string.Join(", ", hours.Select(Megabytes))}"));
    }

    private static void ScoresOfUnrecordedTraces(Backend backend)
    {
        using Exporter exporter = new(backend, TimeProvider.System, new AlwaysOffSampler());
        Scores(100);
        exporter.Flush();
        long before = Managed();
        Scores(100_000);
        exporter.Flush();
        long after = Managed();
        PandaProbeExporterHealth health = exporter.Health;
        Console.WriteLine(Text(
            $"100,000 scores of traces that are sampled out: {Megabytes(after - before)} more; {health.ScoresQueued} scores taken in, {health.ScoresExported} exported, {health.ScoresDropped} dropped"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Calls(int count, int characters)
    {
        List<WeakReference> calls = [];
        for (int i = 0; i < count; i++)
        {
            Activity.Current = null;
            using SpanScope call = Probe.StartSpan("chat", ProbeSpanKind.Llm, model: "gpt-5.4");
            call.SetInput([ProbeMessage.User(new string((char)('a' + (i % 26)), characters))]);
            call.SetTokenUsage(150, 80);
            calls.Add(new(call.Activity));
        }

        Activity.Current = null;
        return calls;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> Steps(TraceScope trace, int count, int characters)
    {
        List<WeakReference> steps = [];
        for (int i = 0; i < count; i++)
        {
            using (SpanScope agent = trace.StartSpan("agent", ProbeSpanKind.Agent))
            {
                using SpanScope call = agent.StartSpan("chat", ProbeSpanKind.Llm, model: "gpt-5.4");
                call.SetInput([ProbeMessage.User(new string((char)('a' + (i % 26)), characters))]);
                call.SetTokenUsage(150, 80);
                agent.SetOutput(new string((char)('A' + (i % 26)), characters));
                agent.SetTokenUsage(150, 80);
                steps.Add(new(agent.Activity));
                steps.Add(new(call.Activity));
            }
        }

        return steps;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Scores(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Activity.Current = null;
            using TraceScope trace = Probe.StartTrace("unrecorded");
            trace.Score("helpful", 0.5);
        }

        Activity.Current = null;
    }

    private static long Managed()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static string Megabytes(long bytes) => Text($"{bytes / 1e6:0.0} MB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Exporter : IDisposable
    {
        private readonly TracerProvider _provider;
        private readonly PandaProbeExportProcessor _exporter;

        public Exporter(Backend backend, TimeProvider time, Sampler? sampler = null)
        {
            _exporter = new(
                new()
                {
                    PandaProbe =
                    {
                        ApiKey = BackendOptions.DefaultApiKey,
                        ProjectName = BackendOptions.DefaultProject,
                        Endpoint = backend.Address,
                        TracesPerMinute = null,
                        OtherRequestsPerMinute = null,
                        RequestTimeout = TimeSpan.FromDays(1),
                        FlushInterval = TimeSpan.FromSeconds(5),
                    },
                },
                time);
            TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None);
            if (sampler is not null)
                builder.SetSampler(sampler);
            _provider = builder.AddProcessor(_exporter).Build();
        }

        public PandaProbeExporterHealth Health => _exporter.Health;

        public void Flush() => _exporter.ForceFlush(60_000);

        public void Dispose() => _provider.Dispose();
    }

    /// <summary>A clock that moves when it is told to.</summary>
    private sealed class SteppedTime : TimeProvider
    {
        private readonly List<Timer> _timers = [];
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public override DateTimeOffset GetUtcNow() => new(new DateTime(2026, 11, 21, 0, 0, 0, DateTimeKind.Utc).AddTicks(GetTimestamp()));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timer timer = new(this, callback, state);
            timer.Change(dueTime, period);
            lock (_timers)
                _timers.Add(timer);
            return timer;
        }

        public void Pass(TimeSpan time)
        {
            long now = Interlocked.Add(ref _now, time.Ticks);
            Timer[] timers;
            lock (_timers)
                timers = [.. _timers];
            foreach (Timer timer in timers)
                timer.FireIfDue(now);
        }

        private sealed class Timer(SteppedTime time, TimerCallback callback, object? state) : ITimer
        {
            private long _due = long.MaxValue;
            private TimeSpan _period;

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _period = period;
                Volatile.Write(ref _due, dueTime < TimeSpan.Zero ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks);
                return true;
            }

            public void FireIfDue(long now)
            {
                if (now < Volatile.Read(ref _due))
                    return;

                Volatile.Write(ref _due, _period > TimeSpan.Zero ? now + _period.Ticks : long.MaxValue);
                callback(state);
            }

            public void Dispose()
            {
                lock (time._timers)
                    time._timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}

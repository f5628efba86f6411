using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export;
using PandaProbe.Runtime;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>
/// A real provider that exports to a test backend what the test's own flow starts. Create it in the body of the test.
/// </summary>
internal sealed class Exporting : IDisposable
{
    private static readonly AsyncLocal<Exporting?> Current = new();

    private readonly IDisposable? _apart = ProviderGroup.KeepApart();
    private readonly ConditionalWeakTable<Activity, object> _started = [];
    private readonly TimeProvider? _time;
    private int _disposed;

    public Exporting(
        Uri address, Action<PandaProbeExporterOptions>? configure = null, TimeProvider? time = null,
        Action<TracerProviderBuilder>? tracing = null,
        Action<PandaProbeOptions>? recorded = null)
    {
        Current.Value = this;
        PandaProbeOptions options = new()
        {
            PandaProbe =
            {
                ApiKey = BackendOptions.DefaultApiKey,
                ProjectName = BackendOptions.DefaultProject,
                Endpoint = address,
                TracesPerMinute = null,
                OtherRequestsPerMinute = null,
                FlushInterval = TimeSpan.FromMilliseconds(200),

                // Out of the way, even of a clock that runs fast: a slow machine is not a lost request.
                RequestTimeout = TimeSpan.FromDays(1),
                ConnectTimeout = TimeSpan.FromMinutes(5),
                OnExportError = Errors.Enqueue,
            },
        };
        configure?.Invoke(options.PandaProbe);
        recorded?.Invoke(options);
        Options = options.PandaProbe;
        _time = time;
        Exporter = new(options, time, random: static () => 0.5);
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(pandaProbe => pandaProbe.Export = ProbeExport.None);
        tracing?.Invoke(builder);
        Provider = builder.AddProcessor(new OwnFlow(this, Exporter)).Build();
    }

    public Exporting(
        Backend backend, Action<PandaProbeExporterOptions>? configure = null, TimeProvider? time = null,
        Action<TracerProviderBuilder>? tracing = null,
        Action<PandaProbeOptions>? recorded = null)
        : this(backend.Address, configure, time, tracing, recorded)
    {
    }

    public PandaProbeExporterOptions Options { get; }

    public TracerProvider Provider { get; }

    public PandaProbeExportProcessor Exporter { get; }

    public System.Collections.Concurrent.ConcurrentQueue<PandaProbeExportError> Errors { get; } = new();

    public PandaProbeExporterHealth Health => Exporter.Health;

    /// <param name="seconds">By default so long that no slow machine needs it.</param>
    public bool Flush(double? seconds = null)
    {
        bool flushed = false;
        double bound = seconds ?? (_time is FakeTime ? 24 * 60 * 60 : 120);
        Drive(() => flushed = Exporter.ForceFlush((int)(bound * 1000)));
        return flushed;
    }

    /// <summary>Polls, with a bound.</summary>
    public static void Eventually(Func<bool> condition, string what) =>
        SpinWait.SpinUntil(
            () =>
            {
                Thread.Sleep(5);
                return condition();
            },
            TimeSpan.FromMinutes(2)).ShouldBeTrue(what);

    /// <summary>
    /// What was taken in is exported, dropped and counted, on disk, or still held: nothing is unaccounted for, once the counts, which move
    /// one after the other, have all moved.
    /// </summary>
    public void ShouldAddUp()
    {
        Eventually(
            () => Health is var health && health.SpansExported + health.SpansDropped + health.SpansSpooled
            + health.SpansHeld == health.SpansQueued,
            "the spans add up");
        PandaProbeExporterHealth health = Health;
        (health.TracesExported + health.TracesDropped + health.TracesSpooled)
            .ShouldBeLessThanOrEqualTo(health.TracesQueued, health.ToString());
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        Drive(Provider.Dispose);
        _apart?.Dispose();
    }

    // A thread that waits with a time of the test's own waits until somebody lets it pass.
    private void Drive(Action action)
    {
        if (_time is not FakeTime fake)
        {
            action();
            return;
        }

        var task = Task.Run(action);
        fake.Until(() => task.IsCompleted, "it does not wait for ever");
        task.GetAwaiter().GetResult();
    }

    private sealed class OwnFlow(Exporting owner, BaseProcessor<Activity> exporter) : CompositeProcessor<Activity>([exporter])
    {
        public override void OnStart(Activity data)
        {
            if (!ReferenceEquals(Current.Value, owner))
                return;

            owner._started.AddOrUpdate(data, data);
            base.OnStart(data);
        }

        public override void OnEnd(Activity data)
        {
            if (owner._started.Remove(data))
                base.OnEnd(data);
        }
    }
}

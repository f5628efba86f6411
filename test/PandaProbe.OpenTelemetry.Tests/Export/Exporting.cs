using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Export;
using PandaProbe.Runtime;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>
/// A real provider that exports to a test backend what the test's own flow starts. Create it in the body of the test. At its end, all that
/// was produced has to be stored, or dropped and counted: see <see cref="Export.Ledger"/>.
/// </summary>
internal sealed partial class Exporting : IDisposable
{
    private static readonly AsyncLocal<Exporting?> Current = new();

    private readonly IDisposable? _apart = ProviderGroup.KeepApart();
    private readonly ConditionalWeakTable<Activity, object> _started = [];
    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly TimeProvider? _time;
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _faults = new();
    private int _disposed;

    public Exporting(
        Uri address, Action<PandaProbeExporterOptions>? configure = null, TimeProvider? time = null,
        Action<TracerProviderBuilder>? tracing = null,
        Action<PandaProbeOptions>? recorded = null)
        : this(address, Ledger.Of(null), configure, time, tracing, recorded)
    {
    }

    public Exporting(
        Backend backend, Action<PandaProbeExporterOptions>? configure = null, TimeProvider? time = null,
        Action<TracerProviderBuilder>? tracing = null,
        Action<PandaProbeOptions>? recorded = null)
        : this(Following(backend, time), Ledger.Of(backend), configure, time, tracing, recorded)
    {
    }

    private Exporting(
        Uri address, Ledger ledger, Action<PandaProbeExporterOptions>? configure, TimeProvider? time,
        Action<TracerProviderBuilder>? tracing, Action<PandaProbeOptions>? recorded)
    {
        Current.Value = this;
        Ledger = ledger;
        PandaProbeOptions options = new()
        {
            PandaProbe =
            {
                ApiKey = BackendOptions.DefaultApiKey,
                ProjectName = BackendOptions.DefaultProject,
                Endpoint = address,

                // As if other processes had the same key: what the server refuses is seen at its 429 only.
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
        Ledger.Open(Options);
        _group.Change(all => all.With(Ledger.Scores));
        _time = time;
        Exporter = new(options, time, random: static () => 0.5);
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(pandaProbe => pandaProbe.Export = ProbeExport.None);
        tracing?.Invoke(builder);
        Provider = builder.AddProcessor(new OwnFlow(this, Exporter)).Build();
    }

    /// <summary>Whether the test writes attributes of the conventions itself, whose values are not this library's.</summary>
    public bool SetsTagsByHand { get; init; }

    public PandaProbeExporterOptions Options { get; }

    /// <summary>The books that have to balance at the end.</summary>
    public Ledger Ledger { get; }

    public TracerProvider Provider { get; }

    public PandaProbeExportProcessor Exporter { get; }

    public System.Collections.Concurrent.ConcurrentQueue<PandaProbeExportError> Errors { get; } = new();

    public PandaProbeExporterHealth Health => Exporter.Health;

    /// <summary>Says which backend is behind the address that was given.</summary>
    public void Reaches(Backend backend)
    {
        Following(backend, _time);
        Ledger.Join(backend);
    }

    public static void Produce(int traces, int spans = 1, string name = "trace")
    {
        for (int i = 0; i < traces; i++)
        {
            using TraceScope trace = Probe.StartTrace($"{name}-{i}");
            for (int j = 0; j < spans; j++)
                trace.StartSpan("step").Dispose();
        }
    }

    /// <param name="seconds">By default so long that no slow machine needs it.</param>
    public bool Flush(double? seconds = null)
    {
        bool flushed = false;
        double bound = seconds ?? (_time is null ? 120 : 24 * 60 * 60);
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

    /// <summary>Everything arrived, and is counted once.</summary>
    public void ShouldHaveAll(Backend backend, int traces, int spans = 2)
    {
        backend.Traces.Count.ShouldBe(traces);
        backend.SpansStored.ShouldBe(traces * spans);
        backend.Violations.ShouldBeEmpty();
        Eventually(() => Health.SpansHeld == 0 && Exporter.QueueLength == 0, "the last answer is counted");
        PandaProbeExporterHealth health = Health;
        health.TracesExported.ShouldBe(traces);
        health.SpansExported.ShouldBe(traces * spans);
        health.SpansDropped.ShouldBe(0);
        ShouldAddUp();
    }

    /// <summary>The JSON of a span with the tags that <paramref name="fill"/> sets.</summary>
    public static async Task<JsonElement> RoundTripAsync(Action<Activity> fill, Action<PandaProbeOptions>? options = null)
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("source " + Guid.NewGuid());
        using Exporting export = new(backend, tracing: builder => builder.AddSource(source.Name), recorded: options);
        using (Activity? activity = source.StartActivity("call"))
            fill(activity!);
        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        backend.IsReadable.ShouldBeTrue();
        return backend.Traces.Values.ShouldHaveSingleItem().Spans.Values.ShouldHaveSingleItem();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;

        Drive(Provider.Dispose);
        _group.Change(all => all.Without(Ledger.Scores));
        _apart?.Dispose();
        bool check = System.Runtime.InteropServices.Marshal.GetExceptionPointers() == 0;
        if (check && Ledger.Unbalanced is null)
            Wait(() => Health.SpansHeld == 0 && Exporter.QueueLength == 0, "all is settled");
        Ledger.Close(Health, check);
        if (check)
            _faults.ShouldBeEmpty();
    }

    private static Uri Following(Backend backend, TimeProvider? time)
    {
        if (time is not null)
            backend.Follow(time);
        return backend.Address;
    }

    private void Wait(Func<bool> condition, string what)
    {
        if (_time is FakeTime fake)
            fake.Until(condition, what);
        else
            Eventually(condition, what);
    }

    // Compares the spans with the conventions.
    static partial void Check(Activity span, System.Collections.Concurrent.ConcurrentQueue<string> faults);

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
            if (!owner._started.Remove(data))
                return;

            owner.Ledger.Ended(data, owner.Options.IncludeNonAISpans);
            base.OnEnd(data);
            if (!owner.SetsTagsByHand)
                Check(data, owner._faults);
        }
    }
}

using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Pipeline;
using PandaProbe.Export.Scores;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Export;

/// <summary>
/// Hands ended spans to PandaProbe's exporter. The thread that ends a span only asks whether the span is wanted and leaves it in a queue.
/// </summary>
internal sealed class PandaProbeExportProcessor : BaseProcessor<Activity>, ILiveExporter, IScoreSink
{
    // What a provider that is disposed but was not shut down gives in milliseconds.
    private const int WithoutShutdown = 2000;

    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly ExportSettings _settings;
    private readonly ExportPipeline _pipeline;
    private volatile Departed? _departed;
    private int _disposed;

    public PandaProbeExportProcessor(PandaProbeOptions options, TimeProvider? time = null, Func<double>? random = null)
    {
        _settings = new(options, () => ParentProvider?.GetResource());
        _pipeline = new(_settings, time ?? TimeProvider.System, random);
        LiveExporters.Add(this, _group);
    }

    public ExportStatistics Statistics => _pipeline.Statistics;

    public int QueueLength => _pipeline.QueueLength;

    public long SpoolSize => _pipeline.SpoolSize;

    public PandaProbeExporterHealth Health => Statistics.Health(QueueLength, SpoolSize, _pipeline.IsFailing);

    public TracerProvider? Provider => ParentProvider as TracerProvider;

    public override void OnStart(Activity data)
    {
        try
        {
            ProviderGroup.Claim(data);
            if (!_group.Owns(data))
                return;

            CallerMark.Set(data);
            _departed?.Started(data);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("span start", exception);
        }
    }

    public override void OnEnd(Activity data)
    {
        try
        {
            if (!_group.Owns(data))
                return;

            UnheardSpans.Heard();
            if (_settings.IsCandidate(data))
                _pipeline.Enter(data, ActivityScope.IsTrace(data));
            else if (!data.Recorded && UnsafeSpan.Is(data) && AISpans.Contains(data))
                Statistics.TurnAway(ActivityScope.IsTrace(data), DropReasons.Unsafe);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("export", exception);
        }
    }

    public void Add(ScoreItem score)
    {
        if (score.TraceId == Guid.Empty || score.Trace is { Recorded: false })
            Statistics.ScoreTurnedAway(DropReasons.NotRecorded);
        else if (Statistics.TryHoldScore())
            _pipeline.Enter(score);
        else
            Statistics.ScoreTurnedAway(DropReasons.QueueFull);
    }

    protected override bool OnForceFlush(int timeoutMilliseconds) => _pipeline.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        LiveExporters.Remove(this, _group);
        bool done = _pipeline.Shutdown(Ending.Left(ParentProvider, timeoutMilliseconds));
        Depart();
        return done;
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            OnShutdown(WithoutShutdown);
        base.Dispose(disposing);
    }

    // A provider stops listening when its processors are shut down, also where nobody disposes it.
    private void Depart()
    {
        if (_departed is not null)
            return;

        Departed departed = new(Statistics);
        _departed = departed;
        UnheardSpans.CountBy(_group, departed);

        // OnStart tells of the spans that start from here on.
        departed.StartedUntil(TimeProvider.System.GetUtcNow().UtcDateTime);
    }
}

using System.Diagnostics;
using OpenTelemetry;
using PandaProbe.Context;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Sending;
using PandaProbe.Runtime;

namespace PandaProbe.Export;

/// <summary>Hands ended spans to PandaProbe's exporter. The thread that ends a span only asks whether the span is wanted and leaves it in a queue.</summary>
internal sealed class PandaProbeExportProcessor : BaseProcessor<Activity>, ILiveExporter
{
    private readonly ExportSettings _settings;
    private readonly ExportPipeline _pipeline;
    private int _disposed;

    public PandaProbeExportProcessor(PandaProbeOptions options, TimeProvider? time = null, Func<HttpMessageInvoker>? http = null, Func<double>? random = null)
    {
        _settings = new(options, () => ParentProvider?.GetResource());
        _pipeline = new(_settings, time ?? TimeProvider.System, http, random);
        ProcessSettings.Join(this);
    }

    public ExportStatistics Statistics => _pipeline.Statistics;

    public int QueueLength => _pipeline.QueueLength;

    public long SpoolSize => _pipeline.SpoolSize;

    public PandaProbeExporterHealth Health => Statistics.Health(QueueLength, SpoolSize, _pipeline.IsFailing);

    public override void OnEnd(Activity data)
    {
        try
        {
            if (_settings.IsCandidate(data))
                _pipeline.Enter(data, ActivityScope.IsTrace(data));
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("export", exception);
        }
    }

    public void Add(ScoreItem score) => _pipeline.Enter(score);

    protected override bool OnForceFlush(int timeoutMilliseconds) => _pipeline.Flush(timeoutMilliseconds);

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        ProcessSettings.Leave(this);
        return _pipeline.Shutdown(timeoutMilliseconds);
    }

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            ProcessSettings.Leave(this);
            _pipeline.Shutdown(0);
            _pipeline.Dispose();
        }

        base.Dispose(disposing);
    }
}

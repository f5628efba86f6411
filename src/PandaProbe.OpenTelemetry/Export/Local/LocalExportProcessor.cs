using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Otlp;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Local;

/// <summary>
/// Sends spans to the local viewer while one runs: those that start at once, those that end by OpenTelemetry's exporter behind the queue of
/// the export over OTLP.
/// </summary>
internal sealed class LocalExportProcessor : CompositeProcessor<Activity>
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(200);

    private readonly ProviderGroup _group = ProviderGroup.Current;
    private readonly ViewerWatch _watch;
    private readonly RunningSpans _running;

    private LocalExportProcessor(OtlpQueueProcessor queue, ViewerWatch watch, FieldScanners? scanner, TimeProvider time)
        : base([queue])
    {
        _watch = watch;
        _running = new(watch, scanner, () => ParentProvider?.GetResource() ?? Resource.Empty, time);
    }

    public static LocalExportProcessor Create(PandaProbeOptions options, TimeProvider? time)
    {
        FieldScanners? scanner = options.Scanner;
        ViewerWatch watch = new(options.LocalDirectory ?? LocalViewer.DefaultDirectory, time ?? TimeProvider.System);
        OtlpExporterOptions otlp = new()
        {
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Endpoint = new("http://localhost/v1/traces"),
            Headers = "",
            HttpClientFactory = () => new(new ViewerLine(watch)),
        };

        // What a viewer on this machine does not take at once, it does not take later either.
        OtlpQueueSettings settings = new(OtlpQueueSettings.DefaultQueueSize, 512, Delay, Workers: 1, RetryFor: TimeSpan.Zero)
        {
            MaxMemoryBytes = options.PandaProbe.MaxMemoryBytes,
            MaxRequestBytes = options.Otlp.MaxRequestBytes,
            Scanner = scanner,
        };
        return new(new(settings, otlp), watch, scanner, time ?? TimeProvider.System);
    }

    public LocalViewer? Viewer => _watch.Viewer;

    public override void OnStart(Activity data)
    {
        try
        {
            ProviderGroup.Claim(data);
            if (data.Recorded && _watch.IsThere() && _group.Owns(data))
                _running.Add(data);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("span start", exception);
        }
    }

    public override void OnEnd(Activity data)
    {
        if ((data.Recorded || UnsafeSpan.Is(data)) && _watch.IsThere() && _group.Owns(data))
            base.OnEnd(data);
    }

    protected override void Dispose(bool disposing)
    {
        _running.Dispose();
        base.Dispose(disposing);
    }
}

using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Otlp;

/// <summary>One exporter of OpenTelemetry, which the provider tells about its resource. The batches come from the queue.</summary>
internal sealed class OtlpWorker : BaseExportProcessor<Activity>
{
    private readonly OtlpLine _line;

    private OtlpWorker(OtlpTraceExporter exporter, OtlpLine line) : base(exporter) => _line = line;

    /// <summary>The position in the queue where the batch under way began; none when there is none.</summary>
    public long? UnderWay { get; set; }

    public static OtlpWorker Create(OtlpExporterOptions otlp)
    {
        // The constructor of the exporter calls the factory.
        Func<HttpClient> factory = otlp.HttpClientFactory;
        OtlpLine line = new(factory(), otlp);
        otlp.HttpClientFactory = () => new(line) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            return new(new OtlpTraceExporter(otlp), line);
        }
        finally
        {
            otlp.HttpClientFactory = factory;
        }
    }

    /// <summary>Makes one attempt.</summary>
    /// <param name="spans">The spans of the request.</param>
    /// <param name="maxBytes">A larger request is not sent.</param>
    /// <param name="shortenTo">Shortens the texts of the request to this many bytes.</param>
    public OtlpResponse Export(Activity[] spans, int maxBytes, int? shortenTo)
    {
        _line.Begin(maxBytes, shortenTo);
        using IDisposable quiet = SuppressInstrumentationScope.Begin();

        // The values of tags may be objects of the application, and the exporter calls their ToString().
        using UserCode.Call code = UserCode.Enter();
        ExportResult result = exporter.Export(new Batch<Activity>(spans, spans.Length));
        return _line.Last ?? (result == ExportResult.Success
            ? new(new(AnswerKind.Accepted))
            : new(new(AnswerKind.TooLarge, Reason: DropReasons.Unwritable,
                Detail: "OpenTelemetry's exporter could not write a request: it is beyond OtlpExporterOptions.MaxRequestSizeBytes, or a tag has a value that cannot be written.")));
    }

    protected override void OnExport(Activity data)
    {
    }
}

using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace PandaProbe.Hosting;

/// <summary>Sends each span at once, unless the application has an OTLP exporter.</summary>
internal sealed class SimpleOtlpProcessor(OtlpTraceExporter exporter, Func<bool>? isWanted) : SimpleActivityExportProcessor(exporter)
{
    public override void OnEnd(Activity data)
    {
        if (isWanted?.Invoke() != false)
            base.OnEnd(data);
    }
}

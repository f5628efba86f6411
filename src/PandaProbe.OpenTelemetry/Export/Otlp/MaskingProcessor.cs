using System.Diagnostics;
using OpenTelemetry;
using PandaProbe.Export.Outcomes;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Otlp;

/// <summary>Masks spans before an exporter that sends each as it ends. A span that cannot be made safe is counted as dropped.</summary>
internal sealed class MaskingProcessor(FieldScanners? scanner, BaseProcessor<Activity> next) : CompositeProcessor<Activity>([next])
{
    private readonly ProviderGroup _group = ProviderGroup.Current;

    public override void OnStart(Activity data)
    {
        ProviderGroup.Claim(data);
        base.OnStart(data);
    }

    public override void OnEnd(Activity data)
    {
        if (!_group.Owns(data))
            return;

        if (!UnsafeSpan.Is(data) && (!data.Recorded || SpanMasking.TryApply(data, scanner)))
            base.OnEnd(data);
        else
            OtlpStatistics.Dropped(1, DropReasons.Unsafe);
    }
}

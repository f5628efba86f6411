using System.Diagnostics;
using OpenTelemetry;
using PandaProbe.Export.Outcomes;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Otlp;

/// <summary>Masks spans before an exporter that sends each as it ends. A span that cannot be made safe is counted as dropped.</summary>
/// <param name="scanner">What masks; <see langword="null"/> masks nothing.</param>
/// <param name="next">Sends each span at once.</param>
/// <param name="isWanted">Asked at each span; <see langword="false"/> sends nothing. <see langword="null"/> sends always.</param>
internal sealed class MaskingProcessor(FieldScanners? scanner, BaseProcessor<Activity> next, Func<bool>? isWanted = null)
    : CompositeProcessor<Activity>([next])
{
    private readonly ProviderGroup _group = ProviderGroup.Current;

    public override void OnStart(Activity data)
    {
        ProviderGroup.Claim(data);
        base.OnStart(data);
    }

    public override void OnEnd(Activity data)
    {
        if (!_group.Owns(data) || isWanted?.Invoke() == false)
            return;

        if (!UnsafeSpan.Is(data) && (!data.Recorded || SpanMasking.TryApply(data, scanner)))
            base.OnEnd(data);
        else
            OtlpStatistics.Dropped(1, DropReasons.Unsafe);
    }
}

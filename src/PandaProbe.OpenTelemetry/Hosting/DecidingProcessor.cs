using System.Diagnostics;
using OpenTelemetry;

namespace PandaProbe.Hosting;

/// <summary>Makes a decision at the first span, or at the end, for a provider of which nobody says that it is complete.</summary>
internal sealed class DecidingProcessor(Lazy<bool> decision) : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data) => _ = decision.Value;

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        _ = decision.Value;
        return true;
    }
}

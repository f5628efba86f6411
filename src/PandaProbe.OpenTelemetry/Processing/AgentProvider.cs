using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;

namespace PandaProbe.Processing;

/// <summary>
/// The conventions require a provider on the span of an agent. An agent whose caller names none has that of its first call to a model.
/// </summary>
internal static class AgentProvider
{
    public static void Note(Activity call)
    {
        if (call.GetTagItem(GenAI.ProviderName) is not { } provider)
            return;

        for (Activity? above = ActivityScope.ParentOf(call); above is not null; above = ActivityScope.ParentOf(above))
        {
            if (ReferenceEquals(above.Source, ProbeSource.Instance) && !above.IsStopped
                && above.GetTagItem(Pandaprobe.Span.Kind) is SpanKinds.Agent && above.GetTagItem(GenAI.ProviderName) is null)
            {
                above.SetTag(GenAI.ProviderName, provider);
            }
        }
    }
}

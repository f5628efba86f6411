using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Metrics;
using PandaProbe.Values;

namespace PandaProbe.Processing;

/// <summary>
/// Agents and function-calling loops of other libraries repeat the tokens of the calls below them on their own span. The sum of a trace
/// would count these tokens twice. They become metadata once a call below has reported tokens of its own.
/// </summary>
internal static class SummedUsage
{
    private const string PropertyName = "pandaprobe.calls_below";

    private static readonly (string Tag, string Key)[] Counts =
        [.. UsageNames.All.SelectMany(
            names => names.OtherTags.Prepend(names.Tag).Select(tag => (tag, UsageNames.SumPrefix + names.Keys[0])))];

    /// <summary>Marks the agents above a call: the call has reported its tokens.</summary>
    public static void Note(Activity activity)
    {
        if (activity.GetTagItem(GenAI.Usage.InputTokens) is null && activity.GetTagItem(GenAI.Usage.OutputTokens) is null)
            return;

        for (Activity? above = ActivityScope.ParentOf(activity); above is not null; above = ActivityScope.ParentOf(above))
        {
            if (Sums(above) && above.GetCustomProperty(PropertyName) is null)
                above.SetCustomProperty(PropertyName, Boxes.True);
        }
    }

    public static void MoveFrom(Activity activity)
    {
        if (Sums(activity) && activity.GetCustomProperty(PropertyName) is not null)
            Move(activity);
    }

    public static bool IsCount(string tag) => Array.Exists(Counts, count => count.Tag == tag);

    public static void Move(Activity activity)
    {
        foreach ((string? tag, string? key) in Counts)
        {
            if (activity.GetTagItem(tag) is not { } count)
                continue;

            activity.SetTag(PrefixedNames.Metadata[key], count);
            activity.SetTag(tag, null);
        }
    }

    private static bool Sums(Activity activity) =>
        activity.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal)
        || activity.OperationName.StartsWith(GenAI.Operation.InvokeAgent, StringComparison.Ordinal)
        || (activity.GetTagItem(
            GenAI.OperationName) is GenAI.Operation.InvokeAgent or GenAI.Operation.InvokeWorkflow or GenAI.Operation.OrchestrateTools
            && !ReferenceEquals(activity.Source, ProbeSource.Instance));
}

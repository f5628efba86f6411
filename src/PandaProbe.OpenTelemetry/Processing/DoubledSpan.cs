using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.Processing;

/// <summary>
/// A client library's own span for a call that a wrapper around the library already records. The conventions want one span for one call:
/// the outer one knows everything, so the inner one is not recorded and what is below it becomes the outer one's child.
/// </summary>
internal static class DoubledSpan
{
    private const string PropertyName = "pandaprobe.doubled";

    public static bool Is(Activity activity) => activity.GetCustomProperty(PropertyName) is not null;

    public static bool Drop(Activity activity)
    {
        if (activity.Kind != ActivityKind.Client || activity.Parent is not { } parent || KindOf(activity) is not { } kind)
            return false;

        // A function-calling loop between the two: the outer span stands for the whole of it.
        while (parent.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal) && parent.Parent is { } outer)
            parent = outer;
        if (!CallKinds.IsCall(parent, kind))
            return false;

        // Only its flag is taken away, so that exporters leave it out. Without IsAllDataRequested, the SDK would not tell processors that
        // it ends.
        activity.SetCustomProperty(PropertyName, parent);
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        if (ReferenceEquals(Activity.Current, activity))
            Activity.Current = activity.Parent;
        return true;
    }

    /// <summary>Hands to the wrapper's span what only the library knows.</summary>
    public static void End(Activity activity)
    {
        if (activity.GetCustomProperty(PropertyName) is Activity { IsStopped: false } call)
            Compaction.Copy(activity, call);
    }

    private static ProbeSpanKind? KindOf(Activity activity)
    {
        if (SpanKinds.FromOperation(activity.GetTagItem(GenAI.OperationName) as string) is { } known)
            return known;

        // Microsoft.Extensions.AI names its span before it tags it.
        int end = activity.OperationName.IndexOf(' ', StringComparison.Ordinal);
        return SpanKinds.FromOperation(end < 0 ? activity.OperationName : activity.OperationName[..end]);
    }
}

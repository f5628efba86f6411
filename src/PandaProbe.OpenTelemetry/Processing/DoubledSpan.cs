using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Recording;

namespace PandaProbe.Processing;

/// <summary>
/// A client library's own span for a call that a wrapper around the library already records. The conventions ask for one span per call.
/// The outer span has all the data, so the inner one is not exported. Spans below the inner one become children of the outer one.
/// </summary>
internal static class DoubledSpan
{
    private const string PropertyName = "pandaprobe.doubled";

    public static bool Is(Activity activity) => activity.GetCustomProperty(PropertyName) is not null;

    public static bool Drop(Activity activity)
    {
        if (activity.Kind != ActivityKind.Client || activity.Parent is not { } parent || KindOf(activity) is not { } kind)
            return false;

        // A function-calling loop may lie between the two. The outer span then covers the whole loop.
        while (parent.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal) && parent.Parent is { } outer)
            parent = outer;
        if (!CallKinds.IsCall(parent, kind))
            return false;

        // Exporters skip a span without this flag. IsAllDataRequested stays, because the SDK calls OnEnd of processors only with it.
        activity.SetCustomProperty(PropertyName, PropertyName);
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        if (ReferenceEquals(Activity.Current, activity))
            Activity.Current = activity.Parent;
        return true;
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

using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Recording;

/// <summary>
/// Marks the spans that wrapped clients open. A wrapper inside of a wrapper finds its call recorded already; a span that a person opened by hand never stands in
/// for a call.
/// </summary>
internal static class CallKinds
{
    private const string PropertyName = "pandaprobe.call_of_client";

    private static readonly object Open = new();
    private static readonly object Taken = new();

    public static void Mark(Activity activity) => activity.SetCustomProperty(PropertyName, Open);

    /// <summary>Whether a wrapper opened the span for a call of this kind.</summary>
    public static bool IsCall(Activity? activity, ProbeSpanKind kind) =>
        activity is { IsStopped: false }
        && ReferenceEquals(activity.Source, ProbeSource.Instance)
        && activity.GetCustomProperty(PropertyName) is not null
        && activity.GetTagItem(Pandaprobe.Span.Kind) is string name
        && name == SpanKinds.Name(kind);

    /// <summary>
    /// Whether the call that starts now is the one that the current span already stands for. Only the first call below the span is: later ones are retries, or
    /// calls of a tool that ran meanwhile, and get spans of their own.
    /// </summary>
    public static bool TakeOver(Activity? current, ProbeSpanKind kind)
    {
        if (!IsCall(current, kind) || ReferenceEquals(current!.GetCustomProperty(PropertyName), Taken))
            return false;

        current.SetCustomProperty(PropertyName, Taken);
        return true;
    }
}

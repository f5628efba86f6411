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

    public static CallsBelow Mark(Activity activity)
    {
        CallsBelow calls = new();
        activity.SetCustomProperty(PropertyName, calls);
        return calls;
    }

    /// <summary>Whether a wrapper opened the span for a call of this kind.</summary>
    public static bool IsCall(Activity? activity, ProbeSpanKind kind) => CallsOf(activity, kind) is not null;

    /// <summary>
    /// The calls of the current span when it already stands for the call that starts now. Only the first call below the span is: later ones are retries, or
    /// calls of a tool that ran meanwhile, and get spans of their own.
    /// </summary>
    public static CallsBelow? TakeOver(Activity? current, ProbeSpanKind kind)
    {
        if (CallsOf(current, kind) is { } calls)
            return calls.TryTake() ? calls : null;

        // A function-calling loop between the two has spans for all of its calls.
        Activity? above = current;
        while (above?.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal) == true)
            above = above.Parent;
        if (!ReferenceEquals(above, current))
            CallsOf(above, kind)?.NoteOther();
        return null;
    }

    private static CallsBelow? CallsOf(Activity? activity, ProbeSpanKind kind) =>
        activity is { IsStopped: false }
        && ReferenceEquals(activity.Source, ProbeSource.Instance)
        && activity.GetCustomProperty(PropertyName) is CallsBelow calls
        && activity.GetTagItem(Pandaprobe.Span.Kind) is string name
        && name == SpanKinds.Name(kind)
            ? calls
            : null;
}

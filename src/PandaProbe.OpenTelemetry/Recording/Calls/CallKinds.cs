using System.Diagnostics;
using PandaProbe.Conventions;

namespace PandaProbe.Recording;

/// <summary>
/// Marks the spans that wrapped clients start, so that an inner wrapper does not record the same call again. A span that the application
/// starts is never taken for a call.
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

    /// <summary>Returns whether a wrapper started the span for a call of this kind.</summary>
    public static bool IsCall(Activity? activity, ProbeSpanKind kind) => CallsOf(activity, kind) is not null;

    /// <summary>
    /// Returns the <see cref="CallsBelow"/> of the current span when that is the span of the call that starts now. Only the first call
    /// below the span is the same call. Later ones are retries, or calls of a tool, and get spans of their own.
    /// </summary>
    public static CallsBelow? TakeOver(Activity? current, ProbeSpanKind kind)
    {
        if (CallsOf(current, kind) is { } calls)
            return calls.TryTake() ? calls : null;

        // With a function-calling loop between the two, each call has a span of its own.
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

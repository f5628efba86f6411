using System.Diagnostics;
using PandaProbe.Context;
using PandaProbe.Conventions;

namespace PandaProbe.Calls;

/// <summary>
/// Tells the spans that wrapped clients open from those that people open by hand, without a tag that everybody would see: the kind is the same
/// text, but another object. A wrapper inside a wrapper finds its call recorded already; a person's span never stands in for a call.
/// </summary>
internal static class CallKinds
{
    private static readonly string Llm = new(SpanKinds.Name(ProbeSpanKind.Llm));
    private static readonly string Embedding = new(SpanKinds.Name(ProbeSpanKind.Embedding));
    private static readonly string TakenLlm = new(Llm);
    private static readonly string TakenEmbedding = new(Embedding);

    public static void Mark(Activity activity, ProbeSpanKind kind) =>
        activity.SetTag(Pandaprobe.Span.Kind, kind == ProbeSpanKind.Embedding ? Embedding : Llm);

    /// <summary>Whether a wrapper opened the span for a call of this kind.</summary>
    public static bool IsCall(Activity? activity, ProbeSpanKind kind) =>
        activity is { IsStopped: false }
        && ReferenceEquals(activity.Source, ProbeSource.Instance)
        && activity.GetTagItem(Pandaprobe.Span.Kind) is string name
        && (kind == ProbeSpanKind.Embedding
            ? ReferenceEquals(name, Embedding) || ReferenceEquals(name, TakenEmbedding)
            : ReferenceEquals(name, Llm) || ReferenceEquals(name, TakenLlm));

    /// <summary>
    /// Whether the call that starts now is the one that the current span already stands for. Only the first call below it is: further ones are
    /// retries, or calls of a tool that ran meanwhile, and deserve spans of their own.
    /// </summary>
    public static bool TakeOver(Activity? current, ProbeSpanKind kind)
    {
        if (!IsCall(current, kind))
            return false;

        object? name = current!.GetTagItem(Pandaprobe.Span.Kind);
        if (ReferenceEquals(name, TakenLlm) || ReferenceEquals(name, TakenEmbedding))
            return false;

        current.SetTag(Pandaprobe.Span.Kind, kind == ProbeSpanKind.Embedding ? TakenEmbedding : TakenLlm);
        return true;
    }
}

using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>Recognises spans of AI operations.</summary>
internal static class AISpans
{
    /// <summary>Returns whether the span is one of this library, or one of another library for an AI operation.</summary>
    public static bool Contains(Activity span) => span.GetTagItem(Pandaprobe.Span.Kind) is not null || IsForeign(span);

    /// <summary>Returns whether the tags or the name of a span of another library show an AI operation.</summary>
    public static bool IsForeign(Activity span) =>
        span.GetTagItem(GenAI.OperationName) is not null
        || span.GetTagItem(General.OpenInference.SpanKind) is not null
        || span.GetTagItem(GenAI.System) is not null
        || span.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal);
}

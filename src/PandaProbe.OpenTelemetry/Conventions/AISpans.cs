using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>Tells spans about AI from all others.</summary>
internal static class AISpans
{
    /// <summary>Whether the span is this library's, or one of another library that is about AI.</summary>
    public static bool Contains(Activity span) => span.GetTagItem(Pandaprobe.Span.Kind) is not null || IsForeign(span);

    // OpenLLMetry's workflows and tasks have content and no operation.
    private const string TraceloopInput = "traceloop.entity.input";
    private const string TraceloopOutput = "traceloop.entity.output";

    /// <summary>Whether a span of another library is about AI.</summary>
    public static bool IsForeign(Activity span) =>
        span.GetTagItem(GenAI.OperationName) is not null
        || span.GetTagItem(General.OpenInference.SpanKind) is not null
        || span.GetTagItem(GenAI.System) is not null
        || span.GetTagItem(GenAI.ProviderName) is not null
        || span.GetTagItem(GenAI.Request.Model) is not null
        || span.GetTagItem(TraceloopInput) is not null
        || span.GetTagItem(TraceloopOutput) is not null
        || span.OperationName.StartsWith(GenAI.Operation.OrchestrateTools, StringComparison.Ordinal);
}

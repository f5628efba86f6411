using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Reading;

/// <summary>Reads a span of any instrumentation.</summary>
internal static class SpanReader
{
    // What knows more of a span reads it first: several write the conventions beside their own names, and mean less by them.
    private static readonly Vocabulary[] Vocabularies =
    [
        new(PandaProbeVocabulary.Name, PandaProbeVocabulary.Speaks, PandaProbeVocabulary.Read),
        new(LangfuseVocabulary.Name, LangfuseVocabulary.Speaks, LangfuseVocabulary.Read),
        new(VercelVocabulary.Name, VercelVocabulary.Speaks, VercelVocabulary.Read),
        new(LogfireVocabulary.Name, LogfireVocabulary.Speaks, LogfireVocabulary.Read),
        new(OpenInferenceVocabulary.Name, OpenInferenceVocabulary.Speaks, OpenInferenceVocabulary.Read),
        new(TraceloopVocabulary.Name, TraceloopVocabulary.Speaks, TraceloopVocabulary.Read),
        new(GenAIVocabulary.Name, GenAIVocabulary.Speaks, GenAIVocabulary.Read),
        new(OtherVocabularies.Name, OtherVocabularies.Speaks, OtherVocabularies.Read),
    ];

    /// <summary>Reads a span. Never throws: what cannot be read is left to the raw view.</summary>
    /// <param name="span">The span.</param>
    /// <param name="resource">The resource of the span; <see langword="null"/> when there is none.</param>
    /// <param name="scope">The instrumentation scope; <see langword="null"/> when there is none.</param>
    /// <param name="logs">The log records with the span's id, in the order in which they were sent.</param>
    public static ReadSpan Read(Span span, Resource? resource, InstrumentationScope? scope, IReadOnlyList<LogRecord> logs)
    {
        SpanFields fields = new(span, scope?.Name ?? "", logs);
        ReadSpan read = new();
        foreach (Vocabulary vocabulary in Vocabularies)
        {
            if (vocabulary.Speaks(fields))
            {
                read.Readers.Add(vocabulary.Name);
                Try(vocabulary.Read, fields, read, vocabulary.Name);
            }
        }

        Try(GeneralVocabulary.Read, fields, read, "general");
        Try(Finish, fields, read, "values");
        read.Rest = fields.Rest.Order(StringComparer.Ordinal);
        return read;
    }

    private static void Finish(SpanFields fields, ReadSpan read)
    {
        read.Usage = read.Counts.ToUsage();
        SpanCosts.Estimate(fields.Span, read);
        ReadValues.Settle(read);
        read.Name = (read.Kind switch
        {
            StepKind.Tool => read.ToolName,
            StepKind.Agent => read.AgentName,
            _ => null,
        }) ?? fields.Span.Name;
    }

    private static void Try(Action<SpanFields, ReadSpan> reader, SpanFields fields, ReadSpan read, string name)
    {
        try
        {
            reader(fields, read);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A mistake of a reader must not lose the span: it is stored, and shown raw.
            read.Readers.Add($"{name}: {exception.GetType().Name}");
        }
    }

    private sealed record Vocabulary(string Name, Func<SpanFields, bool> Speaks, Action<SpanFields, ReadSpan> Read);
}

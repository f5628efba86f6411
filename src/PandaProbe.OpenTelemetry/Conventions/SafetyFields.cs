using System.Diagnostics;

namespace PandaProbe.Conventions;

/// <summary>The names by which <see cref="Safety.SafetyRule"/> knows fields and kinds: those of PandaProbe, whatever attribute has the
/// text.</summary>
internal static class SafetyFields
{
    public const string Name = "name";
    public const string Error = "error";
    public const string Input = "input";
    public const string Output = "output";
    public const string Metadata = "metadata";
    public const string ModelParameters = "model_parameters";
    public const string Score = "score.";
    public const string ScoreMetadata = "score.metadata.";

    /// <summary>Returns the field of an attribute. An attribute that has none is a field itself.</summary>
    public static string Of(string attribute) => attribute switch
    {
        GenAI.Input.Messages or GenAI.SystemInstructions or General.Input.Value or GenAI.Tool.Call.Arguments or GenAI.Retrieval.QueryText
            => Input,
        GenAI.Output.Messages or General.Output.Value or GenAI.Tool.Call.Result or GenAI.Retrieval.Documents => Output,
        General.SessionId or GenAI.Conversation.Id => "session_id",
        General.UserId => "user_id",
        General.Tags => "tags",
        GenAI.Request.Model or GenAI.Response.Model => "model",
        GenAI.Evaluation.Explanation => "score.reason",
        General.Exception.Message or General.Exception.StackTrace => Error,
        _ when attribute.StartsWith(Pandaprobe.Metadata.Prefix, StringComparison.Ordinal)
            => $"{Metadata}.{attribute.AsSpan(Pandaprobe.Metadata.Prefix.Length)}",
        _ when attribute.StartsWith(Pandaprobe.ModelParameters.Prefix, StringComparison.Ordinal)
            => $"{ModelParameters}.{attribute.AsSpan(Pandaprobe.ModelParameters.Prefix.Length)}",
        _ when attribute.StartsWith(General.OpenInference.DocumentPrefix, StringComparison.Ordinal) => Output,
        _ => attribute,
    };

    /// <summary>Returns the kind of a span; <see langword="null"/> when it has none.</summary>
    public static string? KindOf(Activity span) => span.GetTagItem(Pandaprobe.Span.Kind) as string
        ?? (SpanKinds.FromOperation(span.GetTagItem(GenAI.OperationName) as string) is { } kind ? SpanKinds.Name(kind) : null);
}

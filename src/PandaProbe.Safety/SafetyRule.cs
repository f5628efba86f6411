namespace PandaProbe.Safety;

/// <summary>An action for some kinds of spans and some fields. A condition that is null holds everywhere.</summary>
/// <param name="Action">What happens to the values.</param>
/// <example><code>
/// options.Rules.Add(new(SensitiveAction.Hash) { Type = SensitiveType.Email, Field = "user_id" });
/// options.Rules.Add(new(SensitiveAction.DropContent) { SpanKind = "RETRIEVER", Field = "output" });
/// </code></example>
public sealed record SafetyRule(SensitiveAction Action)
{
    /// <summary>Gets the type of value; null for every type, those that are ignored otherwise included.</summary>
    public SensitiveType? Type { get; init; }

    /// <summary>Gets the kind of span, for example <c>TOOL</c>. Compared without regard to case; null for every kind.</summary>
    public string? SpanKind { get; init; }

    /// <summary>Gets the field, for example <c>input</c> or <c>metadata.*</c>: <c>*</c> at the end stands for any ending. Compared without
    /// regard to case; null for every field.</summary>
    /// <remarks>
    /// Traces have <c>name</c>, <c>input</c>, <c>output</c>, <c>error</c>, <c>session_id</c>, <c>user_id</c>, <c>tags</c>, <c>model</c>,
    /// <c>metadata.KEY</c> and <c>model_parameters.KEY</c>; any other attribute is a field by its own name. Scores that are sent to
    /// PandaProbe have <c>score.name</c>, <c>score.value</c>, <c>score.reason</c> and <c>score.metadata</c>.
    /// </remarks>
    public string? Field { get; init; }

    internal bool IsFor(string? spanKind, string? field) =>
        (SpanKind is null || SpanKind.Equals(spanKind, StringComparison.OrdinalIgnoreCase))
        && (Field is null || (field is not null && (Field.EndsWith('*')
            ? field.AsSpan().StartsWith(Field.AsSpan(0, Field.Length - 1), StringComparison.OrdinalIgnoreCase)
            : Field.Equals(field, StringComparison.OrdinalIgnoreCase))));
}

using PandaProbe.Conventions;

namespace PandaProbe.Testing.Patterns;

/// <summary>Represents one line of a pattern, with the lines below it.</summary>
internal sealed class PatternNode(PatternLine line, string text, int number)
{
    public PatternLine Line => line;

    /// <summary>Gets the line as it was written, without indentation.</summary>
    public string Text => text;

    public int Number => number;

    public string Kind { get; init; } = "*";

    public string Name { get; init; } = "*";

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? Error { get; init; }

    public bool MustSucceed { get; init; }

    public int Least { get; init; } = 1;

    public int Most { get; init; } = 1;

    public List<PatternNode> Children { get; } = [];

    /// <summary>Returns in what the line differs from a span; empty when it fits.</summary>
    public IEnumerable<string> Differences(CapturedSpan span)
    {
        if (!IsKind(span))
            yield return "the kind";
        if (!IsName(span))
            yield return "the name";
        if (Model is not null && !Wildcard.IsMatch(span.Model, Model) && !Wildcard.IsMatch(span.RequestModel, Model))
            yield return "the model";
        if (Provider is not null && !Wildcard.IsMatch(span.Provider, Provider))
            yield return "the provider";
        if ((Error is not null && !(span.IsError && Wildcard.IsMatch(span.ErrorType ?? "", Error))) || (MustSucceed && span.IsError))
            yield return "the error";
    }

    public bool IsKind(CapturedSpan span) => Kind == "*" || string.Equals(Kind, span.Kind, StringComparison.OrdinalIgnoreCase);

    // Other libraries name a span after its operation and its tool or agent.
    public bool IsName(CapturedSpan span) =>
        Wildcard.IsMatch(span.Name, Name) || Wildcard.IsMatch(span.ToolName, Name)
        || Wildcard.IsMatch(span.Attribute(GenAI.Agent.Name) as string, Name);
}

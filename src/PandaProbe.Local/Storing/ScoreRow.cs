namespace PandaProbe.Local.Storing;

/// <summary>A judgement about a trace or one of its spans.</summary>
internal sealed record ScoreRow
{
    public required UInt128 Id { get; init; }

    public required UInt128 Trace { get; init; }

    public UInt128 Span { get; init; }

    public required string Name { get; init; }

    /// <summary><c>NUMERIC</c>, <c>BOOLEAN</c> or <c>CATEGORICAL</c>.</summary>
    public required string Type { get; init; }

    public required string Value { get; init; }

    /// <summary><c>PROGRAMMATIC</c>, <c>ANNOTATION</c> or <c>AUTOMATED</c>.</summary>
    public string Source { get; init; } = "PROGRAMMATIC";

    public string? Reason { get; init; }

    public string? Metadata { get; init; }

    public string? Environment { get; init; }

    public string? Author { get; init; }

    /// <summary>Milliseconds since 1970; zero for the moment of storing.</summary>
    public long Created { get; init; }
}

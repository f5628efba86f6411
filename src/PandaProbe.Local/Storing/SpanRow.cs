namespace PandaProbe.Local.Storing;

/// <summary>A span on its way into the store: what lists and trees show of it, and its bytes.</summary>
internal sealed class SpanRow
{
    public required UInt128 Trace { get; init; }

    public required UInt128 Key { get; init; }

    public UInt128 Parent { get; init; }

    public SpanSource Source { get; init; }

    public string Kind { get; init; } = "OTHER";

    public string Name { get; init; } = "";

    /// <summary>Nanoseconds since 1970.</summary>
    public long Start { get; init; }

    /// <summary>Nanoseconds since 1970; zero while the span runs.</summary>
    public long End { get; init; }

    public bool IsError { get; init; }

    public string? Error { get; init; }

    public string? Model { get; init; }

    public string? Provider { get; init; }

    public string? Tool { get; init; }

    /// <summary>A number that the same arguments of a tool have in common.</summary>
    public long? Arguments { get; init; }

    /// <summary>The vocabulary's own word for the kind.</summary>
    public string? Label { get; init; }

    public long? Input { get; init; }

    public long? Output { get; init; }

    public long? CacheRead { get; init; }

    public long? CacheWrite { get; init; }

    public long? Reasoning { get; init; }

    public double? Cost { get; init; }

    public bool CostIsEstimated { get; init; }

    /// <summary>Whether the span says of itself that it adds up other spans.</summary>
    public bool IsSum { get; init; }

    /// <summary>Nanoseconds from the start to the first token.</summary>
    public long? FirstToken { get; init; }

    public string? TraceName { get; init; }

    public string? TraceStatus { get; init; }

    public string? Session { get; init; }

    public string? User { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Environment { get; init; }

    /// <summary>The run of tests that recorded the span, from its resource.</summary>
    public string? Run { get; init; }

    public string? Release { get; init; }

    public string? Service { get; init; }

    public string? InputPreview { get; init; }

    public string? OutputPreview { get; init; }

    public IReadOnlyList<ScoreRow> Scores { get; init; } = [];

    public FoldedBody? Body { get; init; }

    /// <summary>The resource and the scope, which many spans share.</summary>
    public Chunk Origin { get; init; }

    public bool IsRunning => End == 0;

    /// <summary>The tokens and the cost, as sums.</summary>
    public Sums Usage => new()
    {
        Input = Input ?? 0,
        Output = Output ?? 0,
        CacheRead = CacheRead ?? 0,
        CacheWrite = CacheWrite ?? 0,
        Reasoning = Reasoning ?? 0,
        Cost = Cost ?? 0,
        Estimated = Cost is not null && CostIsEstimated ? 1 : 0,
        Unpriced = Cost is null ? 1 : 0,
    };

    public bool Reports => !IsSum && (Input ?? Output ?? 0) + (Cost ?? 0) > 0;

    public bool IsCall => Kind is "LLM" or "EMBEDDING";
}

/// <summary>Who told of a span. A later source replaces an earlier one.</summary>
internal enum SpanSource
{
    /// <summary>Nobody but its children.</summary>
    Placeholder = 0,
    Running = 1,
    Rest = 2,
    Otlp = 3,
}

namespace PandaProbe.Local.Storing;

/// <summary>A trace in a list.</summary>
internal sealed record TraceItem
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    /// <summary><c>PENDING</c>, <c>RUNNING</c>, <c>COMPLETED</c> or <c>ERROR</c>.</summary>
    public required string Status { get; init; }

    public string? Session { get; init; }

    public string? User { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Run { get; init; }

    public string? Environment { get; init; }

    public string? Release { get; init; }

    public string? Service { get; init; }

    public string? Model { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public double Start { get; init; }

    /// <summary>Milliseconds from the first start to the last end.</summary>
    public double Duration { get; init; }

    /// <summary>Milliseconds since 1970 at which the first span was received.</summary>
    public double Received { get; init; }

    /// <summary>The commit that changed it last.</summary>
    public long Version { get; init; }

    public required SumItem Sums { get; init; }

    public IReadOnlyList<ScoreItem> Scores { get; init; } = [];
}

/// <summary>The sums of a trace, a session or a group.</summary>
internal sealed record SumItem(
    long Spans,
    long Calls,
    long Tools,
    long Errors,
    long InputTokens,
    long OutputTokens,
    long CacheReadTokens,
    long CacheWriteTokens,
    long ReasoningTokens,
    double? Cost,
    bool CostIsEstimated,
    bool CostIsPartial)
{
    /// <summary>An unknown cost is null, never zero; the cost of some calls only is partial.</summary>
    public static SumItem Of(in Sums sums) => new(
        sums.Spans, sums.Calls, sums.Tools, sums.Errors, sums.Input, sums.Output, sums.CacheRead, sums.CacheWrite, sums.Reasoning,
        sums.Cost == 0 && sums.Unpriced > 0 ? null : sums.Cost, sums.Estimated > 0, sums.Cost != 0 && sums.Unpriced > 0);
}

/// <summary>A score of a trace or a span.</summary>
internal sealed record ScoreItem(
    string Id, string Trace, string? Span, string Name, string Type, string Value, string Source, string? Reason, double Created);

/// <summary>A session in a list.</summary>
internal sealed record SessionItem
{
    public required string Id { get; init; }

    public string? User { get; init; }

    public string? Model { get; init; }

    /// <summary>The first words of the user.</summary>
    public string? Input { get; init; }

    /// <summary>The last words of the last answer.</summary>
    public string? Output { get; init; }

    public long Traces { get; init; }

    /// <summary>How many of its traces failed.</summary>
    public long Failed { get; init; }

    public double First { get; init; }

    public double Last { get; init; }

    /// <summary>Milliseconds that its traces took together.</summary>
    public double Duration { get; init; }

    public long Version { get; init; }

    public required SumItem Sums { get; init; }
}

/// <summary>A page of a list. The key of the next one is null behind the last.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

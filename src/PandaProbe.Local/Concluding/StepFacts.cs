using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Concluding;

/// <summary>What conclusions need of a span.</summary>
internal sealed record StepFacts
{
    public required string Id { get; init; }

    /// <summary>Gets the id of the span above; <see langword="null"/> for a root.</summary>
    public string? ParentId { get; init; }

    public StepKind Kind { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Gets the start in nanoseconds since 1970.</summary>
    public long Start { get; init; }

    /// <summary>Gets the end in nanoseconds since 1970; zero while the span runs.</summary>
    public long End { get; init; }

    public bool IsError { get; init; }

    /// <summary>Gets the type of the error and what it says: <c>System.TimeoutException: No answer.</c></summary>
    public string? Error { get; init; }

    public string? Model { get; init; }

    public long? Input { get; init; }

    public long? Output { get; init; }

    public long? CacheRead { get; init; }

    public long? Reasoning { get; init; }

    /// <summary>Gets the cost in US dollars; <see langword="null"/> when it is unknown.</summary>
    public decimal? Cost { get; init; }

    public bool CostIsEstimated { get; init; }

    /// <summary>Gets whether this is a call to a model, and no outer layer of another one.</summary>
    public bool IsCall { get; init; }

    /// <summary>Gets whether tokens and cost add to the trace's; those of a span that sums up others do not.</summary>
    public bool Counts { get; init; }

    /// <summary>Gets the nanoseconds from the start to the first token.</summary>
    public long? FirstToken { get; init; }

    /// <summary>Gets <see cref="Arguments.Hash"/> of a tool's arguments; <see langword="null"/> when it is not known.</summary>
    public long? Arguments { get; init; }

    /// <summary>Gets the position of the span among those that its trace was read with.</summary>
    public int Row { get; init; }

    public bool IsRunning => End == 0;

    /// <summary>Gets how long the span took; zero while it runs, and when its clock went backwards.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks(Math.Max(0, End - Start) / 100);
}

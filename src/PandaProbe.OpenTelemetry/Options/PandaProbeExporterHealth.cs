namespace PandaProbe;

/// <summary>How the export to PandaProbe is doing: a snapshot. What was queued is exported, dropped, on disk, or still held.</summary>
public sealed record PandaProbeExporterHealth
{
    /// <summary>
    /// Whether the latest request failed in a way that another attempt may cure: the backend cannot be reached, or has trouble.
    /// </summary>
    public bool IsFailing { get; init; }

    /// <summary>How many traces wait to be sent.</summary>
    public int QueueLength { get; init; }

    /// <summary>How many ended spans are held in memory, those of open traces included.</summary>
    public long SpansHeld { get; init; }

    /// <summary>How many bytes wait on disk.</summary>
    public long SpoolSize { get; init; }

    /// <summary>Traces that were taken in.</summary>
    public long TracesQueued { get; init; }

    /// <summary>Traces that PandaProbe took, those from disk included.</summary>
    public long TracesExported { get; init; }

    /// <summary>Traces that were given up.</summary>
    public long TracesDropped { get; init; }

    /// <summary>Traces that were written to disk by this process.</summary>
    public long TracesSpooled { get; init; }

    /// <summary>Spans that were taken in.</summary>
    public long SpansQueued { get; init; }

    /// <summary>Spans that PandaProbe took, those from disk included.</summary>
    public long SpansExported { get; init; }

    /// <summary>Spans that were given up.</summary>
    public long SpansDropped { get; init; }

    /// <summary>Spans that were written to disk by this process.</summary>
    public long SpansSpooled { get; init; }

    /// <summary>Scores that were taken in.</summary>
    public long ScoresQueued { get; init; }

    /// <summary>Scores that PandaProbe took.</summary>
    public long ScoresExported { get; init; }

    /// <summary>Scores that were given up.</summary>
    public long ScoresDropped { get; init; }

    /// <summary>Attempts that had to be repeated.</summary>
    public long Retries { get; init; }

    /// <summary>What was given up, by kind and reason, for example <c>spans.queue_full</c>.</summary>
    public IReadOnlyDictionary<string, long> DroppedByReason { get; init; } = new Dictionary<string, long>();

    /// <summary>When PandaProbe last took something.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>When something last went wrong.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>What went wrong then. Never contains the key.</summary>
    public string? LastError { get; init; }
}

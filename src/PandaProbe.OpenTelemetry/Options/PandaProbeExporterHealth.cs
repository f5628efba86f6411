namespace PandaProbe;

/// <summary>
/// The state of the export to PandaProbe at one moment. Every queued trace is exported, dropped, on disk, or held in memory.
/// </summary>
public sealed record PandaProbeExporterHealth
{
    /// <summary>
    /// Gets whether the latest request failed for a reason that another attempt may cure, such as a backend that cannot be reached.
    /// </summary>
    public bool IsFailing { get; init; }

    /// <summary>Gets the number of traces that wait to be sent.</summary>
    public int QueueLength { get; init; }

    /// <summary>Gets the number of ended spans in memory, including those of open traces.</summary>
    public long SpansHeld { get; init; }

    /// <summary>Gets the number of bytes that wait on disk.</summary>
    public long SpoolSize { get; init; }

    /// <summary>Gets the number of traces that entered the exporter.</summary>
    public long TracesQueued { get; init; }

    /// <summary>Gets the number of traces that PandaProbe accepted, including those from disk.</summary>
    public long TracesExported { get; init; }

    /// <summary>Gets the number of traces that were dropped.</summary>
    public long TracesDropped { get; init; }

    /// <summary>Gets the number of traces that this process wrote to disk.</summary>
    public long TracesSpooled { get; init; }

    /// <summary>Gets the number of spans that entered the exporter.</summary>
    public long SpansQueued { get; init; }

    /// <summary>Gets the number of spans that PandaProbe accepted, including those from disk.</summary>
    public long SpansExported { get; init; }

    /// <summary>Gets the number of spans that were dropped.</summary>
    public long SpansDropped { get; init; }

    /// <summary>Gets the number of spans that this process wrote to disk.</summary>
    public long SpansSpooled { get; init; }

    /// <summary>Gets the number of scores that entered the exporter.</summary>
    public long ScoresQueued { get; init; }

    /// <summary>Gets the number of scores that PandaProbe accepted.</summary>
    public long ScoresExported { get; init; }

    /// <summary>Gets the number of scores that were dropped.</summary>
    public long ScoresDropped { get; init; }

    /// <summary>Gets the number of requests that were sent again.</summary>
    public long Retries { get; init; }

    /// <summary>Gets the number of dropped items by kind and reason, for example <c>spans.queue_full</c>.</summary>
    public IReadOnlyDictionary<string, long> DroppedByReason { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets the time of the latest request that PandaProbe accepted.</summary>
    public DateTimeOffset? LastSuccess { get; init; }

    /// <summary>Gets the time of the latest failure.</summary>
    public DateTimeOffset? LastErrorAt { get; init; }

    /// <summary>Gets a description of the latest failure. It does not contain the key.</summary>
    public string? LastError { get; init; }
}

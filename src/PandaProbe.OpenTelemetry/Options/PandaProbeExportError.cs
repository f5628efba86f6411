namespace PandaProbe;

/// <summary>Something that went wrong on the way to PandaProbe. Never contains the key or content.</summary>
public sealed record PandaProbeExportError
{
    /// <summary>What went wrong, for people.</summary>
    public required string Message { get; init; }

    /// <summary>Which trace it was about, if it was about one.</summary>
    public Guid? TraceId { get; init; }

    /// <summary>The answer's status, if there was an answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Whether it will be tried again; otherwise what is named here is lost.</summary>
    public bool WillRetry { get; init; }

    /// <summary>Why it was dropped, as in the metrics; <see langword="null"/> when it will be tried again.</summary>
    public string? DropReason { get; init; }

    /// <summary>How many spans are concerned.</summary>
    public int Spans { get; init; }

    /// <summary>The exception, if there was one.</summary>
    public Exception? Exception { get; init; }
}

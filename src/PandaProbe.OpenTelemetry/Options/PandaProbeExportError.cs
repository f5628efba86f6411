namespace PandaProbe;

/// <summary>A failure of the export to PandaProbe. It contains neither the key nor content.</summary>
public sealed record PandaProbeExportError
{
    /// <summary>Gets a description of the failure for people.</summary>
    public required string Message { get; init; }

    /// <summary>Gets the trace that failed, or <see langword="null"/> when the failure concerns no single trace.</summary>
    public Guid? TraceId { get; init; }

    /// <summary>Gets the HTTP status of the answer, or <see langword="null"/> when there was none.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Gets whether the exporter tries again. When it does not, the data is lost.</summary>
    public bool WillRetry { get; init; }

    /// <summary>Gets the reason of the loss, as in the metrics, or <see langword="null"/> when the exporter tries again.</summary>
    public string? DropReason { get; init; }

    /// <summary>Gets the number of spans that failed.</summary>
    public int Spans { get; init; }

    /// <summary>Gets the exception, or <see langword="null"/> when there was none.</summary>
    public Exception? Exception { get; init; }
}

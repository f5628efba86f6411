namespace PandaProbe.Export.Otlp;

/// <summary>
/// How spans queue for the OTLP exporter. The stock processor holds 2,048 spans and has one request of 512 under way, which loses most of a
/// burst of 10,000. These defaults hold 65,536 and have four requests of 512 under way: 20,480 spans a second at 100 ms per request.
/// </summary>
/// <param name="QueueSize">How many spans are held at most; more are dropped and counted.</param>
/// <param name="BatchSize">How many spans a request has at most.</param>
/// <param name="Delay">How long a span waits for others.</param>
/// <param name="Workers">How many requests are under way at once.</param>
/// <param name="RetryFor">How long a batch that fails is tried again; zero where the exporter's own retry is switched on.</param>
internal sealed record OtlpQueueSettings(int QueueSize, int BatchSize, TimeSpan Delay, int Workers, TimeSpan RetryFor)
{
    public const long DefaultMaxMemoryBytes = 128L * 1024 * 1024;
    public const int DefaultQueueSize = 65_536;
    public const int DefaultWorkers = 4;

    public static readonly TimeSpan DefaultRetryFor = TimeSpan.FromMinutes(1);

    /// <summary>How many bytes of ended spans the exports of the process hold at most.</summary>
    public long MaxMemoryBytes { get; init; } = DefaultMaxMemoryBytes;

    /// <summary>How many bytes a request with several spans has at most.</summary>
    public int MaxRequestBytes { get; init; } = PandaProbeOtlpOptions.DefaultMaxRequestBytes;

    /// <summary>What is masked before a batch is exported; null masks nothing.</summary>
    public FieldScanners? Scanner { get; init; }
}

using System.Diagnostics;

namespace PandaProbe;

/// <summary>
/// Options of the exporter to PandaProbe, in <see cref="PandaProbeOptions.PandaProbe"/> and the configuration section
/// <c>PandaProbe:PandaProbe</c>.
/// </summary>
public sealed class PandaProbeExporterOptions
{
    /// <summary>Gets PandaProbe's public address, <c>https://api.pandaprobe.com</c>.</summary>
    public static readonly Uri DefaultEndpoint = new("https://api.pandaprobe.com");

    internal const int SmallestMaxRequestBytes = 16 * 1024;

    /// <summary>
    /// Gets or sets the key of the PandaProbe project. The default is <see langword="null"/>, which exports nothing to PandaProbe. No log
    /// contains the key. Environment variable: <c>PANDAPROBE_API_KEY</c>.
    /// </summary>
    public string? ApiKey { get; set; }

    /// <summary>
    /// Gets or sets the name of the PandaProbe project. The default is <see langword="null"/>, which exports nothing to PandaProbe.
    /// Environment variable: <c>PANDAPROBE_PROJECT_NAME</c>.
    /// </summary>
    public string? ProjectName { get; set; }

    /// <summary>
    /// Gets or sets the address of PandaProbe, an absolute http or https address. The default is <see cref="DefaultEndpoint"/>. Environment
    /// variable: <c>PANDAPROBE_ENDPOINT</c>; when its value is not such an address, nothing is exported to PandaProbe.
    /// </summary>
    public Uri Endpoint
    {
        get;
        set
        {
            field = value;
            EndpointIsOfSettings = EndpointIsUnreadable = false;
        }
    }
    = DefaultEndpoint;

    /// <summary>
    /// Gets or sets whether the key may go over plain HTTP to another machine. The default is <see langword="false"/>. Environment
    /// variable: <c>PANDAPROBE_ALLOW_INSECURE_ENDPOINT</c>.
    /// </summary>
    public bool AllowInsecureEndpoint { get; set; }

    /// <summary>
    /// Gets or sets the environment that PandaProbe shows, for example <c>production</c>. The default is <see langword="null"/>, which
    /// takes the resource's <c>deployment.environment.name</c>. Environment variable: <c>PANDAPROBE_ENVIRONMENT</c>.
    /// </summary>
    public string? Environment { get; set; }

    /// <summary>
    /// Gets or sets the release that PandaProbe shows. The default is <see langword="null"/>, which takes the resource's
    /// <c>service.version</c>. Environment variable: <c>PANDAPROBE_RELEASE</c>.
    /// </summary>
    public string? Release { get; set; }

    /// <summary>
    /// Gets or sets the number of finished traces that are sent without waiting for <see cref="FlushInterval"/>. The default is 10.
    /// Environment variable: <c>PANDAPROBE_BATCH_SIZE</c>.
    /// </summary>
    public int BatchSize { get; set; } = 10;

    /// <summary>
    /// Gets or sets the longest time that a finished trace waits for others. The default is 5 seconds. Environment variable:
    /// <c>PANDAPROBE_FLUSH_INTERVAL</c>, in seconds.
    /// </summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets the number of finished traces that may wait to be sent. Further traces are dropped and counted. The default is 1000.
    /// Environment variable: <c>PANDAPROBE_MAX_QUEUE_SIZE</c>.
    /// </summary>
    public int MaxQueueSize { get; set; } = 1000;

    /// <summary>
    /// Gets or sets the number of ended spans that are held in memory: those of open traces and those that wait to be sent. Further spans
    /// are dropped and counted. The default is 50,000. Environment variable: <c>PANDAPROBE_MAX_SPAN_COUNT</c>.
    /// </summary>
    public int MaxSpanCount { get; set; } = 50_000;

    /// <summary>
    /// Gets or sets the number of bytes of ended spans that the exports of the process hold in memory together, those over OTLP included,
    /// estimated from the lengths of their texts. Further spans go to <see cref="SpoolDirectory"/>. Without that, an input or output that
    /// is recorded while half of the memory is in use is shortened to 4,096 characters, and further spans are dropped and counted. The
    /// default is 128 MiB. Environment variable: <c>PANDAPROBE_MAX_MEMORY_BYTES</c>.
    /// </summary>
    public long MaxMemoryBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>
    /// Gets or sets the longest time that ended spans wait for the end of their trace. After it the trace is sent as <c>RUNNING</c>, and
    /// completed later. The default is 10 minutes. Environment variable: <c>PANDAPROBE_MAX_TRACE_DURATION</c>, in seconds.
    /// </summary>
    public TimeSpan MaxTraceDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Gets or sets the directory that keeps what cannot be sent until PandaProbe can be reached, also after a restart. Its files are
    /// readable by their owner only; they hold the content of traces and not the key. The default is <see langword="null"/>, which keeps
    /// nothing on disk. Environment variable: <c>PANDAPROBE_SPOOL_DIRECTORY</c>.
    /// </summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>
    /// Gets or sets the number of bytes that <see cref="SpoolDirectory"/> may hold. Further traces are dropped and counted. The default is
    /// 256 MiB. Environment variable: <c>PANDAPROBE_SPOOL_MAX_BYTES</c>.
    /// </summary>
    public long SpoolMaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>
    /// Gets or sets the age at which files in <see cref="SpoolDirectory"/> are dropped and counted. The default is 7 days.
    /// </summary>
    public TimeSpan SpoolMaxAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Gets or sets whether requests are compressed with gzip. The default is <see langword="false"/>. Environment variable:
    /// <c>PANDAPROBE_COMPRESS</c>.
    /// </summary>
    public bool CompressRequests { get; set; }

    /// <summary>
    /// Gets or sets the size of one request in bytes before compression, at least 16,384. Spans that do not fit go into another request.
    /// The default is 8 MiB.
    /// </summary>
    public int MaxRequestBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Gets or sets the number of requests that may be under way at once. The default is 4.</summary>
    public int MaxConcurrentRequests { get; set; } = 4;

    /// <summary>
    /// Gets or sets the number of traces that are sent in a minute. <see langword="null"/> sets no limit, for a backend of your own. The
    /// default is 100, which is what PandaProbe accepts. Environment variable: <c>PANDAPROBE_TRACES_PER_MINUTE</c>, 0 for no limit.
    /// </summary>
    public int? TracesPerMinute { get; set; } = 100;

    /// <summary>
    /// Gets or sets the number of other requests (further spans, scores) that are sent in a minute. <see langword="null"/> sets no limit.
    /// The default is 200. Environment variable: <c>PANDAPROBE_OTHER_REQUESTS_PER_MINUTE</c>, 0 for no limit.
    /// </summary>
    public int? OtherRequestsPerMinute { get; set; } = 200;

    /// <summary>Gets or sets the time that opening a connection may take. The default is 10 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the time that one request may take in all before it is sent again. The default is 30 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets whether spans that are not about AI (HTTP, SQL) are sent too, where they belong to a trace. Otherwise their children
    /// move up to the nearest span that is sent. The default is <see langword="false"/>. Environment variable:
    /// <c>PANDAPROBE_INCLUDE_NON_AI_SPANS</c>.
    /// </summary>
    public bool IncludeNonAISpans { get; set; }

    /// <summary>
    /// Gets or sets a function that says which spans PandaProbe gets. The children of a span that is left out move up. It is called once
    /// for a span, on the export thread: when the span has ended, or while it is open when a span below it is sent before. When it throws,
    /// the span is sent. The default is <see langword="null"/>, which sends all.
    /// </summary>
    public Func<Activity, bool>? SpanFilter { get; set; }

    /// <summary>
    /// Gets or sets a function that is called when something goes wrong on the way to PandaProbe. It is called on threads of the exporter.
    /// The default is <see langword="null"/>.
    /// </summary>
    public Action<PandaProbeExportError>? OnExportError { get; set; }

    /// <summary>
    /// Gets or sets the handler that sends the requests: for a proxy, a client certificate, a test. It is not disposed, and its redirects
    /// are switched off. Nothing is sent with a handler that follows them all the same. With a handler that is neither one of .NET's nor a
    /// <see cref="DelegatingHandler"/> around one, each request goes without key and content first, to see where it ends. The default is
    /// <see langword="null"/>, which uses a handler of the exporter's own. The host's <c>IHttpClientFactory</c> is not used: a resilience
    /// handler there would retry inside the exporter's retries.
    /// </summary>
    /// <example>
    /// A handler of the host's factory, which logs headers at the level Trace unless told not to (.NET 8):
    /// <code>
    /// services.AddHttpClient("PandaProbe").RedactLoggedHeaders(["X-API-Key"]);
    /// services.AddOptions&lt;PandaProbeOptions&gt;().Configure&lt;IHttpMessageHandlerFactory&gt;(
    ///     (options, handlers) => options.PandaProbe.HttpMessageHandler = handlers.CreateHandler("PandaProbe"));
    /// </code>
    /// </example>
    public HttpMessageHandler? HttpMessageHandler { get; set; }

    /// <summary>
    /// Gets or sets whether <see cref="Endpoint"/> comes from configuration or the environment. Only code may stop a host at start.
    /// </summary>
    internal bool EndpointIsOfSettings { get; set; }

    /// <summary>
    /// Gets or sets whether configuration or the environment gives an address that cannot be read. The default would send the key to
    /// another place.
    /// </summary>
    internal bool EndpointIsUnreadable { get; set; }

    internal bool EndpointIsInsecure => !AllowInsecureEndpoint && Endpoint is { IsAbsoluteUri: true, Scheme: "http", IsLoopback: false };

    internal bool HasCredentials => !string.IsNullOrWhiteSpace(ApiKey) && !string.IsNullOrWhiteSpace(ProjectName);

    /// <summary>
    /// Returns the address, the project and whether there is a key. Contains neither the key nor the user and query of the address.
    /// </summary>
    public override string ToString() =>
        $"Endpoint={ShownEndpoint}, ProjectName={ProjectName}, ApiKey={(string.IsNullOrEmpty(ApiKey) ? "not set" : "set")}";

    private string ShownEndpoint => EndpointIsUnreadable
        ? "not usable"
        : Endpoint is { IsAbsoluteUri: true }
        ? Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "not set";
}

using System.Diagnostics;
using OpenTelemetry.Exporter;
using PandaProbe.Pricing;

namespace PandaProbe;

/// <summary>
/// Everything that can be set. What code sets wins over the configuration section <c>PandaProbe</c>, which wins over the environment variables
/// <c>PANDAPROBE_*</c>.
/// </summary>
public sealed class PandaProbeOptions
{
    /// <summary>PandaProbe's public address.</summary>
    public static readonly Uri DefaultEndpoint = new("https://api.pandaprobe.com");

    internal const int DefaultMaxContentLength = 1024 * 1024;
    internal const int SmallestMaxContentLength = 64;

    /// <summary>The key of your PandaProbe project. <c>PANDAPROBE_API_KEY</c>. Never written to a log.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The PandaProbe project that traces belong to. <c>PANDAPROBE_PROJECT_NAME</c>.</summary>
    public string? ProjectName { get; set; }

    /// <summary>PandaProbe's address. <c>PANDAPROBE_ENDPOINT</c>; by default <c>https://api.pandaprobe.com</c>.</summary>
    public Uri Endpoint { get; set; } = DefaultEndpoint;

    /// <summary>
    /// The environment that PandaProbe shows, for example <c>production</c>. <c>PANDAPROBE_ENVIRONMENT</c>; by default the resource's
    /// <c>deployment.environment.name</c>.
    /// </summary>
    public string? Environment { get; set; }

    /// <summary>The release that PandaProbe shows. <c>PANDAPROBE_RELEASE</c>; by default the resource's <c>service.version</c>.</summary>
    public string? Release { get; set; }

    /// <summary>
    /// Whether anything is recorded and exported. <c>PANDAPROBE_ENABLED</c>: <c>true</c>, <c>1</c> or <c>yes</c>, anything else is off.
    /// <c>OTEL_SDK_DISABLED=true</c> switches off as well, whatever code says.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Where traces go. <c>PANDAPROBE_EXPORT</c>.</summary>
    public ProbeExport Export { get; set; } = ProbeExport.Auto;

    /// <summary>How many traces PandaProbe's exporter takes at a time. <c>PANDAPROBE_BATCH_SIZE</c>; by default 10.</summary>
    public int BatchSize { get; set; } = 10;

    /// <summary>How long a finished trace waits for others at most. <c>PANDAPROBE_FLUSH_INTERVAL</c> in seconds; by default 5 seconds.</summary>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many finished traces may wait to be sent. <c>PANDAPROBE_MAX_QUEUE_SIZE</c>; by default 1000.</summary>
    public int MaxQueueSize { get; set; } = 1000;

    /// <summary>
    /// How many ended spans the exporter holds in memory at most: those of open traces and those that wait to be sent. What comes on top is dropped and
    /// counted. <c>PANDAPROBE_MAX_SPAN_COUNT</c>; by default 50,000.
    /// </summary>
    public int MaxSpanCount { get; set; } = 50_000;

    /// <summary>
    /// How many bytes of ended spans the exports of the process hold in memory at most, estimated from the lengths of their texts. What comes on top goes to
    /// <see cref="SpoolDirectory"/>, or is dropped and counted as <c>queue_full</c>. <c>PANDAPROBE_MAX_MEMORY_BYTES</c>; by default 128 MiB.
    /// </summary>
    public long MaxMemoryBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>
    /// How long spans wait for their trace to end at most: then the trace is sent as <c>RUNNING</c>, and completed later. <c>PANDAPROBE_MAX_TRACE_DURATION</c> in
    /// seconds; by default 10 minutes.
    /// </summary>
    public TimeSpan MaxTraceDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Where to keep on disk what cannot be sent: it is sent when PandaProbe is back, after a restart too. Only the owner can read the files; they hold what
    /// the traces hold, not the key. <c>PANDAPROBE_SPOOL_DIRECTORY</c>; by default nowhere.
    /// </summary>
    public string? SpoolDirectory { get; set; }

    /// <summary>How many bytes the spool directory may hold; what comes on top is dropped and counted. <c>PANDAPROBE_SPOOL_MAX_BYTES</c>; by default 256 MiB.</summary>
    public long SpoolMaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How old what is on disk may become; what is older is dropped and counted. By default 7 days.</summary>
    public TimeSpan SpoolMaxAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Whether requests are compressed with gzip. <c>PANDAPROBE_COMPRESS</c>; by default no.</summary>
    public bool CompressRequests { get; set; }

    /// <summary>How many bytes one request may have before compression; spans that do not fit go into another one. By default 8 MiB.</summary>
    public int MaxRequestBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many requests may be under way at once. By default 4.</summary>
    public int MaxConcurrentRequests { get; set; } = 4;

    /// <summary>
    /// How many traces PandaProbe takes in a minute: more are never sent. <see langword="null"/> for a backend of your own without a limit.
    /// <c>PANDAPROBE_TRACES_PER_MINUTE</c> (0 for no limit); by default 100.
    /// </summary>
    public int? TracesPerMinute { get; set; } = 100;

    /// <summary>As <see cref="TracesPerMinute"/>, for other requests: further spans, scores. By default 200.</summary>
    public int? OtherRequestsPerMinute { get; set; } = 200;

    /// <summary>How long to wait for a connection. By default 10 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one request may take in all before it is given up and tried again. By default 30 seconds.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the key may go over plain HTTP to a host that is not this machine. <c>PANDAPROBE_ALLOW_INSECURE_ENDPOINT</c>; by default no.
    /// </summary>
    public bool AllowInsecureEndpoint { get; set; }

    /// <summary>
    /// Whether spans that are not about AI (HTTP, SQL) are sent to PandaProbe too, where they belong to a trace. By default they are left out and what lies
    /// below them moves up.
    /// </summary>
    public bool IncludeNonAISpans { get; set; }

    /// <summary>
    /// Says which spans PandaProbe gets; what lies below a span that is left out moves up. Called once for a span, on the export thread: when the span has ended, or
    /// while it is open where spans below it are sent before. When it throws, the span is kept.
    /// </summary>
    public Func<Activity, bool>? SpanFilter { get; set; }

    /// <summary>Called when something goes wrong on the way to PandaProbe, on a thread of the exporter.</summary>
    public Action<PandaProbeExportError>? OnExportError { get; set; }

    /// <summary>
    /// Sends the requests: for a proxy, a client certificate, a test. It is not disposed, and its redirects are switched off. <see langword="null"/>, the default,
    /// uses a handler of the exporter's own, apart from the host's <c>IHttpClientFactory</c>: a resilience handler there would retry inside the exporter's retries.
    /// </summary>
    /// <example>
    /// With a handler of the host's factory, which logs headers at the level Trace unless told not to (.NET 8):
    /// <code>
    /// services.AddHttpClient("PandaProbe").RedactLoggedHeaders(["X-API-Key"]);
    /// services.AddOptions&lt;PandaProbeOptions&gt;().Configure&lt;IHttpMessageHandlerFactory&gt;(
    ///     (options, handlers) => options.HttpMessageHandler = handlers.CreateHandler("PandaProbe"));
    /// </code>
    /// </example>
    public HttpMessageHandler? HttpMessageHandler { get; set; }

    /// <summary>Whether the library writes what it has to say about itself to the standard error stream. <c>PANDAPROBE_DEBUG</c>.</summary>
    public bool Debug { get; set; }

    /// <summary>
    /// Whether inputs and outputs are recorded. <c>PANDAPROBE_CAPTURE_CONTENT</c>, or <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c>
    /// (<c>false</c> or <c>NO_CONTENT</c> is off); by default yes. Switched off, everything else is still recorded.
    /// </summary>
    public bool CaptureContent { get; set; } = true;

    /// <summary>
    /// How many characters one input or output may have. Longer ones are shortened where they are longest, stay valid JSON, and carry their
    /// original length in the metadata. <c>PANDAPROBE_MAX_CONTENT_LENGTH</c>; by default 1,048,576.
    /// </summary>
    public int MaxContentLength { get; set; } = DefaultMaxContentLength;

    /// <summary>
    /// Removes what must not be recorded: called with every text of an input, an output or an error (each message, each string inside JSON) and
    /// returns what to record instead. When it throws, the text is left out. May be called from several threads at once.
    /// </summary>
    /// <example><code>options.Redact = text => CreditCard().Replace(text, "[card]");</code></example>
    public Func<string, string?>? Redact { get; set; }

    /// <summary>
    /// Whether the sources of other AI libraries are recorded too: Microsoft.Extensions.AI, Microsoft Agent Framework, Semantic Kernel, OpenAI,
    /// Azure AI, Anthropic, Model Context Protocol. By default yes.
    /// </summary>
    public bool ListenToAILibraries { get; set; } = true;

    /// <summary>
    /// Counts tokens before a call, and those of a stream whose provider reports none, in place of the counter that comes with the package.
    /// </summary>
    public ITokenCounter? TokenCounter { get; set; }

    /// <summary>
    /// What models cost: a call whose tokens are known gets a cost from here, unless your code sets one. <see langword="null"/> computes no costs.
    /// By default <see cref="PriceBook.Default"/>.
    /// </summary>
    public PriceBook? PriceBook { get; set; } = PriceBook.Default;

    /// <summary>
    /// Prices of your own, which go before those that come with the package: in code, from a file (<c>PANDAPROBE_PRICE_FILE</c>, or <c>PandaProbe:PriceFile</c>), or from the
    /// configuration section <c>PandaProbe:Prices</c>. File and section are read again when they change.
    /// </summary>
    public PandaProbePricingOptions Pricing { get; } = new();

    /// <summary>Changes the options of the OTLP exporter that is added here, after its environment variables.</summary>
    public Action<OtlpExporterOptions>? ConfigureOtlp { get; set; }

    /// <summary>What a variable or the configuration says about <see cref="Export"/>, if it says something.</summary>
    internal ProbeExport? ExportOfSettings { get; set; }

    internal bool HasCredentials => !string.IsNullOrWhiteSpace(ApiKey) && !string.IsNullOrWhiteSpace(ProjectName);

    /// <summary>The options without the key, and without what an address may hold besides the address.</summary>
    public override string ToString() =>
        $"Enabled={Enabled}, Export={Export}, Endpoint={(Endpoint is { IsAbsoluteUri: true } ? Endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) : "not set")}, ProjectName={ProjectName}, ApiKey={(string.IsNullOrEmpty(ApiKey) ? "not set" : "set")}";
}

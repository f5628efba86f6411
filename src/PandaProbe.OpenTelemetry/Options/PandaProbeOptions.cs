using System.Diagnostics.CodeAnalysis;
using PandaProbe.Safety;

namespace PandaProbe;

/// <summary>
/// Options of <c>AddPandaProbe()</c>: what is recorded, and in three groups how it is exported to PandaProbe, exported over OTLP, and
/// priced. Code wins over the configuration section <c>PandaProbe</c>, which has the same groups; the section wins over the environment
/// variables <c>PANDAPROBE_*</c>.
/// </summary>
/// <example>
/// <code>
/// services.AddPandaProbe(options =>
/// {
///     options.MaxContentLength = 100_000;
///     options.PandaProbe.SpoolDirectory = "/var/lib/myapp/pandaprobe";
/// });
/// </code>
/// </example>
public sealed class PandaProbeOptions
{
    private readonly Lazy<FieldScanners?> _scanner;

    /// <summary>Creates options with the values that they have by default.</summary>
    public PandaProbeOptions() => _scanner = new(NewScanner);

    internal static readonly TimeSpan DefaultShutdownTimeout = TimeSpan.FromSeconds(5);
    internal const int DefaultMaxContentLength = 1024 * 1024;
    internal const int SmallestMaxContentLength = 64;

    /// <summary>
    /// Gets or sets whether anything is recorded and exported. The default is <see langword="true"/>. Environment variable:
    /// <c>PANDAPROBE_ENABLED</c> (<c>true</c>, <c>1</c>, <c>yes</c>, <c>on</c>, or <c>false</c>, <c>0</c>, <c>no</c>, <c>off</c>).
    /// <c>OTEL_SDK_DISABLED=true</c> switches off whatever code says.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Gets or sets how long the end of a host or program waits for receivers that do not answer. The default is 5 seconds. What is not
    /// sent then stays in the spool if there is one and is lost otherwise; one line says so. Environment variable:
    /// <c>PANDAPROBE_SHUTDOWN_TIMEOUT</c> in seconds.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; set; } = DefaultShutdownTimeout;

    /// <summary>
    /// Gets or sets where traces go. The default is <see cref="ProbeExport.Auto"/>. Environment variable: <c>PANDAPROBE_EXPORT</c>.
    /// </summary>
    public ProbeExport Export { get; set; } = ProbeExport.Auto;

    /// <summary>
    /// Gets or sets whether inputs and outputs are recorded. Everything else is recorded in either case. The default is
    /// <see langword="true"/>. Environment variable: <c>PANDAPROBE_CAPTURE_CONTENT</c>, otherwise
    /// <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c>.
    /// </summary>
    public bool CaptureContent { get; set; } = true;

    /// <summary>
    /// Gets or sets where messages are recorded. The default is <see cref="ProbeMessageContent.Spans"/>. Environment variable:
    /// <c>PANDAPROBE_MESSAGE_CONTENT</c>, otherwise <c>OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT</c> with <c>SPAN_ONLY</c>,
    /// <c>EVENT_ONLY</c> or <c>SPAN_AND_EVENT</c>.
    /// </summary>
    public ProbeMessageContent MessageContent { get; set; }

    /// <summary>
    /// Gets or sets the number of characters that one input or output may have, at least 64. A longer one is shortened where it is longest,
    /// stays valid JSON, and has its original length in the metadata. The default is 1,048,576. Environment variable:
    /// <c>PANDAPROBE_MAX_CONTENT_LENGTH</c>.
    /// </summary>
    public int MaxContentLength { get; set; } = DefaultMaxContentLength;

    /// <summary>
    /// Gets or sets a function that returns what leaves in place of a text. It gets each text of an input, an output and an error: each
    /// message, each string inside JSON, after <see cref="Safety"/> masked it. Names and metadata do not pass it. When it throws, the text
    /// is left out. It is called on the threads of the export, on several at once. The default is <see langword="null"/>, which changes
    /// nothing.
    /// </summary>
    /// <example><code>options.Redact = text => CreditCard().Replace(text, "[card]");</code></example>
    public Func<string, string?>? Redact { get; set; }

    /// <summary>
    /// Gets or sets whether the sources of other AI libraries are recorded: Microsoft.Extensions.AI, Microsoft Agent Framework, Semantic
    /// Kernel, OpenAI, Azure AI, Anthropic, Model Context Protocol. The default is <see langword="true"/>. Environment variable:
    /// <c>PANDAPROBE_LISTEN_TO_AI_LIBRARIES</c>.
    /// </summary>
    public bool ListenToAILibraries { get; set; } = true;

    /// <summary>
    /// Gets or sets the counter of tokens before a call, and of a stream whose provider reports none. The default is
    /// <see langword="null"/>, which uses the counter of this package.
    /// </summary>
    public ITokenCounter? TokenCounter { get; set; }

    /// <summary>
    /// Gets or sets whether the library writes its diagnostics to the standard error stream. The default is <see langword="false"/>.
    /// Environment variable: <c>PANDAPROBE_DEBUG</c>.
    /// </summary>
    public bool Debug { get; set; }

    /// <summary>
    /// Gets or sets what is masked before spans leave. By default these are secrets such as keys, tokens and passwords, and personal data
    /// after <see cref="SafetyOptions.MaskPersonalData"/>. Names, inputs, outputs, metadata, tags, identities, errors, events, links and
    /// attributes of other libraries are covered. <see langword="null"/> masks nothing. Configuration and environment variable
    /// <c>PANDAPROBE_SAFETY</c>: <c>Secrets</c>, <c>PersonalData</c> or <c>Off</c>.
    /// </summary>
    /// <example><code>
    /// options.Safety.MaskPersonalData();   // besides secrets
    /// options.Safety = null;               // nothing is masked
    /// </code></example>
    [AllowNull]
    public SafetyOptions Safety
    {
        get;
        set => field = value ?? Nothing();
    }
    = new();

    /// <summary>Gets the options of the export to PandaProbe. Configuration section: <c>PandaProbe:PandaProbe</c>.</summary>
    public PandaProbeExporterOptions PandaProbe { get; } = new();

    /// <summary>Gets the options of the export over OTLP.</summary>
    public PandaProbeOtlpOptions Otlp { get; } = new();

    /// <summary>Gets the options of sending session, user and tags to other processes.</summary>
    public PandaProbePropagationOptions Propagation { get; } = new();

    /// <summary>Gets the options of what model calls cost. Configuration section: <c>PandaProbe:Pricing</c>.</summary>
    public PandaProbePricingOptions Pricing { get; } = new();

    /// <summary>
    /// Gets or sets what configuration or the environment says about <see cref="Export"/>; <see langword="null"/> when they say nothing.
    /// </summary>
    internal ProbeExport? ExportOfSettings { get; set; }

    /// <summary>Gets or sets where the local viewer keeps its files; <see langword="null"/> is where it keeps them by itself.</summary>
    internal string? LocalDirectory { get; set; }

    /// <summary>
    /// Gets what masks by <see cref="Safety"/> for all parts of a provider; <see langword="null"/> when nothing is to be masked. The
    /// options do not change after the first call.
    /// </summary>
    /// <exception cref="ArgumentException">The settings contradict themselves.</exception>
    internal FieldScanners? Scanner => _scanner.Value;

    /// <summary>Returns what masks by <see cref="Safety"/> as it is now.</summary>
    /// <exception cref="ArgumentException">The settings contradict themselves.</exception>
    internal FieldScanners? NewScanner() =>
        !InspectsSpans && Safety.Rules.Count == 0 && Enum.GetValues<SensitiveType>().All(type => Safety[type] == SensitiveAction.Ignore)
            ? null : new(Safety);

    /// <summary>Gets whether <see cref="Safety"/> asks for more than masking.</summary>
    internal bool InspectsSpans => Safety is not { DetectInjection: false, TrackValues: false, Classifier: null };

    /// <summary>Returns the switches and the destination. Contains neither the key nor the user and query of the address.</summary>
    public override string ToString() => $"Enabled={Enabled}, Export={Export}, {PandaProbe}";

    private static SafetyOptions Nothing()
    {
        SafetyOptions nothing = new();
        foreach (SensitiveType type in Enum.GetValues<SensitiveType>())
            nothing[type] = SensitiveAction.Ignore;
        return nothing;
    }
}

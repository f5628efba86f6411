using PandaProbe.Safety;
using static PandaProbe.Hosting.Settings.Setting;

namespace PandaProbe.Hosting.Settings;

/// <summary>Lists every setting. <c>Options/README.md</c> documents the same table; a test compares them.</summary>
internal static class SettingTable
{
    /// <summary>The key of the list of prices. <see cref="Runtime.ProviderPrices"/> reads it.</summary>
    public const string Prices = "Pricing:Models";

    // Settings are read in this order: of two settings for one option, the later one wins.
    public static readonly Setting[] All =
    [
        Of("Export", "PANDAPROBE_EXPORT", Parsers.Export, (options, value) => options.Export = (options.ExportOfSettings = value).Value),
        Of("Enabled", "PANDAPROBE_ENABLED", Parsers.Switch, (options, value) => options.Enabled = value),
        Of(null, "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", Parsers.Capture, (options, value) =>
        {
            options.CaptureContent = value.Capture;
            options.MessageContent = value.Where ?? options.MessageContent;
        }),
        Of("CaptureContent", "PANDAPROBE_CAPTURE_CONTENT", Parsers.Switch, (options, value) => options.CaptureContent = value),
        Of("MessageContent", "PANDAPROBE_MESSAGE_CONTENT", Parsers.Where, (options, value) => options.MessageContent = value),
        Of("MaxContentLength", "PANDAPROBE_MAX_CONTENT_LENGTH", Parsers.AtLeast(PandaProbeOptions.SmallestMaxContentLength),
        (options, value) => options.MaxContentLength = value),
        new("Safety", "PANDAPROBE_SAFETY", Parsers.Safety.Expected, ReadSafety) { Consequence = "Until then no content is recorded." },
        Of("ListenToAILibraries", "PANDAPROBE_LISTEN_TO_AI_LIBRARIES", Parsers.Switch,
        (options, value) => options.ListenToAILibraries = value),
        Of("ShutdownTimeout", "PANDAPROBE_SHUTDOWN_TIMEOUT", Parsers.Interval, (options, value) => options.ShutdownTimeout = value),
        Of("Debug", "PANDAPROBE_DEBUG", Parsers.Switch, (options, value) => options.Debug = value),

        Of("PandaProbe:ApiKey", "PANDAPROBE_API_KEY", Parsers.Text, (options, value) => options.PandaProbe.ApiKey = value),
        Of("PandaProbe:ProjectName", "PANDAPROBE_PROJECT_NAME", Parsers.Text, (options, value) => options.PandaProbe.ProjectName = value),
        new("PandaProbe:Endpoint", "PANDAPROBE_ENDPOINT", Parsers.Address.Expected,
        ReadEndpoint) { Consequence = "Until then nothing is exported to PandaProbe." },
        Of("PandaProbe:AllowInsecureEndpoint", "PANDAPROBE_ALLOW_INSECURE_ENDPOINT", Parsers.Switch,
        (options, value) => options.PandaProbe.AllowInsecureEndpoint = value),
        Of("PandaProbe:Environment", "PANDAPROBE_ENVIRONMENT", Parsers.Text, (options, value) => options.PandaProbe.Environment = value),
        Of("PandaProbe:Release", "PANDAPROBE_RELEASE", Parsers.Text, (options, value) => options.PandaProbe.Release = value),
        Of("PandaProbe:BatchSize", "PANDAPROBE_BATCH_SIZE", Parsers.Count, (options, value) => options.PandaProbe.BatchSize = value),
        Of("PandaProbe:FlushInterval", "PANDAPROBE_FLUSH_INTERVAL", Parsers.Interval,
        (options, value) => options.PandaProbe.FlushInterval = value),
        Of("PandaProbe:MaxQueueSize", "PANDAPROBE_MAX_QUEUE_SIZE", Parsers.Count,
        (options, value) => options.PandaProbe.MaxQueueSize = value),
        Of("PandaProbe:MaxSpanCount", "PANDAPROBE_MAX_SPAN_COUNT", Parsers.Count,
        (options, value) => options.PandaProbe.MaxSpanCount = value),
        Of("PandaProbe:MaxMemoryBytes", "PANDAPROBE_MAX_MEMORY_BYTES", Parsers.Bytes,
        (options, value) => options.PandaProbe.MaxMemoryBytes = value),
        Of("PandaProbe:MaxTraceDuration", "PANDAPROBE_MAX_TRACE_DURATION", Parsers.Interval,
        (options, value) => options.PandaProbe.MaxTraceDuration = value),
        Of("PandaProbe:SpoolDirectory", "PANDAPROBE_SPOOL_DIRECTORY", Parsers.Text,
        (options, value) => options.PandaProbe.SpoolDirectory = value),
        Of("PandaProbe:SpoolMaxBytes", "PANDAPROBE_SPOOL_MAX_BYTES", Parsers.Bytes,
        (options, value) => options.PandaProbe.SpoolMaxBytes = value),
        Of("PandaProbe:SpoolMaxAge", null, Parsers.Age, (options, value) => options.PandaProbe.SpoolMaxAge = value),
        Of("PandaProbe:CompressRequests", "PANDAPROBE_COMPRESS", Parsers.Switch,
        (options, value) => options.PandaProbe.CompressRequests = value),
        Of("PandaProbe:MaxRequestBytes", null, Parsers.AtLeast(PandaProbeExporterOptions.SmallestMaxRequestBytes),
        (options, value) => options.PandaProbe.MaxRequestBytes = value),
        Of("PandaProbe:MaxConcurrentRequests", null, Parsers.Count, (options, value) => options.PandaProbe.MaxConcurrentRequests = value),
        Of("PandaProbe:TracesPerMinute", "PANDAPROBE_TRACES_PER_MINUTE", Parsers.Limit,
        (options, value) => options.PandaProbe.TracesPerMinute = value),
        Of("PandaProbe:OtherRequestsPerMinute", "PANDAPROBE_OTHER_REQUESTS_PER_MINUTE", Parsers.Limit,
        (options, value) => options.PandaProbe.OtherRequestsPerMinute = value),
        Of("PandaProbe:ConnectTimeout", null, Parsers.Interval, (options, value) => options.PandaProbe.ConnectTimeout = value),
        Of("PandaProbe:RequestTimeout", null, Parsers.Interval, (options, value) => options.PandaProbe.RequestTimeout = value),
        Of("PandaProbe:IncludeNonAISpans", "PANDAPROBE_INCLUDE_NON_AI_SPANS", Parsers.Switch,
        (options, value) => options.PandaProbe.IncludeNonAISpans = value),

        Of("Otlp:Dialects", "PANDAPROBE_OTLP_DIALECTS", Parsers.Dialects, (options, value) => options.Otlp.Dialects = value),
        Of("Otlp:MaxRequestBytes", null, Parsers.AtLeast(PandaProbeOtlpOptions.SmallestMaxRequestBytes),
        (options, value) => options.Otlp.MaxRequestBytes = value),

        Of("Propagation:Hosts", "PANDAPROBE_PROPAGATION_HOSTS", Parsers.Hosts, (options, value) => options.Propagation.Hosts = value),
        Of("Propagation:IncludeModelProviders", null, Parsers.Switch,
        (options, value) => options.Propagation.IncludeModelProviders = value),
        Of("Propagation:MaxLength", null, Parsers.Count, (options, value) => options.Propagation.MaxLength = value),
        Of("Propagation:MaxTags", null, Parsers.AtLeast(0), (options, value) => options.Propagation.MaxTags = value),

        Of("Pricing:File", "PANDAPROBE_PRICE_FILE", Parsers.Text, (options, value) => options.Pricing.File = value),
        Of("Pricing:FileCheckInterval", null, Parsers.Interval, (options, value) => options.Pricing.FileCheckInterval = value),
    ];

    // Whoever wanted more masked than secrets, and made a typing error, must not find personal data in a trace.
    private static bool ReadSafety(PandaProbeOptions options, string text)
    {
        bool isKnown = Parsers.Safety.TryParse(text, out SafetyOptions? safety);
        if (isKnown)
            options.Safety = safety;
        else
            options.CaptureContent = false;
        return isKnown;
    }

    private static bool ReadEndpoint(PandaProbeOptions options, string text)
    {
        bool isAddress = Parsers.Address.TryParse(text, out Uri? address);
        if (isAddress)
            options.PandaProbe.Endpoint = address!;
        options.PandaProbe.EndpointIsOfSettings = true;
        options.PandaProbe.EndpointIsUnreadable = !isAddress;
        return isAddress;
    }
}

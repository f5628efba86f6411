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
        Of(null, "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", Parsers.Capture, (options, value) => options.CaptureContent = value),
        Of("CaptureContent", "PANDAPROBE_CAPTURE_CONTENT", Parsers.Switch, (options, value) => options.CaptureContent = value),
        Of("MaxContentLength", "PANDAPROBE_MAX_CONTENT_LENGTH", Parsers.AtLeast(PandaProbeOptions.SmallestMaxContentLength),
        (options, value) => options.MaxContentLength = value),
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

        Of("Pricing:File", "PANDAPROBE_PRICE_FILE", Parsers.Text, (options, value) => options.Pricing.File = value),
        Of("Pricing:FileCheckInterval", null, Parsers.Interval, (options, value) => options.Pricing.FileCheckInterval = value),
    ];

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

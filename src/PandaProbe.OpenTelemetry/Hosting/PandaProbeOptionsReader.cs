using System.Globalization;
using Microsoft.Extensions.Configuration;
using PandaProbe.Diagnostics;

namespace PandaProbe.Hosting;

/// <summary>
/// Fills options from the environment and from the configuration section. A value that makes no sense here is reported and left at its default:
/// a typing error in a deployment must not stop the application.
/// </summary>
internal static class PandaProbeOptionsReader
{
    public const string Section = "PandaProbe";

    public static void Read(PandaProbeOptions options, IConfiguration? configuration)
    {
        Settings settings = new(configuration);

        options.ApiKey = settings.Text("PANDAPROBE_API_KEY", "ApiKey") ?? options.ApiKey;
        options.ProjectName = settings.Text("PANDAPROBE_PROJECT_NAME", "ProjectName") ?? options.ProjectName;
        options.Environment = settings.Text("PANDAPROBE_ENVIRONMENT", "Environment") ?? options.Environment;
        options.Release = settings.Text("PANDAPROBE_RELEASE", "Release") ?? options.Release;
        options.Endpoint = settings.Parsed("PANDAPROBE_ENDPOINT", "Endpoint", ParseEndpoint, "an absolute http or https address") ?? options.Endpoint;
        options.ExportOfSettings = settings.Value<ProbeExport>("PANDAPROBE_EXPORT", "Export", ParseExport, "Auto, PandaProbe, Otlp, Both or None");
        options.Export = options.ExportOfSettings ?? options.Export;
        options.Enabled = settings.Value<bool>("PANDAPROBE_ENABLED", "Enabled", ParseSwitch, "true or false") ?? options.Enabled;
        options.Debug = settings.Value<bool>("PANDAPROBE_DEBUG", "Debug", ParseSwitch, "true or false") ?? options.Debug;
        options.BatchSize = settings.Value<int>("PANDAPROBE_BATCH_SIZE", "BatchSize", ParsePositive, "a whole number above 0") ?? options.BatchSize;
        options.MaxQueueSize = settings.Value<int>("PANDAPROBE_MAX_QUEUE_SIZE", "MaxQueueSize", ParsePositive, "a whole number above 0") ?? options.MaxQueueSize;
        options.MaxSpanCount = settings.Value<int>("PANDAPROBE_MAX_SPAN_COUNT", "MaxSpanCount", ParsePositive, "a whole number above 0") ?? options.MaxSpanCount;
        options.MaxMemoryBytes = settings.Value<long>("PANDAPROBE_MAX_MEMORY_BYTES", "MaxMemoryBytes", ParseBytes, "a number of bytes above 0") ?? options.MaxMemoryBytes;
        options.MaxTraceDuration =
            settings.Value<TimeSpan>("PANDAPROBE_MAX_TRACE_DURATION", "MaxTraceDuration", ParseInterval, "a number of seconds above 0") ?? options.MaxTraceDuration;
        options.SpoolDirectory = settings.Text("PANDAPROBE_SPOOL_DIRECTORY", "SpoolDirectory") ?? options.SpoolDirectory;
        options.SpoolMaxBytes = settings.Value<long>("PANDAPROBE_SPOOL_MAX_BYTES", "SpoolMaxBytes", ParseBytes, "a number of bytes above 0") ?? options.SpoolMaxBytes;
        options.CompressRequests = settings.Value<bool>("PANDAPROBE_COMPRESS", "CompressRequests", ParseSwitch, "true or false") ?? options.CompressRequests;
        if (settings.Value<int>("PANDAPROBE_TRACES_PER_MINUTE", "TracesPerMinute", ParseCount, "a whole number, 0 for no limit") is { } traces)
            options.TracesPerMinute = traces == 0 ? null : traces;
        if (settings.Value<int>("PANDAPROBE_OTHER_REQUESTS_PER_MINUTE", "OtherRequestsPerMinute", ParseCount, "a whole number, 0 for no limit") is { } others)
            options.OtherRequestsPerMinute = others == 0 ? null : others;
        options.AllowInsecureEndpoint =
            settings.Value<bool>("PANDAPROBE_ALLOW_INSECURE_ENDPOINT", "AllowInsecureEndpoint", ParseSwitch, "true or false") ?? options.AllowInsecureEndpoint;
        options.IncludeNonAISpans =
            settings.Value<bool>("PANDAPROBE_INCLUDE_NON_AI_SPANS", "IncludeNonAISpans", ParseSwitch, "true or false") ?? options.IncludeNonAISpans;
        options.FlushInterval = settings.Value<TimeSpan>("PANDAPROBE_FLUSH_INTERVAL", "FlushInterval", ParseInterval, "a number of seconds above 0") ?? options.FlushInterval;
        options.MaxContentLength =
            settings.Value<int>("PANDAPROBE_MAX_CONTENT_LENGTH", "MaxContentLength", ParseContentLength, $"a whole number of at least {PandaProbeOptions.SmallestMaxContentLength}") ?? options.MaxContentLength;
        options.ListenToAILibraries =
            settings.Value<bool>("PANDAPROBE_LISTEN_TO_AI_LIBRARIES", "ListenToAILibraries", ParseSwitch, "true or false") ?? options.ListenToAILibraries;
        options.Pricing.File = settings.Text("PANDAPROBE_PRICE_FILE", "PriceFile") ?? options.Pricing.File;
        options.CaptureContent =
            settings.Value<bool>("PANDAPROBE_CAPTURE_CONTENT", "CaptureContent", ParseSwitch, "true or false")
            ?? settings.Value<bool>("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", null, ParseCapture, "true or false")
            ?? options.CaptureContent;
    }

    /// <summary>OpenTelemetry's own switch, which only knows this one word.</summary>
    public static bool IsSdkDisabled(IConfiguration? configuration) =>
        string.Equals(new Settings(configuration).Text("OTEL_SDK_DISABLED", null), "true", StringComparison.OrdinalIgnoreCase);

    private static Uri? ParseEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" ? uri : null;

    private static ProbeExport? ParseExport(string text) =>
        Enum.TryParse(text, ignoreCase: true, out ProbeExport export) && Enum.IsDefined(export) ? export : null;

    // As in the other SDKs: true, 1 and yes are on, anything else is off.
    private static bool? ParseSwitch(string text) => text.Trim().ToUpperInvariant() is "TRUE" or "1" or "YES";

    private static bool? ParseCapture(string text) => text.Trim().ToUpperInvariant() is "TRUE" or "1" or "SPAN_ONLY" or "SPAN_AND_EVENT";

    private static int? ParsePositive(string text) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    private static int? ParseContentLength(string text) => ParsePositive(text) is { } length && length >= PandaProbeOptions.SmallestMaxContentLength ? length : null;

    private static int? ParseCount(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static long? ParseBytes(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0 ? number : null;

    private static TimeSpan? ParseInterval(string text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds))
            return seconds is >= 0.001 and <= 86_400 ? TimeSpan.FromSeconds(seconds) : null;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval) && interval > TimeSpan.Zero && interval <= TimeSpan.FromDays(1) ? interval : null;
    }

    /// <summary>Looks a setting up in the section, then as a variable.</summary>
    private readonly struct Settings(IConfiguration? configuration)
    {
        public string? Text(string variable, string? key)
        {
            string? text = key is null ? null : configuration?[$"{Section}:{key}"];
            if (string.IsNullOrWhiteSpace(text))
                text = configuration?[variable];
            if (string.IsNullOrWhiteSpace(text))
                text = System.Environment.GetEnvironmentVariable(variable);
            return string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        }

        public T? Value<T>(string variable, string? key, Func<string, T?> parse, string expected)
            where T : struct
        {
            if (Text(variable, key) is not { } text)
                return null;

            T? value = parse(text);
            if (value is null)
                Report(variable, key, text, expected);
            return value;
        }

        public T? Parsed<T>(string variable, string? key, Func<string, T?> parse, string expected)
            where T : class
        {
            if (Text(variable, key) is not { } text)
                return null;

            T? value = parse(text);
            if (value is null)
                Report(variable, key, text, expected);
            return value;
        }

        private static void Report(string variable, string? key, string text, string expected) =>
            PandaProbeEventSource.Log.ConfigurationProblem(
                $"'{text}' is not a value for {variable}{(key is null ? "" : $" ({Section}:{key})")}: set it to {expected}. The default is used.");
    }
}

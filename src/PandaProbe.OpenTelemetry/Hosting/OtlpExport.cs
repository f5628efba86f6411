using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Otlp;
using PandaProbe.Hosting.Settings;

namespace PandaProbe.Hosting;

/// <summary>
/// Adds OpenTelemetry's own OTLP exporter, configured as by <c>AddOtlpExporter()</c>: from its options, the environment and the host's
/// configuration. <c>AddOtlpExporter()</c> itself does not fit, because only the options tell whether to export.
/// </summary>
internal static class OtlpExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const int StockQueueSize = 2048;

    public static bool IsConfigured(IConfiguration? configuration) =>
        SettingOf(configuration, Endpoint) is not null || SettingOf(configuration, TracesEndpoint) is not null;

    public static BaseProcessor<Activity> CreateProcessor(IServiceProvider services, PandaProbeOptions options) =>
        CreateProcessor(services, options, CreateOptions(services, options)!, isWanted: null);

    /// <param name="services">The services of the provider.</param>
    /// <param name="options">The options of PandaProbe.</param>
    /// <param name="otlp">What <see cref="CreateOptions(IServiceProvider, PandaProbeOptions)"/> returned.</param>
    /// <param name="isWanted">Asked at the first span; <see langword="false"/> exports nothing. <see langword="null"/> exports
    /// always.</param>
    public static BaseProcessor<Activity> CreateProcessor(
        IServiceProvider services, PandaProbeOptions options, OtlpExporterOptions otlp, Func<bool>? isWanted)
    {
        // Asked for in code, so that each span is sent by the thread that ends it.
        if (otlp.ExportProcessorType == ExportProcessorType.Simple)
            return new MaskingProcessor(options.Scanner, new SimpleActivityExportProcessor(new OtlpTraceExporter(otlp)), isWanted);

        OtlpQueueSettings settings = QueueSettings(otlp, services.GetService<IConfiguration>()) with
        {
            MaxMemoryBytes = options.PandaProbe.MaxMemoryBytes,
            MaxRequestBytes = options.Otlp.MaxRequestBytes,
            Scanner = options.Scanner,
        };
        return new OtlpQueueProcessor(settings, otlp, isWanted);
    }

    /// <summary>Returns the options of the exporter; <see langword="null"/>, after a warning, when their address cannot be used.</summary>
    public static OtlpExporterOptions? CreateOptions(IServiceProvider services, PandaProbeOptions options)
    {
        OtlpExporterOptions otlp = CreateOptions(services, out bool endpointUntouched);
        Uri before = otlp.Endpoint;
        options.Otlp.Configure?.Invoke(otlp);
        if (endpointUntouched
            && (otlp.Endpoint == before || otlp.Endpoint == new OtlpExporterOptions { Protocol = otlp.Protocol }.Endpoint))
        {
            if (!TryApplyEndpoint(otlp, services.GetService<IConfiguration>()))
                return null;
        }
        else if (otlp.Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            SayUnusable(otlp.Endpoint.OriginalString, "OtlpExporterOptions.Endpoint");
            return null;
        }

        return otlp;
    }

    /// <summary>Returns the protocol and the address that are really used.</summary>
    public static string Describe(OtlpExporterOptions otlp) =>
        $"over OTLP ({(OtlpLine.IsGrpc(otlp) ? "grpc" : "http/protobuf")}) to {OtlpResponseReader.Shown(otlp.Endpoint, OtlpLine.IsGrpc(otlp))}";

    /// <summary>
    /// Sets the address from configuration or the environment, with the path for traces. The exporter would add the path by itself, but
    /// then nobody could tell the address.
    /// </summary>
    private static bool TryApplyEndpoint(OtlpExporterOptions otlp, IConfiguration? configuration)
    {
        foreach (string name in (string[])[TracesEndpoint, Endpoint])
        {
            if (SettingOf(configuration, name) is not { } text)
                continue;

            if (!Parsers.Address.TryParse(text, out Uri? address))
            {
                SayUnusable(text, name);
                return false;
            }

            otlp.Endpoint = name == TracesEndpoint || OtlpLine.IsGrpc(otlp) ? address : WithPath(address);
            return true;
        }

        if (!OtlpLine.IsGrpc(otlp))
            otlp.Endpoint = WithPath(otlp.Endpoint);
        return true;
    }

    private static Uri WithPath(Uri address) => new(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/v1/traces" + address.Query);

    private static void SayUnusable(string text, string name)
    {
        bool hasScheme = text.Contains("://", StringComparison.Ordinal);
        PandaProbeEventSource.Log.ConfigurationProblem(
            $"'{text}' is not an address for {name}: {(hasScheme ? "set it to an absolute http or https address" : $"it has no scheme, write http://{text}, or https://{text} with TLS")}. Until then nothing is exported over OTLP.");
    }

    /// <summary>
    /// Returns the queue's settings. Values from code, configuration or the environment stay. The others default to values that lose no
    /// spans.
    /// </summary>
    private static OtlpQueueSettings QueueSettings(OtlpExporterOptions otlp, IConfiguration? configuration)
    {
        BatchExportProcessorOptions<Activity> set = otlp.BatchExportProcessorOptions;
        int queueSize = Number(configuration, "OTEL_BSP_MAX_QUEUE_SIZE")
            ?? (set.MaxQueueSize == StockQueueSize ? OtlpQueueSettings.DefaultQueueSize : set.MaxQueueSize);
        int batchSize = Number(configuration, "OTEL_BSP_MAX_EXPORT_BATCH_SIZE") ?? set.MaxExportBatchSize;
        int delay = Number(configuration, "OTEL_BSP_SCHEDULE_DELAY") ?? set.ScheduledDelayMilliseconds;
        // The exporter reads this variable from the process environment only.
        bool ownRetry = !string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"));
        return new(
            queueSize, Math.Clamp(batchSize, 1, queueSize), TimeSpan.FromMilliseconds(delay), OtlpQueueSettings.DefaultWorkers,
            ownRetry ? TimeSpan.Zero : OtlpQueueSettings.DefaultRetryFor);
    }

    private static int? Number(IConfiguration? configuration, string name) =>
        int.TryParse(SettingOf(configuration, name), CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    private static OtlpExporterOptions CreateOptions(IServiceProvider services, out bool endpointUntouched)
    {
        OtlpExporterOptions otlp = services.GetService<IOptionsFactory<OtlpExporterOptions>>()?.Create(Options.DefaultName) ?? new();
        OtlpExporterOptions untouched = new();
        IConfiguration? configuration = services.GetService<IConfiguration>();

        // This is read before the protocol changes, because the default endpoint depends on the protocol.
        endpointUntouched = otlp.Endpoint == untouched.Endpoint;

        // The exporter reads only the process environment by itself. Values from the host's configuration, and values for traces only, are
        // set here. Values set in code stay.
        if (otlp.Protocol == untouched.Protocol
            && SettingOf(configuration, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") is { } protocol)
        {
            otlp.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        if (otlp.Headers == untouched.Headers
            && SettingOf(configuration, "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS") is { } headers)
        {
            otlp.Headers = headers;
        }

        if (otlp.TimeoutMilliseconds == untouched.TimeoutMilliseconds
            && int.TryParse(SettingOf(configuration, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"),
            CultureInfo.InvariantCulture, out int timeout))
        {
            otlp.TimeoutMilliseconds = timeout;
        }

        return otlp;
    }

    private static string? SettingOf(IConfiguration? configuration, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            string? value = configuration?[name];
            if (string.IsNullOrWhiteSpace(value))
                value = System.Environment.GetEnvironmentVariable(name);
            if (!string.IsNullOrWhiteSpace(value))
                return value.Trim();
        }

        return null;
    }
}

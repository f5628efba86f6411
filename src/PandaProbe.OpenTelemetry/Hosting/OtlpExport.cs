using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using PandaProbe.Export.Otlp;
using PandaProbe.Safety;

namespace PandaProbe.Hosting;

/// <summary>
/// Adds OpenTelemetry's own OTLP exporter, configured as by <c>AddOtlpExporter()</c>: from its options, the environment and the host's
/// configuration. <c>AddOtlpExporter()</c> itself does not fit, because only the options tell whether to export.
/// </summary>
internal static class OtlpExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const int StockQueueSize = 2048;
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";

    public static bool IsConfigured(IConfiguration? configuration) =>
        Setting(configuration, Endpoint) is not null || Setting(configuration, TracesEndpoint) is not null;

    public static BaseProcessor<Activity> CreateProcessor(IServiceProvider services, PandaProbeOptions options)
    {
        SensitiveScanner scanner = new(options.Safety);
        OtlpExporterOptions otlp = CreateOptions(services);
        options.Otlp.Configure?.Invoke(otlp);

        if (otlp.ExportProcessorType == ExportProcessorType.Simple)
            return new MaskingProcessor(scanner, new SimpleActivityExportProcessor(new OtlpTraceExporter(otlp)));

        OtlpQueueSettings settings = QueueSettings(
            otlp, services.GetService<IConfiguration>()) with
        { MaxMemoryBytes = options.PandaProbe.MaxMemoryBytes, Scanner = scanner };
        return new OtlpQueueProcessor(settings, () => new OtlpTraceExporter(otlp));
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
        int.TryParse(Setting(configuration, name), CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;

    private static OtlpExporterOptions CreateOptions(IServiceProvider services)
    {
        OtlpExporterOptions otlp = services.GetService<IOptionsFactory<OtlpExporterOptions>>()?.Create(Options.DefaultName) ?? new();
        OtlpExporterOptions untouched = new();
        IConfiguration? configuration = services.GetService<IConfiguration>();

        // This is read before the protocol changes, because the default endpoint depends on the protocol.
        bool endpointUntouched = otlp.Endpoint == untouched.Endpoint;

        // The exporter reads only the process environment by itself. Values from the host's configuration, and values for traces only, are
        // set here. Values set in code stay.
        if (otlp.Protocol == untouched.Protocol
            && Setting(configuration, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") is { } protocol)
        {
            otlp.Protocol = protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        if (endpointUntouched)
        {
            if (Setting(configuration, TracesEndpoint) is { } traces && Uri.TryCreate(traces, UriKind.Absolute, out Uri? tracesUri))
            {
                otlp.Endpoint = tracesUri;
            }
            else if (Setting(configuration, Endpoint) is { } general && Uri.TryCreate(general, UriKind.Absolute, out Uri? uri)
                && uri != otlp.Endpoint)
            {
                otlp.Endpoint = otlp.Protocol == OtlpExportProtocol.Grpc ? uri : new Uri(general.TrimEnd('/') + "/v1/traces");
            }
        }

        if (otlp.Headers == untouched.Headers
            && Setting(configuration, "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS") is { } headers)
        {
            otlp.Headers = headers;
        }

        if (otlp.TimeoutMilliseconds == untouched.TimeoutMilliseconds
            && int.TryParse(Setting(configuration, "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"),
            CultureInfo.InvariantCulture, out int timeout))
        {
            otlp.TimeoutMilliseconds = timeout;
        }

        return otlp;
    }

    private static string? Setting(IConfiguration? configuration, params ReadOnlySpan<string> names)
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

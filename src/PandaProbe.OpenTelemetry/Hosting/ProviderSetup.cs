using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Local;
using PandaProbe.Hosting.Settings;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>Adds the parts of <c>AddPandaProbe()</c> to a provider as soon as its services, and so the options, exist.</summary>
internal static class ProviderSetup
{
    /// <summary>Adds the sources and the processor of all spans.</summary>
    public static void AddProcessing(IServiceProvider services, TracerProviderBuilder builder)
    {
        PandaProbeOptions options = Options(services);
        if (!options.Enabled)
        {
            PandaProbeEventSource.Log.Started("PandaProbe is switched off: nothing is recorded.");
            return;
        }

        ResourceAttributes.Add(builder, options.PandaProbe);
        builder.AddSource(ProbeSource.Name);
        if (options.ListenToAILibraries)
            builder.AddSource(AISources.Names);
        builder.AddProcessor(NewProcessor(options, StartPrices(services, options), Events(services), new(builder)));
    }

    private static PandaProbeOptions Options(IServiceProvider services)
    {
        PandaProbeOptions options = services.GetRequiredService<IOptions<PandaProbeOptions>>().Value;
        if (options.Debug)
            DiagnosticsConsole.Start();
        return options;
    }

    private static LogPipeline Events(IServiceProvider services) => new(() =>
        services.GetServices<ILoggerProvider>().OfType<OpenTelemetryLoggerProvider>().FirstOrDefault()?.CreateLogger(ProbeSource.Name));

    private static PandaProbeProcessor NewProcessor(
        PandaProbeOptions options, ProviderPrices? prices, LogPipeline events, ApplicationExporters others)
    {
        PandaProbeProcessor? processor = null;
        ProviderSettings settings = new()
        {
            Content = new(options.CaptureContent, options.MaxContentLength, options.Redact)
            {
                Where = options.MessageContent,
                Scanners = options.Scanner is { } scanner ? [scanner] : [],
            },
            IsReadAtEnd = others.ReadAtEnd,
            Inspection = options.InspectsSpans ? options.Safety : null,
            Events = events,
            Prices = prices,
            TokenCounter = options.TokenCounter,
            Dialects = IsForPandaProbeAlone(options) ? null : options.Otlp.Dialects,
            ShutdownTimeout = options.ShutdownTimeout,
            Provider = () => processor?.ParentProvider as TracerProvider,
        };
        return processor = new(settings, new ProviderRegistration(settings, options.Propagation));
    }

    // The attributes for other backends cost bytes and time that an application without other backends saves.
    private static bool IsForPandaProbeAlone(PandaProbeOptions options) =>
        options.Otlp.Dialects == ProbeDialects.None
        && (options.Export == ProbeExport.PandaProbe || (options.Export == ProbeExport.Auto && options.PandaProbe.HasCredentials));

    /// <summary>Adds the exporters at the position of the <c>AddPandaProbe()</c> call among the application's processors.</summary>
    public static void AddExport(IServiceProvider services, TracerProviderBuilder builder)
    {
        PandaProbeOptions options = Options(services);
        if (!options.Enabled)
            return;

        IConfiguration? configuration = services.GetService<IConfiguration>();
        bool toPandaProbe = ExportsToPandaProbe(options);
        if (toPandaProbe)
            builder.AddProcessor(PandaProbeExport.CreateProcessor(services, options));

        LocalExportProcessor? local = options.Export == ProbeExport.Local
            ? LocalExportProcessor.Create(options, services.GetService<TimeProvider>()) : null;
        if (local is not null)
            builder.AddProcessor(local);

        ApplicationExporters others = new(builder);
        bool isAuto = options.Export == ProbeExport.Auto && !options.PandaProbe.HasCredentials;
        bool maybeOtlp = options.Export is ProbeExport.Otlp or ProbeExport.Both || (isAuto && OtlpExport.IsConfigured(configuration));
        OtlpExporterOptions? otlp = maybeOtlp ? OtlpExport.CreateOptions(services, options) : null;
        bool isAlone = services.GetService<ProbeRuntime.Alone>() is not null;
        Lazy<bool> decision = new(() =>
        {
            bool hasOther = isAuto && others.HasOtlp;
            if (isAuto && !maybeOtlp && !hasOther)
                SayNowhere(isAlone);
            SayDestination(options, toPandaProbe, hasOther ? null : otlp, hasOther, local);
            return !hasOther;
        });
        if (otlp is not null)
            builder.AddProcessor(OtlpExport.CreateProcessor(services, options, otlp, isAuto ? () => decision.Value : null));
        else if (isAuto)
            builder.AddProcessor(new DecidingProcessor(decision));

        if (isAuto)
            services.GetService<ExportDecision>()?.Set(decision);
        else
            _ = decision.Value;
    }

    private static void SayDestination(
        PandaProbeOptions options, bool toPandaProbe, OtlpExporterOptions? otlp, bool hasOther, LocalExportProcessor? local)
    {
        List<string> destinations = [];
        if (toPandaProbe)
            destinations.Add($"to PandaProbe ({options.PandaProbe})");
        if (otlp is not null)
            destinations.Add(OtlpExport.Describe(otlp));
        if (local is not null)
        {
            destinations.Add(
                local.Viewer is { } viewer ? $"to the local viewer at {viewer.Address}" : "to the local viewer, which does not run now");
        }

        if (destinations.Count == 0)
        {
            destinations.Add("to nothing of its own" + (hasOther
                ? ", because the application's OTLP exporter gets its spans"
                : $" (ProjectName={options.PandaProbe.ProjectName}, ApiKey={(!string.IsNullOrEmpty(options.PandaProbe.ApiKey) ? "set" : "not set")})"));
        }

        PandaProbeEventSource.Log.Started(
            $"PandaProbe {ProbeSource.Version} exports {string.Join(" and ", destinations)} (Export={options.Export}).");
    }

    private static ProviderPrices? StartPrices(IServiceProvider services, PandaProbeOptions options)
    {
        if (options.Pricing.PriceBook is not { } book)
            return null;

        IConfigurationSection? section = services.GetService<IConfiguration>()?.GetSection($"{Setting.Section}:{SettingTable.Prices}");
        return new(
            book, options.Pricing, section?.Exists() == true ? section : null, services.GetService<TimeProvider>() ?? TimeProvider.System,
            PandaProbeEventSource.Log.ConfigurationProblem);
    }

    private static bool ExportsToPandaProbe(PandaProbeOptions options)
    {
        // If code set the export, the options validator has already reported a missing key as an error.
        if (options is { Export: ProbeExport.PandaProbe or ProbeExport.Both, PandaProbe.HasCredentials: false })
        {
            PandaProbeEventSource.Log.ConfigurationProblem(
                $"PANDAPROBE_EXPORT is {options.Export}, but PandaProbe gets nothing: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME.");
        }

        return options.Export is ProbeExport.PandaProbe or ProbeExport.Both or ProbeExport.Auto && CanSend(options.PandaProbe);
    }

    private static void SayNowhere(bool isAlone)
    {
        const string Nowhere =
            "PandaProbe records traces but does not know where to send them: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME to send them to PandaProbe, "
            + "or OTEL_EXPORTER_OTLP_ENDPOINT to send them to a collector, or PandaProbeOptions.Export to None when your own exporters do it.";
        PandaProbeEventSource.Log.ConfigurationProblem(Nowhere);
        if (isAlone)
            DiagnosticsConsole.SayOnce(Nowhere);
    }

    /// <summary>
    /// Returns whether key and prompts may go to the address. The options validator has already rejected a wrong address set in code.
    /// </summary>
    private static bool CanSend(PandaProbeExporterOptions exporter)
    {
        if (!exporter.HasCredentials || exporter.EndpointIsUnreadable)
            return false;

        if (exporter.EndpointIsInsecure)
        {
            PandaProbeEventSource.Log.ConfigurationProblem(
                $"{PandaProbeOptionsValidator.InsecureEndpoint(exporter)} Until then nothing is exported to PandaProbe.");
            return false;
        }

        return true;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
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

        builder.AddSource(ProbeSource.Name);
        if (options.ListenToAILibraries)
            builder.AddSource(AISources.Names);
        builder.AddProcessor(NewProcessor(options, StartPrices(services, options)));
    }

    private static PandaProbeOptions Options(IServiceProvider services)
    {
        PandaProbeOptions options = services.GetRequiredService<IOptions<PandaProbeOptions>>().Value;
        if (options.Debug)
            DiagnosticsConsole.Start();
        return options;
    }

    private static PandaProbeProcessor NewProcessor(PandaProbeOptions options, ProviderPrices? prices)
    {
        PandaProbeProcessor? processor = null;
        ProviderSettings settings = new()
        {
            Content = new(options.CaptureContent, options.MaxContentLength, options.Redact),
            Prices = prices,
            TokenCounter = options.TokenCounter,
            ShutdownTimeout = options.ShutdownTimeout,
            Provider = () => processor?.ParentProvider as TracerProvider,
        };
        return processor = new(settings, new ProviderRegistration(settings));
    }

    /// <summary>Adds the exporters at the position of the <c>AddPandaProbe()</c> call among the application's processors.</summary>
    public static void AddExport(IServiceProvider services, TracerProviderBuilder builder)
    {
        PandaProbeOptions options = Options(services);
        if (!options.Enabled)
            return;

        (bool toPandaProbe, bool toOtlp) = Destinations(
            options, services.GetService<IConfiguration>(), services.GetService<ProbeRuntime.Alone>() is not null);
        if (toPandaProbe)
            builder.AddProcessor(PandaProbeExport.CreateProcessor(services, options));
        if (toOtlp)
            builder.AddProcessor(OtlpExport.CreateProcessor(services, options));

        PandaProbeEventSource.Log.Started(
            $"PandaProbe {ProbeSource.Version} exports to {(toPandaProbe, toOtlp) switch { (true, true) => "PandaProbe and OTLP", (true, false) => "PandaProbe", (false, true) => "OTLP", _ => "nothing of its own" }}. {options}");
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

    private static (bool PandaProbe, bool Otlp) Destinations(PandaProbeOptions options, IConfiguration? configuration, bool alone)
    {
        switch (options.Export)
        {
            case ProbeExport.None:
                return (false, false);
            case ProbeExport.Otlp:
                return (false, true);
            case ProbeExport.PandaProbe or ProbeExport.Both:
                // If code set the export, the options validator has already reported a missing key as an error.
                if (!options.PandaProbe.HasCredentials)
                {
                    PandaProbeEventSource.Log.ConfigurationProblem(
                        $"PANDAPROBE_EXPORT is {options.Export}, but PandaProbe gets nothing: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME.");
                }

                return (CanSend(options.PandaProbe), options.Export == ProbeExport.Both);
        }

        if (options.PandaProbe.HasCredentials)
            return (CanSend(options.PandaProbe), false);
        if (OtlpExport.IsConfigured(configuration))
            return (false, true);

        const string Nowhere =
            "PandaProbe records traces but does not know where to send them: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME to send them to PandaProbe, "
            + "or OTEL_EXPORTER_OTLP_ENDPOINT to send them to a collector, or PandaProbeOptions.Export to None when your own exporters do it.";
        PandaProbeEventSource.Log.ConfigurationProblem(Nowhere);
        if (alone)
            DiagnosticsConsole.SayOnce(Nowhere);
        return (false, false);
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

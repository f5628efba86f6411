using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe.Hosting;

/// <summary>What <c>AddPandaProbe()</c> puts into a provider once its services, and so the options, are there.</summary>
internal static class ProviderSetup
{
    /// <summary>The sources of AI libraries whose spans become PandaProbe spans without any code.</summary>
    private static readonly string[] AILibraries =
    [
        "com.anthropic.sdk.csharp*",
        "Experimental.Microsoft.Extensions.AI*",
        "Experimental.Microsoft.Agents.AI*",
        "Microsoft.SemanticKernel*",
        "OpenAI.*",
        "Azure.AI.*",
        "Experimental.ModelContextProtocol*",
    ];

    /// <summary>The sources and the processor that every span passes.</summary>
    public static void AddProcessing(IServiceProvider services, TracerProviderBuilder builder)
    {
        PandaProbeOptions options = services.GetRequiredService<IOptions<PandaProbeOptions>>().Value;
        if (options.Debug)
            DiagnosticsConsole.Start();
        if (!options.Enabled)
        {
            PandaProbeEventSource.Log.Started("PandaProbe is switched off: nothing is recorded.");
            return;
        }

        builder.AddSource(ProbeSource.Name);
        if (options.ListenToAILibraries)
            builder.AddSource(AILibraries);
        builder.AddProcessor(NewProcessor(options, StartPrices(services, options)));
    }

    private static PandaProbeProcessor NewProcessor(PandaProbeOptions options, ProviderPrices? prices)
    {
        PandaProbeProcessor? processor = null;
        ProviderSettings settings = new()
        {
            Content = new(options.CaptureContent, options.MaxContentLength, options.Redact),
            Prices = prices,
            TokenCounter = options.TokenCounter,
            Provider = () => processor?.ParentProvider as TracerProvider,
        };
        return processor = new(settings, new ProviderRegistration(settings));
    }

    /// <summary>The exporters, in the place among the application's processors where <c>AddPandaProbe()</c> was called.</summary>
    public static void AddExport(IServiceProvider services, TracerProviderBuilder builder)
    {
        PandaProbeOptions options = services.GetRequiredService<IOptions<PandaProbeOptions>>().Value;
        if (!options.Enabled)
            return;

        (bool toPandaProbe, bool toOtlp) = Destinations(options, services.GetService<IConfiguration>());
        if (toPandaProbe)
            builder.AddProcessor(PandaProbeExport.CreateProcessor(services, options));
        if (toOtlp)
            builder.AddProcessor(OtlpExport.CreateProcessor(services, options));

        PandaProbeEventSource.Log.Started(
            $"PandaProbe {ProbeSource.Version} exports to {(toPandaProbe, toOtlp) switch { (true, true) => "PandaProbe and OTLP", (true, false) => "PandaProbe", (false, true) => "OTLP", _ => "nothing of its own" }}. {options}");
    }

    private static ProviderPrices? StartPrices(IServiceProvider services, PandaProbeOptions options)
    {
        if (options.PriceBook is not { } book)
            return null;

        IConfigurationSection? section = services.GetService<IConfiguration>()?.GetSection(PandaProbeOptionsReader.Section).GetSection("Prices");
        return new(
            book, options.Pricing, section?.Exists() == true ? section : null, services.GetService<TimeProvider>() ?? TimeProvider.System,
            PandaProbeEventSource.Log.ConfigurationProblem);
    }

    private static (bool PandaProbe, bool Otlp) Destinations(PandaProbeOptions options, IConfiguration? configuration)
    {
        switch (options.Export)
        {
            case ProbeExport.None:
                return (false, false);
            case ProbeExport.Otlp:
                return (false, true);
            case ProbeExport.PandaProbe or ProbeExport.Both:
                // Where code asks for it, a missing key was an error already.
                if (!options.HasCredentials)
                {
                    PandaProbeEventSource.Log.ConfigurationProblem(
                        $"PANDAPROBE_EXPORT is {options.Export}, but PandaProbe gets nothing: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME.");
                }

                return (options.HasCredentials, options.Export == ProbeExport.Both);
        }

        if (options.HasCredentials)
            return (true, false);
        if (OtlpExport.IsConfigured(configuration))
            return (false, true);

        PandaProbeEventSource.Log.ConfigurationProblem(
            "PandaProbe records traces but does not know where to send them: set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME to send them to PandaProbe, "
            + "or OTEL_EXPORTER_OTLP_ENDPOINT to send them to a collector, or PandaProbeOptions.Export to None when your own exporters do it.");
        return (false, false);
    }
}

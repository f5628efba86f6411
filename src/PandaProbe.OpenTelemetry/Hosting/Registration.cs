using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;
using PandaProbe.Hosting.Settings;
using PandaProbe.Processing;

namespace PandaProbe.Hosting;

/// <summary>Registers the services behind the extension methods. A second registration adds nothing.</summary>
internal static class Registration
{
    public static void AddInstrumentation(IServiceCollection services, Action<PandaProbeOptions>? configure)
    {
        AddOptions(services, configure);
        if (TryMark<Instrumentation>(services))
        {
            ConfigureFirst(services, all => all.ConfigureOpenTelemetryTracerProvider(ProviderSetup.AddProcessing));
            ConfigureFirst(services,
                all => all.ConfigureOpenTelemetryLoggerProvider(logging => logging.AddProcessor(new EventParentProcessor())));
        }
    }

    public static void AddExporter(IServiceCollection services, Action<PandaProbeOptions>? configure)
    {
        AddOptions(services, configure);
        if (TryMark<Exporter>(services))
        {
            services.TryAddSingleton<ExportDecision>();
            services.ConfigureOpenTelemetryTracerProvider(ProviderSetup.AddExport);
        }
    }

    private static void AddOptions(IServiceCollection services, Action<PandaProbeOptions>? configure)
    {
        if (configure is not null)
            services.Configure(configure);
        if (!TryMark<PandaProbeOptions>(services))
            return;

        services.AddOptions();
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<PandaProbeOptions>>(
            provider => new ConfigureOptions<PandaProbeOptions>(
                options => PandaProbeOptionsReader.Read(options, provider.GetService<IConfiguration>()))));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PandaProbeOptions>, SdkSwitch>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PandaProbeOptions>, PandaProbeOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PandaProbeHostedService>());
    }

    // Providers are configured in the order of these registrations, and processors run in the order of their addition. Ours goes before
    // those that the application added earlier, because content that the policy forbids must not reach any exporter.
    private static void ConfigureFirst(IServiceCollection services, Action<IServiceCollection> configure)
    {
        int count = services.Count;
        configure(services);
        for (int i = count; i < services.Count; i++)
        {
            ServiceDescriptor added = services[i];
            services.RemoveAt(i);
            services.Insert(i - count, added);
        }
    }

    private static bool TryMark<T>(IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(Added<T>)))
            return false;

        services.AddSingleton<Added<T>>();
        return true;
    }

    /// <summary>Marks services to which a part of PandaProbe has been added.</summary>
    private sealed class Added<T>;

    private sealed class Instrumentation;

    private sealed class Exporter;
}

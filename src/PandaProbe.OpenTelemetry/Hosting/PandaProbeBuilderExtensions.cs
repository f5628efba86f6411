using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Hosting;

namespace PandaProbe;

/// <summary>Adds PandaProbe to OpenTelemetry, or to an application that does not use OpenTelemetry yet.</summary>
public static class PandaProbeBuilderExtensions
{
    /// <summary>
    /// Records PandaProbe's traces and those of the AI libraries it knows, and exports them as <see cref="PandaProbeOptions.Export"/> says.
    /// Your resource, sampler, processors and exporters stay as they are, and what the options say about content holds for your exporters too, wherever they
    /// were added. Added twice, it counts once.
    /// </summary>
    /// <param name="builder">The builder of a tracer provider.</param>
    /// <param name="configure">Changes the options. They start from the configuration section <c>PandaProbe</c> and the environment variables.</param>
    public static TracerProviderBuilder AddPandaProbe(this TracerProviderBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);

        return builder.ConfigureServices(services =>
        {
            if (configure is not null)
                services.Configure(configure);
            if (services.Any(service => service.ServiceType == typeof(Added)))
                return;

            services.AddSingleton<Added>();
            services.AddOptions();
            services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<PandaProbeOptions>>(
                provider => new ConfigureOptions<PandaProbeOptions>(options => PandaProbeOptionsReader.Read(options, provider.GetService<IConfiguration>()))));
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<PandaProbeOptions>, SdkSwitch>());
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PandaProbeOptions>, PandaProbeOptionsValidator>());
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PandaProbeHostedService>());
            ConfigureFirst(services, ProviderSetup.AddProcessing);
            services.ConfigureOpenTelemetryTracerProvider(ProviderSetup.AddExport);
        });
    }

    /// <summary>
    /// Adds PandaProbe to what <c>services.AddOpenTelemetry()</c> of the package OpenTelemetry.Extensions.Hosting returns, or to the builder of <c>OpenTelemetrySdk.Create</c>.
    /// </summary>
    /// <inheritdoc cref="AddPandaProbe(TracerProviderBuilder, Action{PandaProbeOptions}?)"/>
    public static IOpenTelemetryBuilder AddPandaProbe(this IOpenTelemetryBuilder builder, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        // Only a meter provider that the application has anyway: this brings no metrics of its own into being.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            if (services.GetRequiredService<IOptions<PandaProbeOptions>>().Value.Enabled)
                metrics.AddPandaProbe();
        });
        return builder.WithTracing(tracing => tracing.AddPandaProbe(configure));
    }

    /// <summary>
    /// Collects PandaProbe's metrics of model calls: tokens, durations, time to the first chunk, time between chunks and cost. They count every call made with this library, whether or
    /// not its trace is sampled, and every recorded call of the AI libraries it knows. <c>AddPandaProbe()</c> on a host's services or on its OpenTelemetry builder does this too.
    /// </summary>
    /// <param name="builder">The builder of a meter provider.</param>
    public static MeterProviderBuilder AddPandaProbe(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(Instruments.MeterName);
    }

    /// <summary>
    /// Adds PandaProbe to a host without any other package: tracing starts and stops with the host. Works together with OpenTelemetry.Extensions.Hosting too.
    /// </summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="configure">Changes the options. They start from the configuration section <c>PandaProbe</c> and the environment variables.</param>
    public static IServiceCollection AddPandaProbe(this IServiceCollection services, Action<PandaProbeOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        new ServicesBuilder(services).AddPandaProbe(configure);
        return services;
    }

    // Providers are configured in the order of these registrations, and processors run in the order in which they were added. Ours goes before those that the
    // application added earlier: what the content policy forbids must not reach any exporter.
    private static void ConfigureFirst(IServiceCollection services, Action<IServiceProvider, TracerProviderBuilder> configure)
    {
        int count = services.Count;
        services.ConfigureOpenTelemetryTracerProvider(configure);
        for (int i = count; i < services.Count; i++)
        {
            ServiceDescriptor added = services[i];
            services.RemoveAt(i);
            services.Insert(i - count, added);
        }
    }

    /// <summary>Marks services to which PandaProbe has been added.</summary>
    private sealed class Added;

    private sealed class ServicesBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }
}

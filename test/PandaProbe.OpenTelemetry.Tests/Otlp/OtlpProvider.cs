using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using PandaProbe.Export.Otlp;
using PandaProbe.Hosting;
using PandaProbe.Runtime;

namespace PandaProbe.Otlp;

/// <summary>A provider with the OTLP queue of <c>AddPandaProbe()</c> and one source of its own.</summary>
internal sealed class OtlpProvider : IDisposable
{
    private readonly IDisposable? _apart = ProviderGroup.KeepApart();
    private readonly ActivitySource _source = new("otlp " + Guid.NewGuid());
    private readonly TracerProvider _provider;

    public OtlpProvider(
        Uri endpoint, OtlpExportProtocol protocol, Action<PandaProbeOptions>? configure = null,
        Action<OtlpExporterOptions>? configureOtlp = null)
    {
        PandaProbeOptions options = new()
        {
            Otlp =
            {
                Configure = otlp =>
                {
                    otlp.Protocol = protocol;
                    otlp.Endpoint = protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(endpoint, "v1/traces") : endpoint;
                    otlp.TimeoutMilliseconds = 60_000;
                    configureOtlp?.Invoke(otlp);
                },
            },
        };
        configure?.Invoke(options);
        ServiceCollection services = new();
        services.AddOptions();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        Queue = (OtlpQueueProcessor)OtlpExport.CreateProcessor(services.BuildServiceProvider(), options);
        _provider = Sdk.CreateTracerProviderBuilder().AddSource(_source.Name).AddProcessor(Queue).Build();
    }

    public OtlpProvider(
        Collector collector, bool grpc, Action<PandaProbeOptions>? configure = null, Action<OtlpExporterOptions>? otlp = null)
        : this(
            grpc ? collector.GrpcEndpoint : collector.HttpEndpoint, grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            configure, otlp)
    {
    }

    public OtlpQueueProcessor Queue { get; }

    public Activity Start(string name) => _source.StartActivity(name)!;

    public Activity Record(string name = "span", string? tag = null, object? value = null)
    {
        using Activity span = Start(name);
        if (tag is not null)
            span.SetTag(tag, value);
        return span;
    }

    public bool Flush() => _provider.ForceFlush(120_000);

    public bool Shutdown(int milliseconds) => _provider.Shutdown(milliseconds);

    public void Dispose()
    {
        _provider.Dispose();
        _source.Dispose();
        _apart?.Dispose();
    }
}

using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Metrics;

internal static class TracingSetup
{
    /// <summary>Traces so until it is disposed. Not for constructors: the trace is current in the flow of the caller.</summary>
    public static IDisposable Start(this Tracing tracing) => tracing switch
    {
        Tracing.Recorded => Provider(new AlwaysOnSampler()),
        Tracing.RecordedByOthers => Sdk.CreateTracerProviderBuilder().AddSource(Probe.SourceName).Build(),
        Tracing.SampledOut => Provider(new AlwaysOffSampler()),
        Tracing.SampledOutBelowATrace => new BelowATrace(Provider(new AlwaysOffSampler())),
        _ => Sdk.CreateTracerProviderBuilder().Build(),
    };

    private static TracerProvider Provider(Sampler sampler) =>
        Sdk.CreateTracerProviderBuilder().SetSampler(sampler).AddPandaProbe(options => options.Export = ProbeExport.None).Build();

    private sealed class BelowATrace(TracerProvider provider) : IDisposable
    {
        private readonly TraceScope _trace = Probe.StartTrace("root");

        public void Dispose()
        {
            _trace.Dispose();
            provider.Dispose();
        }
    }
}

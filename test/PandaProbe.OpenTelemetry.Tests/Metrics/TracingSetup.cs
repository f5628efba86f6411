using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Metrics;

internal static class TracingSetup
{
    /// <summary>Traces so until it is disposed. Not for constructors: the trace is current in the flow of the caller.</summary>
    public static IDisposable Start(this Tracing tracing) => tracing switch
    {
        Tracing.Recorded => new SpanRecording(),
        Tracing.RecordedByOthers => Sdk.CreateTracerProviderBuilder().AddSource(Probe.SourceName).Build(),
        Tracing.SampledOut => SampledOut(),
        Tracing.SampledOutBelowATrace => new BelowATrace(SampledOut()),
        _ => Sdk.CreateTracerProviderBuilder().Build(),
    };

    private static TracerProvider SampledOut() =>
        Sdk.CreateTracerProviderBuilder().SetSampler(new AlwaysOffSampler()).AddPandaProbe(options => options.Export = ProbeExport.None)
            .Build();

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

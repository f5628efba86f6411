using System.Diagnostics.Metrics;

namespace PandaProbe.Conventions;

/// <summary>
/// The metrics of model calls, by the semantic conventions v1.41.1, and the cost, which the conventions do not define.
/// https://github.com/open-telemetry/semantic-conventions/blob/v1.41.1/docs/gen-ai/gen-ai-metrics.md
/// </summary>
internal static class Instruments
{
    public const string MeterName = "PandaProbe";
    public const string ExporterMeterName = "PandaProbe.Exporter";

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly int[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
    private static readonly double[] Dollars = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50];

    private static readonly Meter Meter =
        new(new MeterOptions(MeterName) { Version = ProbeSource.Version, TelemetrySchemaUrl = ProbeSource.SchemaUrl });

    /// <summary>The meter of what becomes of telemetry itself.</summary>
    public static readonly Meter Exporter = new(ExporterMeterName, ProbeSource.Version);

    public static readonly Histogram<int> TokensUsed = Meter.CreateHistogram(
        GenAI.Client.TokenUsage, "{token}", "Number of input and output tokens used.", null,
        new InstrumentAdvice<int> { HistogramBucketBoundaries = Tokens });

    public static readonly Histogram<double> OperationDuration = Timer(GenAI.Client.OperationDuration, "GenAI operation duration.");

    public static readonly Histogram<double> TimeToFirstChunk = Timer(
        GenAI.Client.TimeToFirstChunk, "Time to receive the first chunk of a streamed response.");

    public static readonly Histogram<double> TimePerOutputChunk = Timer(
        GenAI.Client.TimePerOutputChunk, "Time per chunk of a streamed response after the first.");

    public static readonly Histogram<double> CostSpent = Meter.CreateHistogram(
        Pandaprobe.Client.OperationCost, "{USD}", "Cost of a GenAI operation in US dollars.", null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = Dollars });

    /// <summary>Gets whether any listener collects the metrics of calls.</summary>
    public static bool AreEnabled => OperationDuration.Enabled || TokensUsed.Enabled || CostSpent.Enabled;

    private static Histogram<double> Timer(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
}

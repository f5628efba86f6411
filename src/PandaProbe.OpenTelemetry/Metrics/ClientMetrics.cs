using System.Diagnostics;
using System.Diagnostics.Metrics;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Processing;

namespace PandaProbe.Metrics;

/// <summary>
/// The metrics of model calls, by the semantic conventions v1.41.1, and their cost. Sessions and users are on spans only: on metrics each would be a time series.
/// https://github.com/open-telemetry/semantic-conventions/blob/v1.41.1/docs/gen-ai/gen-ai-metrics.md
/// </summary>
internal static class ClientMetrics
{
    private const string Input = "input";
    private const string Output = "output";

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly int[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
    private static readonly double[] Dollars = [0.00001, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 50];

    private static readonly Meter Meter = new(Probe.MeterName, ProbeSource.Version);

    private static readonly Histogram<int> TokensUsed = Meter.CreateHistogram(
        GenAI.Client.TokenUsage, "{token}", "Number of input and output tokens used.", null, new InstrumentAdvice<int> { HistogramBucketBoundaries = Tokens });

    private static readonly Histogram<double> OperationDuration = Timer(GenAI.Client.OperationDuration, "GenAI operation duration.");

    private static readonly Histogram<double> TimeToFirstChunk = Timer(GenAI.Client.TimeToFirstChunk, "Time to receive the first chunk of a streamed response.");

    private static readonly Histogram<double> TimePerOutputChunk = Timer(GenAI.Client.TimePerOutputChunk, "Time per chunk of a streamed response after the first.");

    private static readonly Histogram<double> CostSpent = Meter.CreateHistogram(
        Pandaprobe.Client.OperationCost, "{USD}", "Cost of a GenAI operation in US dollars.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Dollars });

    /// <summary>Whether anybody collects the metrics of calls.</summary>
    public static bool IsEnabled => OperationDuration.Enabled || TokensUsed.Enabled || CostSpent.Enabled;

    /// <summary>Whether anybody collects the pauses between chunks.</summary>
    public static bool MeasuresChunks => TimePerOutputChunk.Enabled;

    /// <summary>Whether a call of this kind is one that metrics count. What merely sums the calls below it (an agent, a tool loop) is not.</summary>
    public static bool Measures(ProbeSpanKind kind) => kind is ProbeSpanKind.Llm or ProbeSpanKind.Embedding && IsEnabled;

    /// <summary>Whether the scope itself has to count, because no PandaProbe processor sees its span.</summary>
    public static bool MeasuresWithoutProcessor(ProbeSpanKind kind) => !PandaProbeProcessor.AnyAlive && Measures(kind);

    /// <summary>Counts the call that an ended span stands for, where no processor does.</summary>
    public static void Record(Activity activity)
    {
        CallFacts facts = CallFacts.Of(activity);
        if (CallCost.Prices.Current is { } prices)
            CallCost.Set(activity, ref facts, prices.Book);
        Record(facts);
    }

    public static void Record(in CallFacts facts)
    {
        TagList tags = Tags(facts);
        if (facts.Usage[TokenKind.Input] is { } input)
            TokensUsed.Record(Count(input), With(tags, GenAI.Token.Type, Input));
        if (facts.Usage[TokenKind.Output] is { } output)
            TokensUsed.Record(Count(output), With(tags, GenAI.Token.Type, Output));
        if (facts.TimeToFirstChunk is { } first)
            TimeToFirstChunk.Record(first, tags);
        if (facts.Cost is { } cost)
            CostSpent.Record(cost, tags);
        OperationDuration.Record(facts.Duration, facts.ErrorType is null ? tags : With(tags, General.ErrorType, facts.ErrorType));
    }

    /// <summary>Counts the pause before a chunk.</summary>
    /// <param name="seconds">How long it was.</param>
    /// <param name="tags">From <see cref="ChunkTags"/>.</param>
    public static void RecordChunk(double seconds, KeyValuePair<string, object?>[] tags) => TimePerOutputChunk.Record(seconds, tags);

    /// <summary>The attributes of a stream's chunks, made once for all of them.</summary>
    public static KeyValuePair<string, object?>[] ChunkTags(in CallFacts facts) => [.. Tags(facts)];

    private static Histogram<double> Timer(string name, string description) =>
        Meter.CreateHistogram(name, "s", description, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

    private static TagList Tags(in CallFacts facts)
    {
        TagList tags = default;
        tags.Add(GenAI.OperationName, facts.Operation ?? GenAI.Operation.Chat);
        if (facts.Provider is not null)
            tags.Add(GenAI.ProviderName, facts.Provider);
        if (facts.RequestModel is not null)
            tags.Add(GenAI.Request.Model, facts.RequestModel);
        if (facts.ResponseModel is not null)
            tags.Add(GenAI.Response.Model, facts.ResponseModel);
        if (facts.ServerAddress is not null)
        {
            tags.Add(General.Server.Address, facts.ServerAddress);
            if (facts.ServerPort is { } port)
                tags.Add(General.Server.Port, port);
        }

        return tags;
    }

    // The list is a struct: a copy with one more.
    private static TagList With(TagList tags, string key, string value)
    {
        tags.Add(key, value);
        return tags;
    }

    private static int Count(long tokens) => (int)Math.Min(tokens, int.MaxValue);
}

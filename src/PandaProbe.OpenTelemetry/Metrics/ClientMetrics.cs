using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Runtime;

namespace PandaProbe.Metrics;

/// <summary>
/// Counts model calls and their cost. Sessions and users are on spans only: on metrics each would be a time series.
/// </summary>
internal static class ClientMetrics
{
    private const string Input = "input";
    private const string Output = "output";

    /// <summary>Whether anybody collects the metrics of calls.</summary>
    public static bool IsEnabled => Instruments.AreEnabled;

    /// <summary>Whether anybody collects the pauses between chunks.</summary>
    public static bool MeasuresChunks => Instruments.TimePerOutputChunk.Enabled;

    /// <summary>Whether a call of this kind is one that metrics count. What merely sums the calls below it (an agent, a tool loop) is not.</summary>
    public static bool Measures(ProbeSpanKind kind) => kind is ProbeSpanKind.Llm or ProbeSpanKind.Embedding && IsEnabled;

    /// <summary>Whether the scope itself has to count, because no PandaProbe processor sees its span.</summary>
    public static bool MeasuresWithoutProcessor(ProbeSpanKind kind) => !ProcessSettings.Current.HasProviders && Measures(kind);

    /// <summary>Counts the call that an ended span stands for, where no processor does.</summary>
    public static void Record(Activity activity)
    {
        CallFacts facts = CallFacts.Of(activity);
        if (ProcessSettings.Current.PriceBook is { } book)
            CallCost.Set(activity, ref facts, book);
        Record(facts);
    }

    public static void Record(in CallFacts facts)
    {
        TagList tags = Tags(facts);
        if (facts.Usage[TokenKind.Input] is { } input)
            Instruments.TokensUsed.Record(Count(input), With(tags, GenAI.Token.Type, Input));
        if (facts.Usage[TokenKind.Output] is { } output)
            Instruments.TokensUsed.Record(Count(output), With(tags, GenAI.Token.Type, Output));
        if (facts.TimeToFirstChunk is { } first)
            Instruments.TimeToFirstChunk.Record(first, tags);
        if (facts.Cost is { } cost)
            Instruments.CostSpent.Record(cost, tags);
        Instruments.OperationDuration.Record(facts.Duration, facts.ErrorType is null ? tags : With(tags, General.ErrorType, facts.ErrorType));
    }

    /// <summary>Counts the pause before a chunk.</summary>
    /// <param name="seconds">How long it was.</param>
    /// <param name="tags">From <see cref="ChunkTags"/>.</param>
    public static void RecordChunk(double seconds, KeyValuePair<string, object?>[] tags) => Instruments.TimePerOutputChunk.Record(seconds, tags);

    /// <summary>The attributes of a stream's chunks, made once for all of them.</summary>
    public static KeyValuePair<string, object?>[] ChunkTags(in CallFacts facts) => [.. Tags(facts)];

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

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

    /// <summary>Gets whether any listener collects the metrics of calls.</summary>
    public static bool IsEnabled => Instruments.AreEnabled;

    /// <summary>Gets whether any listener collects the time between chunks.</summary>
    public static bool MeasuresChunks => Instruments.TimePerOutputChunk.Enabled;

    /// <summary>
    /// Returns whether metrics count calls of this kind. They do not count an agent or a tool loop, which only sum the calls below them.
    /// </summary>
    public static bool Measures(ProbeSpanKind kind) => kind is ProbeSpanKind.Llm or ProbeSpanKind.Embedding && IsEnabled;

    /// <summary>Returns whether the scope must count the call, because no PandaProbe processor sees its span.</summary>
    public static bool MeasuresWithoutProcessor(ProbeSpanKind kind) => !ProcessSettings.Current.HasProviders && Measures(kind);

    /// <summary>Counts the call of an ended span that no PandaProbe processor sees.</summary>
    public static void Record(Activity activity)
    {
        var facts = CallFacts.Of(activity);
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
        Instruments.OperationDuration.Record(
            facts.Duration, facts.ErrorType is null ? tags : With(tags, General.ErrorType, facts.ErrorType));
    }

    /// <summary>Records the time before a chunk.</summary>
    /// <param name="seconds">The time since the previous chunk, in seconds.</param>
    /// <param name="tags">From <see cref="ChunkTags"/>.</param>
    public static void RecordChunk(double seconds, KeyValuePair<string, object?>[] tags) =>
        Instruments.TimePerOutputChunk.Record(seconds, tags);

    /// <summary>Makes the attributes for all chunks of a stream.</summary>
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

    // TagList is a struct, so the caller's list does not change.
    private static TagList With(TagList tags, string key, string value)
    {
        tags.Add(key, value);
        return tags;
    }

    private static int Count(long tokens) => (int)Math.Min(tokens, int.MaxValue);
}

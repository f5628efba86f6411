using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Runtime;

namespace PandaProbe.Metrics;

/// <summary>
/// Computes the cost of a call from its tokens and a price book. A model without a price has no cost, rather than a cost of zero.
/// </summary>
internal static class CallCost
{
    public const string FromPriceBook = "price_book";

    /// <summary>Sets the cost on a span that has none, and in <paramref name="facts"/>.</summary>
    public static void Set(Activity activity, ref CallFacts facts, PriceBook book)
    {
        if (!TryGet(facts, book, activity.StartTimeUtc, out Cost cost))
            return;

        facts.Cost = (double)cost.Total;
        object total = facts.Cost;
        activity.SetTag(Pandaprobe.Cost.Total, total);
        activity.SetTag(GenAI.Usage.Cost, total);
        SetPart(activity, "input", cost.Input);
        SetPart(activity, "output", cost.Output);
        SetPart(activity, "cache_read", cost.CacheRead);
        SetPart(activity, "cache_write", cost.CacheWrite);
        SetPart(activity, "audio_input", cost.AudioInput);
        SetPart(activity, "audio_output", cost.AudioOutput);
        SetPart(activity, "image_input", cost.ImageInput);
        SetPart(activity, "image_output", cost.ImageOutput);
        SetPart(activity, "request", cost.Request);
        activity.SetTag(Pandaprobe.Cost.Source, FromPriceBook);
        activity.SetTag(Pandaprobe.Cost.PriceVersion, cost.PriceVersion);
    }

    /// <summary>Sets the cost of a call that is not recorded, unless the caller set it.</summary>
    public static void Set(ref CallFacts facts, DateTime at)
    {
        if (ProcessSettings.Current.PriceBook is { } book && TryGet(facts, book, at, out Cost cost))
            facts.Cost = (double)cost.Total;
    }

    private static bool TryGet(in CallFacts facts, PriceBook book, DateTime at, out Cost cost)
    {
        cost = default;
        if (facts.Cost is not null || (facts.Usage[TokenKind.Input] is null && facts.Usage[TokenKind.Output] is null))
            return false;

        // This library counted the prompt of a failed call. Nothing shows that the provider charged it.
        if (facts.ErrorType is not null && facts.Usage[TokenKind.Output] is null && facts.CountMethod != UsageTags.Reported)
            return false;

        var usage = TokenUsage.Inclusive(facts.Usage);
        DateTimeOffset moment = new(at);
        return (facts.ResponseModel is not null && book.TryGetCost(facts.Provider, facts.ResponseModel, usage, moment, out cost))
            || (facts.RequestModel is not null && book.TryGetCost(facts.Provider, facts.RequestModel, usage, moment, out cost));
    }

    private static void SetPart(Activity activity, string name, decimal amount)
    {
        if (amount != 0)
            activity.SetTag(PrefixedNames.Cost[name], (double)amount);
    }
}

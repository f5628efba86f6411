using System.Diagnostics;
using PandaProbe.Content;
using PandaProbe.Conventions;
using PandaProbe.Pricing;
using PandaProbe.Tokenization;
using PandaProbe.Values;

namespace PandaProbe.Metrics;

/// <summary>Sets token counts and costs as tags.</summary>
internal static class UsageTags
{
    public const string Reported = "reported";
    public const string CostFromCaller = "caller";
    public const string CostFromProvider = "provider";

    // 10^12 dollars is more than any call can cost, and the sum of such amounts fits a decimal.
    public const decimal LargestCost = 1_000_000_000_000m;

    public static void SetTokenUsage(Activity activity, long? promptTokens, long? completionTokens, in ProbeFields details)
    {
        TokenCounts counts = default;
        counts[TokenKind.Input] = Valid(activity, "prompt_tokens", promptTokens);
        counts[TokenKind.Output] = Valid(activity, "completion_tokens", completionTokens);
        bool any = counts[TokenKind.Input] is not null || counts[TokenKind.Output] is not null;
        for (int i = 0; i < details.Count; i++)
            any |= SetDetail(activity, ref counts, details[i].Key, details[i].Value);
        foreach ((string? key, ProbeValue value) in details.ReadSource())
            any |= SetDetail(activity, ref counts, key, value);

        if (!any)
            return;

        // Parts are checked against their total, which may have been set earlier.
        counts[TokenKind.Input] ??= CallFacts.Integer(activity.GetTagItem(GenAI.Usage.InputTokens));
        counts[TokenKind.Output] ??= CallFacts.Integer(activity.GetTagItem(GenAI.Usage.OutputTokens));
        Set(activity, TokenUsage.Inclusive(counts));
        activity.SetTag(Pandaprobe.TokenCountMethod, Reported);
    }

    /// <summary>Sets the usage that a provider reported.</summary>
    public static void SetTokenUsage(Activity activity, in TokenUsage usage)
    {
        if ((usage.Notes & (TokenUsageNotes.NegativeRefused | TokenUsageNotes.AbsurdRefused)) != 0)
            FieldTags.Refuse(activity, "token_usage", "a count is negative or absurdly large");
        if (usage.IsEmpty)
            return;

        Set(activity, usage);
        activity.SetTag(Pandaprobe.TokenCountMethod, Reported);
    }

    /// <summary>Sets a token count of this library. The method is <c>estimated</c> as soon as one of the span's counts is.</summary>
    public static void SetCounted(Activity activity, string name, TokenCount count)
    {
        activity.SetTag(name, Boxes.Integer(count.Tokens));
        if (activity.GetTagItem(Pandaprobe.TokenCountMethod) is not TokenCounting.Estimated)
            activity.SetTag(Pandaprobe.TokenCountMethod, TokenCounting.Name(count.Method));
    }

    public static void SetCost(Activity activity, decimal? total, in ProbeFields parts)
    {
        decimal sum = 0;
        bool any = false;
        for (int i = 0; i < parts.Count; i++)
            any |= SetCostPart(activity, parts[i].Key, parts[i].Value, ref sum, ref total);
        foreach ((string? key, ProbeValue value) in parts.ReadSource())
            any |= SetCostPart(activity, key, value, ref sum, ref total);

        // Backends sum totals, so parts without a total need one.
        decimal? amount = total ?? (any ? sum : null);
        if (amount is null)
            return;

        if (amount is < 0 or > LargestCost)
        {
            FieldTags.Refuse(activity, "cost", $"{amount} is not a cost");
            return;
        }

        object boxed = (double)amount.Value;
        activity.SetTag(Pandaprobe.Cost.Total, boxed);
        activity.SetTag(GenAI.Usage.Cost, boxed);
        activity.SetTag(Pandaprobe.Cost.Source, CostFromCaller);
    }

    /// <summary>
    /// Returns the caller's total, otherwise the sum of the parts; <see langword="null"/> when there is none or it is out of range.
    /// </summary>
    public static decimal? TotalOf(decimal? total, in ProbeFields parts)
    {
        decimal sum = 0;
        bool any = false;
        for (int i = 0; i < parts.Count; i++)
            Add(parts[i].Key, parts[i].Value);
        foreach ((string? key, ProbeValue value) in parts.ReadSource())
            Add(key, value);
        return (total ?? (any ? sum : null)) is { } amount and >= 0 and <= LargestCost ? amount : null;

        void Add(string key, ProbeValue value)
        {
            if (!value.TryGetDecimal(out decimal part) || part is < 0 or > LargestCost)
                return;

            if (key is "total" or "total_cost")
                total ??= part;
            else
                (sum, any) = (sum + part, true);
        }
    }

    private static void Set(Activity activity, in TokenUsage usage)
    {
        TokenCounts counts = usage.Counts;
        foreach (UsageNames names in UsageNames.All)
            SetCount(activity, names.Tag, counts[names.Kind]);
        if (usage.Notes != TokenUsageNotes.None)
            activity.SetTag(PrefixedNames.Metadata["token_usage_notes"], usage.Notes.ToString());
    }

    private static bool SetDetail(Activity activity, ref TokenCounts counts, string key, ProbeValue value)
    {
        if (!value.TryGetInteger(out long number))
        {
            FieldTags.Refuse(activity, key, $"'{value}' is not a number of tokens");
            return false;
        }

        if (Valid(activity, key, number) is not { } count)
            return false;

        if (UsageNames.OfKey(key) is { } names)
            counts[names.Kind] = count;
        else
            SetCount(activity, PrefixedNames.Usage[key], count);
        return true;
    }

    private static long? Valid(Activity activity, string field, long? count)
    {
        if (count is null or (>= 0 and <= TokenUsage.MaxCount))
            return count;

        FieldTags.Refuse(activity, field, $"{count} is not a number of tokens");
        return null;
    }

    private static void SetCount(Activity activity, string name, long? count)
    {
        if (count is { } known)
            activity.SetTag(name, Boxes.Integer(known));
    }

    private static bool SetCostPart(Activity activity, string key, ProbeValue value, ref decimal sum, ref decimal? total)
    {
        if (!value.TryGetDecimal(out decimal amount) || amount is < 0 or > LargestCost)
        {
            FieldTags.Refuse(activity, "cost." + key, $"'{value}' is not a cost");
            return false;
        }

        if (key is "total" or "total_cost")
        {
            total ??= amount;
            return true;
        }

        sum += amount;
        activity.SetTag(PrefixedNames.Cost[key], (double)amount);
        return true;
    }
}

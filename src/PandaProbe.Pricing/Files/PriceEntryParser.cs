using System.Globalization;

namespace PandaProbe.Pricing;

/// <summary>Validates price entries and converts them to prices.</summary>
internal static class PriceEntryParser
{
    internal const string TiersName = "tiers";

    /// <exception cref="FormatException">An entry is malformed or invalid.</exception>
    internal static List<ModelPrice> Parse(IEnumerable<PriceEntry> entries)
    {
        List<ModelPrice> prices = [];
        foreach (PriceEntry entry in entries)
        {
            try
            {
                prices.Add(Parse(entry));
            }
            catch (FormatException fault)
            {
                throw new FormatException($"model {prices.Count + 1}: {fault.Message}");
            }
        }

        return prices;
    }

    /// <summary>
    /// Removes case and underscores, so that <c>cache_read</c>, <c>CacheRead</c> and <c>cacheRead</c> are equal.
    /// </summary>
    internal static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static ModelPrice Parse(PriceEntry entry)
    {
        var price = new ModelPrice();
        foreach ((string? name, string? text) in entry.Values)
        {
            switch (Plain(name))
            {
                case "model":
                    price.Model = text;
                    break;
                case "provider":
                    price.Provider = text;
                    break;
                case "match":
                    price.Match = ParseMatch(text);
                    break;
                case "from":
                    price.From = ParseDay(text);
                    break;
                default:
                    SetPrice(price, name, text);
                    break;
            }
        }

        foreach (PriceEntry tier in entry.Tiers)
            price.Tiers.Add(ParseTier(tier));
        return price.FindFault() is { } fault ? throw new FormatException(fault) : price;
    }

    private static ModelPriceTier ParseTier(PriceEntry entry)
    {
        var tier = new ModelPriceTier { AboveInputTokens = -1 };
        foreach ((string? name, string? text) in entry.Values)
        {
            if (Plain(name) == "above")
                tier.AboveInputTokens = ParseCount(name, text);
            else
                SetPrice(tier, name, text);
        }

        return tier.AboveInputTokens >= 0 ? tier : throw new FormatException("a tier needs 'above', a number of input tokens");
    }

    private static void SetPrice(TokenPrices prices, string name, string text)
    {
        string plain = Plain(name) is "cachewrite1h" ? nameof(RateKind.CacheWriteOneHour) : Plain(name);
        foreach (RateKind kind in RateKinds.All)
        {
            if (!plain.Equals(kind.ToString(), StringComparison.OrdinalIgnoreCase))
                continue;
            prices[kind] = ParseDecimal(name, text);
            return;
        }

        throw new FormatException($"'{name}' is not known");
    }

    private static ModelMatch ParseMatch(string text) => Plain(text) switch
    {
        "equals" or "exact" => ModelMatch.Exact,
        "prefix" => ModelMatch.Prefix,
        "contains" => ModelMatch.Contains,
        "regex" => ModelMatch.Regex,
        _ => throw new FormatException($"'match' is '{text}', but must be equals, prefix, contains or regex"),
    };

    private static DateOnly ParseDay(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            ? day
            : throw new FormatException($"'from' is '{text}', but must be a day such as 2027-01-31");

    private static decimal ParseDecimal(string name, string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : throw Misunderstood(name, text);

    private static long ParseCount(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Misunderstood(name, text);

    private static FormatException Misunderstood(string name, string text) => new($"'{name}' is '{text}', but must be a number");
}

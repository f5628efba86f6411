namespace PandaProbe.Pricing;

/// <summary>Holds all custom prices for one name and provider.</summary>
internal sealed record CustomModel(string? Provider, PricedModel Prices)
{
    private const string Version = "custom";

    /// <summary>Sorts prices into their matching order: the most specific first.</summary>
    internal static IEnumerable<CustomModel> Rank(CustomPrice[] prices) => prices
        .GroupBy(price => (price.Provider, price.Match, price.Model))
        .OrderBy(group => group.Key.Match)
        .ThenBy(group => group.Key.Provider is null)
        .ThenByDescending(group => group.Key.Model.Length)
        .Select(group => new CustomModel(group.Key.Provider, ModelOf(group.Key.Match, group.Key.Model, PeriodsOf(group))));

    private static PricedModel ModelOf(ModelMatch match, string name, PricePeriod[] periods) =>
        new(name, PatternOf(match, name), periods, Version) { LeavesThePast = true };

    // The sort is stable, so of two prices for one day the later one is last, and the last one wins.
    private static PricePeriod[] PeriodsOf(IEnumerable<CustomPrice> prices) =>
        [.. prices.OrderBy(price => price.Day ?? DateOnly.MinValue).Select(price => new PricePeriod(price.Day, null, null, price.Rates))];

    private static ModelPattern PatternOf(ModelMatch match, string text) => new(
        match switch
        {
            ModelMatch.Prefix => PatternKind.Prefix,
            ModelMatch.Contains => PatternKind.Contains,
            ModelMatch.Regex => PatternKind.Regex,
            _ => PatternKind.Exact,
        },
        text)
    {
        IsForeign = true,
    };
}

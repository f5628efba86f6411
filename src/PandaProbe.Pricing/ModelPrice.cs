namespace PandaProbe.Pricing;

/// <summary>
/// The price of a model, or of all models whose name fits a pattern. It goes before the prices that come with this package.
/// </summary>
/// <example>
/// <code>
/// PriceBook book = PriceBook.Default.With(
///     new ModelPrice { Model = "my-model", Input = 1.25m, Output = 10m, CacheRead = 0.125m },
///     new ModelPrice { Model = "gpt-5", Match = ModelMatch.Prefix, Provider = "azure.ai.openai", Input = 1.1m });
/// </code>
/// </example>
public sealed class ModelPrice : TokenPrices
{
    private const decimal MaxPrice = 1_000_000_000m;

    /// <summary>The model's name, or the pattern that <see cref="Match"/> says it is.</summary>
    public string Model { get; set; } = "";

    /// <summary>The provider it is bought from, such as <c>openai</c> or <c>azure.ai.openai</c>; <see langword="null"/> for any.</summary>
    public string? Provider { get; set; }

    /// <summary>How <see cref="Model"/> is compared.</summary>
    public ModelMatch Match { get; set; }

    /// <summary>What one request costs, in US dollars, beside its tokens.</summary>
    public decimal? PerRequest { get => this[RateKind.Request]; set => this[RateKind.Request] = value; }

    /// <summary>
    /// The first day, in UTC, on which the price holds; <see langword="null"/> for always. Several prices for one model with different
    /// days follow each other.
    /// </summary>
    public DateOnly? From { get; set; }

    /// <summary>Prices for long requests.</summary>
    public IList<ModelPriceTier> Tiers { get; } = [];

    /// <summary>Says what is wrong with the price, or <see langword="null"/>.</summary>
    internal string? FindFault()
    {
        if (string.IsNullOrWhiteSpace(Model))
            return "a price needs a model";
        if (Model.Length > PriceBook.MaxNameLength)
            return $"the model's name is longer than {PriceBook.MaxNameLength} characters";
        if (!Enum.IsDefined(Match))
            return $"'{Match}' is not a way to match '{Model}'";
        if (Match == ModelMatch.Regex && ModelPattern.FindFault(Model) is { } fault)
            return $"the regular expression '{Model}' is not valid: {fault}";

        bool hasPrice = false;
        foreach (RateKind kind in RateKinds.All)
        {
            hasPrice |= this[kind] is not null;
            if (this[kind] is < 0 or > MaxPrice)
                return $"the {kind} price of '{Model}' must be between 0 and {MaxPrice}";
            if (this[kind] is null && Tiers.Any(tier => tier[kind] is not null))
                return $"a tier of '{Model}' has a price for {kind} that the model itself lacks";
            if (Tiers.Any(tier => tier[kind] is < 0 or > MaxPrice))
                return $"the {kind} price in a tier of '{Model}' must be between 0 and {MaxPrice}";
        }

        if (Tiers.Any(tier => tier.AboveInputTokens is < 0 or > TokenUsage.MaxCount))
            return $"a tier of '{Model}' must start at 0 or more input tokens";
        return hasPrice ? null : $"'{Model}' has no price at all";
    }
}

namespace PandaProbe.Pricing;

/// <summary>
/// The price of a model, or of all models with a matching name. It takes precedence over the prices of this package.
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

    /// <summary>Gets or sets the model's name, or a pattern of the kind given by <see cref="Match"/>.</summary>
    public string Model { get; set; } = "";

    /// <summary>
    /// Gets or sets the provider, such as <c>openai</c> or <c>azure.ai.openai</c>. <see langword="null"/>, the default, matches any.
    /// </summary>
    public string? Provider { get; set; }

    /// <summary>Gets or sets how <see cref="Model"/> is compared. The default is <see cref="ModelMatch.Exact"/>.</summary>
    public ModelMatch Match { get; set; }

    /// <summary>
    /// Gets or sets the price of one request, in US dollars, in addition to its tokens. <see langword="null"/>, the default, charges
    /// nothing.
    /// </summary>
    public decimal? PerRequest { get => this[RateKind.Request]; set => this[RateKind.Request] = value; }

    /// <summary>
    /// Gets or sets the price of one web search by the provider, in US dollars. <see langword="null"/>, the default, charges nothing.
    /// </summary>
    public decimal? PerWebSearch { get => this[RateKind.WebSearch]; set => this[RateKind.WebSearch] = value; }

    /// <summary>
    /// Gets or sets the first day of the price, in UTC. <see langword="null"/>, the default, means always. Of several prices for one model,
    /// each holds until the day of the next.
    /// </summary>
    public DateOnly? From { get; set; }

    /// <summary>Gets the prices for long requests. The default is none.</summary>
    public IList<ModelPriceTier> Tiers { get; } = [];

    /// <summary>Returns the first error in the price; <see langword="null"/> if there is none.</summary>
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

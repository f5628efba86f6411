using System.Collections.Concurrent;

namespace PandaProbe.Pricing;

/// <summary>
/// Computes the cost of model calls. <see cref="Default"/> has the prices of this package. <see cref="With"/> and <see cref="WithFile"/>
/// create a book in which your own prices take precedence. Instances are immutable and thread-safe.
/// </summary>
/// <remarks>
/// Your own prices are tried in this order: exact names, prefixes, parts of names, regular expressions. Of the same kind, a price with a
/// provider precedes one without, a longer text precedes a shorter one, and a later price precedes an earlier one.
/// </remarks>
/// <example>
/// <code>
/// PriceBook book = PriceBook.Default.With(new ModelPrice { Model = "my-model", Input = 1.25m, Output = 10m });
///
/// TokenUsage usage = TokenUsage.Inclusive(input: 1200, output: 80, cacheRead: 1024);
/// if (book.TryGetCost("openai", "gpt-5.4", usage, DateTimeOffset.UtcNow, out Cost cost))
///     Console.WriteLine(cost.Total);
/// </code>
/// </example>
public sealed class PriceBook
{
    /// <summary>The maximum length of a model name. Longer ones match no model and would only fill the cache.</summary>
    internal const int MaxNameLength = 255;

    private const int MaxCachedLookups = 2048;

    // The user's prices: an earlier layer takes precedence over a later one.
    private readonly CustomPrice[][] _layers;
    private readonly CustomModel[] _models;
    private ConcurrentDictionary<(string? Provider, string Model), PricedModel[]> _found = new();
    private int _count;

    private PriceBook(CustomPrice[][] layers)
    {
        _layers = layers;
        _models = [.. layers.SelectMany(CustomModel.Rank)];
    }

    /// <summary>Gets the prices of this package. They are the same in the whole process and never change.</summary>
    public static PriceBook Default { get; } = new([[]]);

    /// <summary>Gets the date of the prices in this package, such as <c>2026-11-20</c>.</summary>
    public static string Version => PriceCatalog.Current.Version;

    /// <summary>Creates a book with additional prices of your own.</summary>
    /// <param name="prices">
    /// The prices. They take precedence over the package's, and each replaces this book's price for the same model, provider and day. They
    /// are copied: later changes to the objects have no effect.
    /// </param>
    /// <returns>The new book. This one stays unchanged.</returns>
    /// <exception cref="ArgumentException">A price is invalid. The message says why.</exception>
    public PriceBook With(params ModelPrice[] prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        foreach (ModelPrice price in prices)
        {
            ArgumentNullException.ThrowIfNull(price, nameof(prices));
            if (price.FindFault() is { } fault)
                throw new ArgumentException(fault, nameof(prices));
        }

        return new([[.. _layers[0], .. prices.Select(CustomPrice.From)], .. _layers[1..]]);
    }

    /// <summary>Creates a book with additional prices from a JSON file, like <see cref="With"/>. The file is read once.</summary>
    /// <param name="path">The path of the file.</param>
    /// <returns>The new book. This one stays unchanged.</returns>
    /// <exception cref="FormatException">The file is not a list of valid prices. The message says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <example>
    /// <code>
    /// { "models": [
    ///   { "model": "my-model", "input": 1.25, "output": 10, "cache_read": 0.125, "cache_write": 1.5, "cache_write_1h": 2.5 },
    ///   { "model": "my-model", "from": "2027-01-01", "input": 1, "output": 8 },
    ///   { "model": "gpt-5", "match": "prefix", "provider": "openai", "input": 1.25, "output": 10,
    ///     "tiers": [ { "above": 200000, "input": 2.5, "output": 15 } ] } ] }
    /// </code>
    /// </example>
    public PriceBook WithFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return With([.. PriceFile.Parse(File.ReadAllBytes(path))]);
    }

    /// <summary>Gets the cost of a call.</summary>
    /// <param name="provider">The provider, by its <c>gen_ai.provider.name</c> or another common name. <see langword="null"/> finds the
    /// price by the model alone.</param>
    /// <param name="model">The model of the response; if unknown, the requested model. <see langword="null"/> has no price.</param>
    /// <param name="usage">The tokens of the call.</param>
    /// <param name="at">The time of the call. Prices change over the years and, with some providers, over the day.</param>
    /// <param name="cost">The cost, if there is a price.</param>
    /// <returns>
    /// <see langword="false"/> if the model has no price or the tokens are unknown. An unknown cost is not a cost of zero.
    /// </returns>
    public bool TryGetCost(string? provider, string? model, in TokenUsage usage, DateTimeOffset at, out Cost cost)
    {
        cost = default;
        if (usage.IsEmpty || string.IsNullOrEmpty(model) || model.Length > MaxNameLength || provider?.Length > MaxNameLength)
            return false;

        if (!_found.TryGetValue((provider, model), out PricedModel[]? candidates))
            candidates = Resolve(provider, model);

        DateTime utc = at.UtcDateTime;
        foreach (PricedModel candidate in candidates)
        {
            if (candidate.RatesAt(utc) is { } rates)
                return rates.TryGetCost(usage, candidate.Version, out cost);
        }

        return false;
    }

    /// <summary>Creates a book in which these valid prices rank below this book's own prices and above the package's.</summary>
    internal PriceBook WithFallback(IEnumerable<ModelPrice> prices) => new([.. _layers, [.. prices.Select(CustomPrice.From)]]);

    private PricedModel[] Resolve(string? provider, string model)
    {
        PriceCatalog catalog = PriceCatalog.Current;
        string? providerName = provider?.Trim().ToLowerInvariant();
        string modelName = model.Trim().ToLowerInvariant();
        PricedModel? builtIn = catalog.Find(providerName is { Length: 0 } ? null : providerName, modelName, out string? providerId);

        List<PricedModel> found = [];
        foreach (CustomModel candidate in _models)
        {
            bool isForProvider = candidate.Provider is null || catalog.IdOf(candidate.Provider) == providerId;
            if (isForProvider && candidate.Prices.Pattern.Matches(modelName))
                found.Add(candidate.Prices);
        }

        if (builtIn is not null)
            found.Add(builtIn);

        // Callers control the names, so the cache is bounded. Clearing it costs one lookup for each name.
        if (Interlocked.Increment(ref _count) > MaxCachedLookups)
        {
            Interlocked.Exchange(ref _count, 1);
            _found = new();
        }

        return _found[(provider, model)] = [.. found];
    }
}

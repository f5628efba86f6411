using System.Collections.Concurrent;

namespace PandaProbe.Pricing;

/// <summary>
/// What models cost. <see cref="Default"/> has the prices that come with this package; <see cref="With"/> and <see cref="WithFile"/> make a book in which your own go before
/// them. A book never changes. All members can be used from several threads at once.
/// </summary>
/// <remarks>
/// Of your own prices, a whole name goes before a prefix, that before a part and that before a regular expression; with a provider goes before without; longer before
/// shorter; and later before earlier.
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
    /// <summary>Longer names are nobody's model, and would only fill memory.</summary>
    internal const int MaxNameLength = 255;

    private const int MaxCachedLookups = 2048;

    // The user's prices: those of an earlier layer go before those of a later one.
    private readonly CustomPrice[][] _layers;
    private readonly CustomModel[] _models;
    private ConcurrentDictionary<(string? Provider, string Model), PricedModel[]> _found = new();
    private int _count;

    private PriceBook(CustomPrice[][] layers)
    {
        _layers = layers;
        _models = [.. layers.SelectMany(CustomModel.Rank)];
    }

    /// <summary>Gets the prices that come with this package. They are the same for the whole process and never change.</summary>
    public static PriceBook Default { get; } = new([[]]);

    /// <summary>Gets the day on which the prices in this package were put together, such as <c>2026-11-20</c>.</summary>
    public static string Version => PriceCatalog.Current.Version;

    /// <summary>Makes a book that has prices of your own beside those of this one.</summary>
    /// <param name="prices">
    /// The prices. They go before the package's, and each replaces what this book says for the same model, provider and day. They are copied: changing the objects
    /// afterwards changes nothing.
    /// </param>
    /// <returns>The new book; this one stays as it is.</returns>
    /// <exception cref="ArgumentException">A price makes no sense; the message says why.</exception>
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

    /// <summary>Makes a book that has the prices of a JSON file beside those of this one, as <see cref="With"/> does. The file is read once.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The new book; this one stays as it is.</returns>
    /// <exception cref="FormatException">The file is not a list of prices; the message says what is wrong with it.</exception>
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

    /// <summary>Finds out what a call costs.</summary>
    /// <param name="provider">Who answered the call, by its <c>gen_ai.provider.name</c> or another common name; <see langword="null"/> to
    /// go by the model alone.</param>
    /// <param name="model">The model: the one that answered, if that is known, else the one that was asked for.</param>
    /// <param name="usage">The tokens of the call.</param>
    /// <param name="at">When the call was made. Prices change over the years and, with some providers, over the day.</param>
    /// <param name="cost">The cost, when there is a price.</param>
    /// <returns>
    /// <see langword="false"/> when the model has no price, or the tokens are not known: then there is no cost, which is not the same as
    /// none.
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

    /// <summary>Makes a book in which these prices, all of them valid, go after this one's own and before the package's.</summary>
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

        // Names may come from anywhere, so what is remembered of them is bounded; starting over costs each name one lookup.
        if (Interlocked.Increment(ref _count) > MaxCachedLookups)
        {
            Interlocked.Exchange(ref _count, 1);
            _found = new();
        }

        return _found[(provider, model)] = [.. found];
    }
}

using System.Collections.Concurrent;
using PandaProbe.Usage;

namespace PandaProbe;

/// <summary>
/// What models cost. Starts with the prices that come with this package; your own go before them, whether added in code, read from a file
/// or taken from configuration. All members can be used from several threads at once.
/// </summary>
/// <remarks>
/// Of your own prices, those added in code are tried first, then the file's, then the configuration's. Within each, a whole name goes
/// before a prefix, that before a part and that before a regular expression; with a provider goes before without; longer before shorter;
/// and later before earlier.
/// </remarks>
/// <example>
/// <code>
/// PriceBook.Default.Add(new ModelPrice { Model = "my-model", Input = 1.25m, Output = 10m });
///
/// var usage = TokenUsage.Inclusive(input: 1200, output: 80, cacheRead: 1024);
/// if (PriceBook.Default.TryGetCost("openai", "gpt-5.4", usage, DateTimeOffset.UtcNow, out var cost))
///     Console.WriteLine(cost.Total);
/// </code>
/// </example>
public sealed class PriceBook
{
    /// <summary>Longer names are nobody's model, and would only fill memory.</summary>
    internal const int MaxNameLength = 255;

    private const int MaxCachedLookups = 2048;

    private readonly object _writing = new();
    private CustomPrice[] _fromCode = [];
    private CustomPrice[] _fromFile = [];
    private CustomPrice[] _fromConfiguration = [];
    private volatile Lookups _lookups = new([]);

    /// <summary>The price book that is used when nothing else is said.</summary>
    public static PriceBook Default { get; } = new();

    /// <summary>The day on which the prices in this package were put together, such as <c>2026-11-20</c>.</summary>
    public static string Version => PriceCatalog.Current.Version;

    /// <summary>
    /// Adds a price of your own. It replaces what the package says, and what was added before for the same model, provider and day.
    /// </summary>
    /// <param name="price">The price. It is copied: changing the object afterwards changes nothing.</param>
    /// <exception cref="ArgumentException">The price makes no sense; the message says why.</exception>
    public void Add(ModelPrice price)
    {
        ArgumentNullException.ThrowIfNull(price);
        if (price.FindFault() is { } fault)
            throw new ArgumentException(fault, nameof(price));

        var added = CustomPrice.From(price);
        lock (_writing)
        {
            _fromCode = [.. _fromCode, added];
            Rebuild();
        }
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

        var utc = at.UtcDateTime;
        foreach (var candidate in _lookups.Find(provider, model))
        {
            if (candidate.RatesAt(utc) is { } rates)
                return rates.TryGetCost(usage, candidate.Version, out cost);
        }

        return false;
    }

    /// <summary>Replaces all prices that came from the price file.</summary>
    internal void ReplaceFilePrices(IEnumerable<ModelPrice> prices) => Replace(ref _fromFile, prices);

    /// <summary>Replaces all prices that came from configuration.</summary>
    internal void ReplaceConfiguredPrices(IEnumerable<ModelPrice> prices) => Replace(ref _fromConfiguration, prices);

    private void Replace(ref CustomPrice[] layer, IEnumerable<ModelPrice> prices)
    {
        CustomPrice[] replacement = [.. prices.Select(CustomPrice.From)];
        lock (_writing)
        {
            layer = replacement;
            Rebuild();
        }
    }

    private void Rebuild() =>
        _lookups = new([.. CustomModel.Rank(_fromCode), .. CustomModel.Rank(_fromFile), .. CustomModel.Rank(_fromConfiguration)]);

    /// <summary>One state of the price book, and the models that were looked up in it.</summary>
    private sealed class Lookups(CustomModel[] custom)
    {
        private ConcurrentDictionary<LookupKey, PricedModel[]> _found = new();
        private int _count;

        internal PricedModel[] Find(string? provider, string model)
        {
            var key = new LookupKey(provider, model);
            return _found.TryGetValue(key, out var known) ? known : Resolve(key);
        }

        private PricedModel[] Resolve(LookupKey key)
        {
            var catalog = PriceCatalog.Current;
            var provider = key.Provider?.Trim().ToLowerInvariant();
            var model = key.Model.Trim().ToLowerInvariant();
            var builtIn = catalog.Find(provider is { Length: 0 } ? null : provider, model, out var providerId);

            List<PricedModel> found = [];
            foreach (var candidate in custom)
            {
                var isForProvider = candidate.Provider is null || catalog.IdOf(candidate.Provider) == providerId;
                if (isForProvider && candidate.Prices.Pattern.Matches(model))
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

            return _found[key] = [.. found];
        }
    }

    private readonly record struct LookupKey(string? Provider, string Model);
}

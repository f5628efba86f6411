using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PandaProbe.Pricing;

namespace PandaProbe.Tools.PriceBookData;

/// <summary>Reads the data set's JSON into the library's own types.</summary>
internal static partial class Source
{
    private static readonly Dictionary<string, RateKind> Kinds = new()
    {
        ["input_mtok"] = RateKind.Input,
        ["output_mtok"] = RateKind.Output,
        ["cache_read_mtok"] = RateKind.CacheRead,
        ["cache_write_mtok"] = RateKind.CacheWrite,
        ["cache_write_1h_mtok"] = RateKind.CacheWriteOneHour,
        ["input_audio_mtok"] = RateKind.AudioInput,
        ["output_audio_mtok"] = RateKind.AudioOutput,
        ["cache_audio_read_mtok"] = RateKind.AudioCacheRead,
        ["input_image_mtok"] = RateKind.ImageInput,
        ["output_image_mtok"] = RateKind.ImageOutput,
        ["requests_kcount"] = RateKind.Request,
    };

    /// <summary>Prices of things that a span does not count.</summary>
    private static readonly HashSet<string> LeftOut =
    [
        "audio_hours", "input_audio_hours", "input_document_kpages", "input_annotated_document_kpages", "input_text_messages_kcount",
        "web_searches_kcount", "storage_searches_kcount", "cache_image_read_mtok", "input_video_mtok", "output_video_mtok",
    ];

    private static readonly HashSet<string> ProviderKeys =
        ["id", "name", "provider_match", "model_match", "api_pattern", "models", "fallback_model_providers"];

    private static readonly HashSet<string> ModelKeys = ["id", "match", "context_window", "prices"];

    internal static PriceCatalog Read(string path, string version)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new PriceCatalog(version, [.. document.RootElement.EnumerateArray().Select(provider => ReadProvider(provider, version))]);
    }

    internal static RateKind? KindOf(string key) =>
        Kinds.TryGetValue(key, out RateKind kind) ? kind
        : LeftOut.Contains(key) ? null
        : throw new FormatException($"The price key '{key}' is not known.");

    private static PricedProvider ReadProvider(JsonElement provider, string version)
    {
        Expect(provider, ProviderKeys);
        string id = provider.GetProperty("id").GetString()!;
        string[] fallbacks = provider.TryGetProperty("fallback_model_providers", out JsonElement given)
            ? [.. given.EnumerateArray().Select(fallback => fallback.GetString()!)]
            : id == "azure" ? ["openai"] : [];
        return new PricedProvider(
            id,
            provider.TryGetProperty("provider_match", out JsonElement providerMatch) ? ReadPattern(providerMatch) : null,
            provider.TryGetProperty("model_match", out JsonElement modelMatch) ? ReadPattern(modelMatch) : null,
            fallbacks,
            [.. provider.GetProperty("models").EnumerateArray().Select(model => ReadModel(model, version))]);
    }

    private static PricedModel ReadModel(JsonElement model, string version)
    {
        Expect(model, ModelKeys);
        JsonElement prices = model.GetProperty("prices");
        PricePeriod[] periods = prices.ValueKind == JsonValueKind.Array
            ? [.. prices.EnumerateArray().Select(ReadPeriod)]
            : [new PricePeriod(null, null, null, ReadRates(prices))];
        string id = model.GetProperty("id").GetString()!.ToLowerInvariant();
        return new PricedModel(id, ReadPattern(model.GetProperty("match")), periods, version);
    }

    private static PricePeriod ReadPeriod(JsonElement period)
    {
        Expect(period, ["constraint", "prices"]);
        TokenRates rates = ReadRates(period.GetProperty("prices"));
        if (!period.TryGetProperty("constraint", out JsonElement constraint))
            return new PricePeriod(null, null, null, rates);

        switch (constraint.GetProperty("type").GetString())
        {
            case "start_date":
                Expect(constraint, ["type", "start_date"]);
                string day = constraint.GetProperty("start_date").GetString()!;
                return new PricePeriod(DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture), null, null, rates);
            case "time_of_date":
                Expect(constraint, ["type", "start_time", "end_time"]);
                return new PricePeriod(null, ReadTime(constraint, "start_time"), ReadTime(constraint, "end_time"), rates);
            case var type:
                throw new FormatException($"The constraint '{type}' is not known.");
        }
    }

    private static TimeOnly ReadTime(JsonElement constraint, string key) =>
        TimeOnly.ParseExact(constraint.GetProperty(key).GetString()!, "HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static TokenRates ReadRates(JsonElement prices)
    {
        List<KeyValuePair<RateKind, Rate>> rates = [];
        foreach (JsonProperty price in prices.EnumerateObject())
        {
            if (KindOf(price.Name) is { } kind)
                rates.Add(new(kind, ReadRate(price.Value)));
        }

        return new TokenRates([.. rates]);
    }

    private static Rate ReadRate(JsonElement price)
    {
        if (price.ValueKind == JsonValueKind.Number)
            return new Rate(price.GetDecimal(), []);

        Expect(price, ["base", "tiers"]);
        IEnumerable<RateTier> tiers = price.GetProperty("tiers").EnumerateArray()
            .Select(tier => new RateTier(tier.GetProperty("start").GetInt64(), tier.GetProperty("price").GetDecimal()));
        return new Rate(price.GetProperty("base").GetDecimal(), [.. tiers.OrderBy(tier => tier.Start)]);
    }

    private static ModelPattern ReadPattern(JsonElement match)
    {
        JsonProperty clause = match.EnumerateObject().Single();
        return clause.Name switch
        {
            "equals" => Literal(PatternKind.Exact),
            "starts_with" => Literal(PatternKind.Prefix),
            "ends_with" => Literal(PatternKind.Suffix),
            "contains" => Literal(PatternKind.Contains),
            "regex" => ReadRegex(clause.Value.GetString()!),
            "or" => Compound(PatternKind.Any),
            "and" => Compound(PatternKind.All),
            _ => throw new FormatException($"The match clause '{clause.Name}' is not known."),
        };

        ModelPattern Literal(PatternKind kind) => new(kind, clause.Value.GetString()!.ToLowerInvariant());

        ModelPattern Compound(PatternKind kind) => new(kind, "", [.. clause.Value.EnumerateArray().Select(ReadPattern)]);
    }

    // What every match must begin with goes first, so that most names never need a regular expression to be built.
    private static ModelPattern ReadRegex(string text)
    {
        var regex = new ModelPattern(PatternKind.Regex, text);
        string prefix = LiteralPrefix().Match(text).Groups["prefix"].Value.Replace("\\", "", StringComparison.Ordinal);
        return text.Contains('|', StringComparison.Ordinal) || prefix.Length == 0
            ? regex
            : new ModelPattern(PatternKind.All, "", [new ModelPattern(PatternKind.Prefix, prefix), regex]);
    }

    [GeneratedRegex(@"^\^(?<prefix>(?:[a-z0-9/:-]|\\[.])+)(?![?*+{])")]
    private static partial Regex LiteralPrefix();

    private static void Expect(JsonElement element, IReadOnlySet<string> keys)
    {
        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (!keys.Contains(property.Name))
                throw new FormatException($"The key '{property.Name}' is not known.");
        }
    }

    private static void Expect(JsonElement element, string[] keys) => Expect(element, new HashSet<string>(keys));
}

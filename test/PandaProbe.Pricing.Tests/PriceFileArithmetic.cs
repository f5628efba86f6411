using System.Globalization;
using System.Text.Json;

namespace PandaProbe.Pricing.Tests;

/// <summary>
/// The price file's own arithmetic, written down a second time and differently: units are sets of dimensions, a unit's own tokens are
/// those that belong to no more particular unit that has a price, and periods are chosen from the last to the first.
/// </summary>
internal static class PriceFileArithmetic
{
    private static readonly Dictionary<string, string[]> Dimensions = new()
    {
        ["input_mtok"] = ["input"],
        ["cache_read_mtok"] = ["input", "read"],
        ["cache_write_mtok"] = ["input", "write"],
        ["cache_write_1h_mtok"] = ["input", "write", "1h"],
        ["input_audio_mtok"] = ["input", "audio"],
        ["cache_audio_read_mtok"] = ["input", "audio", "read"],
        ["input_image_mtok"] = ["input", "image"],
        ["output_mtok"] = ["output"],
        ["output_audio_mtok"] = ["output", "audio"],
        ["output_image_mtok"] = ["output", "image"],
    };

    internal static decimal Cost(string json, in TokenUsage usage, DateTimeOffset at)
    {
        using var document = JsonDocument.Parse(json);
        var counts = new Dictionary<string, long>
        {
            ["input_mtok"] = usage.Input ?? 0,
            ["cache_read_mtok"] = usage.CacheRead ?? 0,
            ["cache_write_mtok"] = usage.CacheWrite ?? 0,
            ["cache_write_1h_mtok"] = usage.CacheWriteOneHour ?? 0,
            ["input_audio_mtok"] = usage.AudioInput ?? 0,
            ["cache_audio_read_mtok"] = usage.AudioCacheRead ?? 0,
            ["input_image_mtok"] = usage.ImageInput ?? 0,
            ["output_mtok"] = usage.Output ?? 0,
            ["output_audio_mtok"] = usage.AudioOutput ?? 0,
            ["output_image_mtok"] = usage.ImageOutput ?? 0,
        };

        JsonElement prices = InForce(document.RootElement, at.ToUniversalTime());
        JsonProperty[] priced = prices.EnumerateObject().Where(price => Dimensions.ContainsKey(price.Name)).ToArray();
        decimal total = 0m;
        foreach (JsonProperty unit in priced)
        {
            long own = Own(unit.Name);
            own.ShouldBeGreaterThanOrEqualTo(0);
            total += PriceOf(unit.Value, counts["input_mtok"]) * own / 1_000_000m;
        }

        return total;

        long Own(string name) => counts[name] - priced
            .Where(part => part.Name != name && Dimensions[name].All(Dimensions[part.Name].Contains))
            .Sum(part => Own(part.Name));
    }

    private static JsonElement InForce(JsonElement prices, DateTimeOffset utc)
    {
        if (prices.ValueKind == JsonValueKind.Object)
            return prices;

        foreach (JsonElement period in prices.EnumerateArray().Reverse())
        {
            if (!period.TryGetProperty("constraint", out JsonElement constraint) || IsActive(constraint, utc))
                return period.GetProperty("prices");
        }

        return prices[0].GetProperty("prices");
    }

    private static bool IsActive(JsonElement constraint, DateTimeOffset utc)
    {
        if (constraint.TryGetProperty("start_date", out JsonElement day))
            return string.CompareOrdinal(utc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.GetString()) >= 0;

        string time = utc.ToString("HH:mm:ss", CultureInfo.InvariantCulture) + "Z";
        return string.CompareOrdinal(time, constraint.GetProperty("start_time").GetString()) >= 0
            && string.CompareOrdinal(time, constraint.GetProperty("end_time").GetString()) < 0;
    }

    private static decimal PriceOf(JsonElement price, long inputTokens)
    {
        if (price.ValueKind == JsonValueKind.Number)
            return price.GetDecimal();

        JsonElement[] reached = price.GetProperty("tiers").EnumerateArray().Where(tier => inputTokens > Start(tier)).ToArray();
        return reached.Length == 0 ? price.GetProperty("base").GetDecimal() : reached.MaxBy(Start).GetProperty("price").GetDecimal();

        static long Start(JsonElement tier) => tier.GetProperty("start").GetInt64();
    }
}

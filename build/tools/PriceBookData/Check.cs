using System.Globalization;
using System.Text.Json;
using PandaProbe.Pricing;

namespace PandaProbe.Tools.PriceBookData;

/// <summary>Compares the price book, as the library reads it, with the JSON it was made from.</summary>
internal static class Check
{
    internal static IEnumerable<string> FindFaults(PriceCatalog catalog, string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement[] providers = document.RootElement.EnumerateArray().ToArray();
        if (providers.Length != catalog.Providers.Length)
            yield return "the number of providers differs";

        foreach ((JsonElement provider, PricedProvider? written) in providers.Zip(catalog.Providers))
        {
            JsonElement[] models = provider.GetProperty("models").EnumerateArray().ToArray();
            if (models.Length != written.Models.Length)
                yield return $"{written.Id}: the number of models differs";

            foreach ((JsonElement model, PricedModel? writtenModel) in models.Zip(written.Models))
            {
                if (catalog.Find(written.Id, writtenModel.Id, out _) != writtenModel)
                    yield return $"{written.Id}: {writtenModel.Id} is not found by its own id";
                foreach (string fault in FindFaults(model.GetProperty("prices"), writtenModel))
                    yield return $"{written.Id}: {writtenModel.Id}: {fault}";
            }
        }
    }

    private static IEnumerable<string> FindFaults(JsonElement prices, PricedModel written)
    {
        JsonElement[] periods = prices.ValueKind == JsonValueKind.Array
            ? [.. prices.EnumerateArray().Select(period => period.GetProperty("prices"))]
            : [prices];
        if (periods.Length != written.Periods.Length)
            yield return "the number of periods differs";

        foreach ((JsonElement period, PricePeriod? writtenPeriod) in periods.Zip(written.Periods))
        {
            foreach (JsonProperty price in period.EnumerateObject())
            {
                if (Source.KindOf(price.Name) is { } kind && Text(price.Value) != Text(writtenPeriod.Rates[kind]))
                    yield return $"the price {price.Name} differs";
            }
        }
    }

    private static string Text(JsonElement price) => price.ValueKind == JsonValueKind.Number
        ? Text(price.GetDecimal())
        : string.Join(' ', price.GetProperty("tiers").EnumerateArray()
            .Select(tier => Text(tier.GetProperty("start").GetDecimal()) + ":" + Text(tier.GetProperty("price").GetDecimal()))
            .Prepend(Text(price.GetProperty("base").GetDecimal())));

    private static string Text(Rate? rate) => rate is null
        ? ""
        : string.Join(' ', rate.Tiers.Select(tier => Text(tier.Start) + ":" + Text(tier.Price)).Prepend(Text(rate.Base)));

    private static string Text(decimal number) => number.ToString("G29", CultureInfo.InvariantCulture);
}

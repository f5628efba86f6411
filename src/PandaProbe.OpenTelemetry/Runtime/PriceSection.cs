using Microsoft.Extensions.Configuration;
using PandaProbe.Pricing;

namespace PandaProbe.Runtime;

/// <summary>Reads prices from a configuration section: a list of them, directly or named <c>Models</c>.</summary>
internal static class PriceSection
{
    /// <exception cref="FormatException">The section is not a list of prices.</exception>
    internal static List<ModelPrice> Parse(IConfiguration section)
    {
        IConfigurationSection models = section.GetSection("Models");
        return PriceEntryParser.Parse((models.Exists() ? models : section).GetChildren().Select(EntryOf));
    }

    private static PriceEntry EntryOf(IConfigurationSection section)
    {
        var entry = new PriceEntry();
        foreach (IConfigurationSection child in section.GetChildren())
        {
            bool tiers = PriceEntryParser.Plain(child.Key) == PriceEntryParser.TiersName;

            // The value of an empty list is an empty text; null says nothing, as in a file.
            if (child.Value is { } text && !(tiers && text.Length == 0))
                entry.Values.Add(new(child.Key, text));
            else if (!child.Exists())
                continue;
            else if (tiers)
                entry.Tiers.AddRange(child.GetChildren().Select(EntryOf));
            else
                throw new FormatException($"'{child.Key}' must be a number or a text");
        }

        return entry;
    }
}

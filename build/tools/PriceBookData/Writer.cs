using System.IO.Compression;
using System.Text;
using PandaProbe.Pricing;

namespace PandaProbe.Tools.PriceBookData;

/// <summary>Writes what the library's PriceCatalogReader reads. The two change together.</summary>
internal static class Writer
{
    internal static byte[] Deflate(byte[] data)
    {
        using var result = new MemoryStream();
        using (var deflate = new DeflateStream(result, CompressionLevel.SmallestSize))
            deflate.Write(data);
        return result.ToArray();
    }

    internal static byte[] Write(PriceCatalog catalog)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(catalog.Version);
            writer.Write7BitEncodedInt(catalog.Providers.Length);
            foreach (PricedProvider provider in catalog.Providers)
                Write(writer, provider);
        }

        return stream.ToArray();
    }

    private static void Write(BinaryWriter writer, PricedProvider provider)
    {
        writer.Write(provider.Id);
        WriteOptional(writer, provider.ProviderMatch);
        WriteOptional(writer, provider.ModelMatch);
        writer.Write7BitEncodedInt(provider.Fallbacks.Length);
        foreach (string fallback in provider.Fallbacks)
            writer.Write(fallback);
        writer.Write7BitEncodedInt(provider.Models.Length);
        foreach (PricedModel model in provider.Models)
        {
            writer.Write(model.Id);
            Write(writer, model.Pattern);
            writer.Write7BitEncodedInt(model.Periods.Length);
            foreach (PricePeriod period in model.Periods)
                Write(writer, period);
        }
    }

    private static void Write(BinaryWriter writer, PricePeriod period)
    {
        if (period.From is { } from)
        {
            writer.Write((byte)1);
            writer.Write7BitEncodedInt(from.DayNumber);
        }
        else if (period is { StartOfDay: { } start, EndOfDay: { } end })
        {
            writer.Write((byte)2);
            writer.Write7BitEncodedInt((int)start.ToTimeSpan().TotalSeconds);
            writer.Write7BitEncodedInt((int)end.ToTimeSpan().TotalSeconds);
        }
        else
        {
            writer.Write((byte)0);
        }

        RateKind[] kinds = RateKinds.All.Where(kind => period.Rates[kind] is not null).ToArray();
        writer.Write7BitEncodedInt(kinds.Length);
        foreach (RateKind kind in kinds)
        {
            Rate rate = period.Rates[kind]!;
            writer.Write((byte)kind);
            writer.Write(rate.Base);
            writer.Write7BitEncodedInt(rate.Tiers.Length);
            foreach (RateTier tier in rate.Tiers)
            {
                writer.Write7BitEncodedInt64(tier.Start);
                writer.Write(tier.Price);
            }
        }
    }

    private static void WriteOptional(BinaryWriter writer, ModelPattern? pattern)
    {
        writer.Write(pattern is not null);
        if (pattern is not null)
            Write(writer, pattern);
    }

    private static void Write(BinaryWriter writer, ModelPattern pattern)
    {
        writer.Write((byte)pattern.Kind);
        if (pattern.Kind is not (PatternKind.Any or PatternKind.All))
        {
            writer.Write(pattern.Text);
            return;
        }

        writer.Write7BitEncodedInt(pattern.Parts.Length);
        foreach (ModelPattern part in pattern.Parts)
            Write(writer, part);
    }
}

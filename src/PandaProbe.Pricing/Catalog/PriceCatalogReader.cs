using System.Text;

namespace PandaProbe.Pricing;

/// <summary>Reads the price book's format. build/tools/PriceBookData writes it, and the two must change together.</summary>
internal static class PriceCatalogReader
{
    internal const string ResourceName = "PandaProbe.PriceBook.bin";

    internal static PriceCatalog Read(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        string version = reader.ReadString();
        var providers = new PricedProvider[reader.Read7BitEncodedInt()];
        for (int i = 0; i < providers.Length; i++)
            providers[i] = ReadProvider(reader, version);
        return new PriceCatalog(version, providers);
    }

    private static PricedProvider ReadProvider(BinaryReader reader, string version)
    {
        string id = reader.ReadString();
        ModelPattern? providerMatch = reader.ReadBoolean() ? ReadPattern(reader) : null;
        ModelPattern? modelMatch = reader.ReadBoolean() ? ReadPattern(reader) : null;
        string[] fallbacks = new string[reader.Read7BitEncodedInt()];
        for (int i = 0; i < fallbacks.Length; i++)
            fallbacks[i] = reader.ReadString();
        var models = new PricedModel[reader.Read7BitEncodedInt()];
        for (int i = 0; i < models.Length; i++)
            models[i] = ReadModel(reader, version);
        return new PricedProvider(id, providerMatch, modelMatch, fallbacks, models);
    }

    private static PricedModel ReadModel(BinaryReader reader, string version)
    {
        string id = reader.ReadString();
        ModelPattern pattern = ReadPattern(reader);
        var periods = new PricePeriod[reader.Read7BitEncodedInt()];
        for (int i = 0; i < periods.Length; i++)
            periods[i] = ReadPeriod(reader);
        return new PricedModel(id, pattern, periods, version);
    }

    private static PricePeriod ReadPeriod(BinaryReader reader)
    {
        DateOnly? from = null;
        TimeOnly? start = null;
        TimeOnly? end = null;
        switch (reader.ReadByte())
        {
            case 1:
                from = DateOnly.FromDayNumber(reader.Read7BitEncodedInt());
                break;
            case 2:
                start = new TimeOnly(reader.Read7BitEncodedInt() * TimeSpan.TicksPerSecond);
                end = new TimeOnly(reader.Read7BitEncodedInt() * TimeSpan.TicksPerSecond);
                break;
        }

        var rates = new KeyValuePair<RateKind, Rate>[reader.Read7BitEncodedInt()];
        for (int i = 0; i < rates.Length; i++)
            rates[i] = new((RateKind)reader.ReadByte(), ReadRate(reader));
        return new PricePeriod(from, start, end, new TokenRates(rates));
    }

    private static Rate ReadRate(BinaryReader reader)
    {
        decimal price = reader.ReadDecimal();
        int count = reader.Read7BitEncodedInt();
        RateTier[] tiers = count == 0 ? [] : new RateTier[count];
        for (int i = 0; i < count; i++)
            tiers[i] = new RateTier(reader.Read7BitEncodedInt64(), reader.ReadDecimal());
        return new Rate(price, tiers);
    }

    private static ModelPattern ReadPattern(BinaryReader reader)
    {
        var kind = (PatternKind)reader.ReadByte();
        if (kind is not (PatternKind.Any or PatternKind.All))
            return new ModelPattern(kind, reader.ReadString());

        var parts = new ModelPattern[reader.Read7BitEncodedInt()];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = ReadPattern(reader);
        return new ModelPattern(kind, "", parts);
    }
}

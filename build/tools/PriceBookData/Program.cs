using System.Globalization;
using PandaProbe.Pricing;
using PandaProbe.Tools.PriceBookData;

if (args is not [var source, var date, var target]
    || !DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
{
    Console.Error.WriteLine("Usage: PriceBookData <prices.json> <yyyy-MM-dd> <PriceBook.bin>");
    return 2;
}

byte[] data = Writer.Write(Source.Read(source, date));
PriceCatalog catalog = PriceCatalogReader.Read(new MemoryStream(data));
string[] faults = Check.FindFaults(catalog, source).ToArray();
foreach (string? fault in faults)
    Console.Error.WriteLine(fault);
if (faults.Length > 0)
    return 1;

byte[] deflated = Writer.Deflate(data);
File.WriteAllBytes(target, deflated);
int models = catalog.Providers.Sum(provider => provider.Models.Length);
Console.WriteLine($"{models} models of {catalog.Providers.Length} providers, {date}: {data.Length} bytes, {deflated.Length} deflated");
return 0;

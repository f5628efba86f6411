using Microsoft.Extensions.Configuration;
using PandaProbe.Pricing;
using PandaProbe.Runtime;

namespace PandaProbe.Metrics;

public sealed class ProviderPricesTests
{
    private readonly List<string> _reports = [];

    [Fact]
    public void A_report_that_throws_does_no_harm()
    {
        using ProviderPrices prices = Start(
            new() { File = "no such folder/prices.json" }, section: null, _ => throw new InvalidOperationException());

        Price(prices).ShouldBeNull();
    }

    [Fact]
    public void Prices_come_from_configuration_and_follow_it()
    {
        var configuration = new ConfigurationManager();
        configuration["PandaProbe:Pricing:Models:0:Model"] = "m";
        configuration["PandaProbe:Pricing:Models:0:Input"] = "1";
        configuration["PandaProbe:Pricing:Models:0:Tiers:0:Above"] = "2000000";
        configuration["PandaProbe:Pricing:Models:0:Tiers:0:Input"] = "9";
        using ProviderPrices prices = Start(new(), configuration.GetSection("PandaProbe:Pricing:Models"));
        Price(prices).ShouldBe(1m);

        configuration["PandaProbe:Pricing:Models:0:Input"] = "2";
        ((IConfigurationRoot)configuration).Reload();
        Price(prices).ShouldBe(2m);

        configuration["PandaProbe:Pricing:Models:0:Input"] = "two";
        ((IConfigurationRoot)configuration).Reload();
        Price(prices).ShouldBe(2m);
        _reports.ShouldHaveSingleItem().ShouldContain("'two'");
    }

    [Fact]
    public void Code_goes_before_the_file_and_the_file_before_configuration()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, """[{ "model": "m", "input": 2 }]""");
            var configuration = new ConfigurationManager { ["Prices:Models:0:Model"] = "m", ["Prices:Models:0:Input"] = "3" };
            IConfigurationSection section = configuration.GetSection("Prices");
            PandaProbePricingOptions options = new();
            using (ProviderPrices prices = Start(options, section))
                Price(prices).ShouldBe(3m);

            options.File = file;
            using (ProviderPrices prices = Start(options, section))
                Price(prices).ShouldBe(2m);

            PriceBook own = PriceBook.Default.With(new ModelPrice { Model = "m", Input = 1 });
            using (ProviderPrices prices = new(own, options, section, TimeProvider.System, _reports.Add))
                Price(prices).ShouldBe(1m);

            options.Models.Add(new ModelPrice { Model = "m", Input = 0.5m });
            using (ProviderPrices prices = new(own, options, section, TimeProvider.System, _reports.Add))
                Price(prices).ShouldBe(0.5m);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void What_configuration_leaves_empty_is_not_said()
    {
        using MemoryStream json = new("""{ "Prices": [ { "Model": "m", "Input": 3, "CacheRead": null, "Tiers": [] } ] }"""u8.ToArray());
        IConfiguration configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        using ProviderPrices prices = Start(new(), configuration.GetSection("Prices"));

        _reports.ShouldBeEmpty();
        Price(prices).ShouldBe(3m);
    }

    [Fact]
    public void A_price_in_the_options_that_makes_no_sense_is_reported_and_the_others_used()
    {
        PandaProbePricingOptions options = new() { Models = { new ModelPrice { Model = "n" }, new ModelPrice { Model = "m", Input = 4 } } };

        using ProviderPrices prices = Start(options, section: null);

        _reports.ShouldHaveSingleItem().ShouldContain("'n'");
        Price(prices).ShouldBe(4m);
    }

    private ProviderPrices Start(PandaProbePricingOptions options, IConfiguration? section, Action<string>? report = null) =>
        new(PriceBook.Default, options, section, TimeProvider.System, report ?? _reports.Add);

    private static decimal? Price(ProviderPrices prices) =>
        prices.Book.TryGetCost(null, "m", TokenUsage.Inclusive(input: 1_000_000), DateTimeOffset.UnixEpoch, out Cost cost)
            ? cost.Total : null;
}

using System.Text;

namespace PandaProbe.Pricing.Tests;

public class PriceFileTests
{
    [Fact]
    public void All_that_a_price_can_say_can_be_written_in_a_file()
    {
        ModelPrice price = PriceFile.Parse("""
            {
              // A comment, and a trailing comma: people write these by hand.
              "models": [
                {
                  "model": "my-", "provider": "openai", "match": "prefix", "from": "2027-01-01",
                  "input": 1.25, "output": 10, "cache_read": "0.125", "cache_write": 1.5, "cache_write_1h": 2.5,
                  "audio_input": 1e-1, "audio_output": 4, "audio_cache_read": 5, "image_input": 6, "image_output": 7, "request": 0.01,
                  "tiers": [{ "above": 200000, "input": 2.5, "output": 15 }],
                },
              ],
            }
            """u8.ToArray()).ShouldHaveSingleItem();

        price.Model.ShouldBe("my-");
        price.Provider.ShouldBe("openai");
        price.Match.ShouldBe(ModelMatch.Prefix);
        price.From.ShouldBe(new DateOnly(2027, 1, 1));
        (price.Input, price.Output, price.CacheRead, price.CacheWrite, price.CacheWriteOneHour).ShouldBe((1.25m, 10m, 0.125m, 1.5m, 2.5m));
        (price.AudioInput, price.AudioOutput, price.AudioCacheRead, price.ImageInput, price.ImageOutput).ShouldBe((0.1m, 4m, 5m, 6m, 7m));
        price.PerRequest.ShouldBe(0.01m);
        ModelPriceTier tier = price.Tiers.ShouldHaveSingleItem();
        (tier.AboveInputTokens, tier.Input, tier.Output, tier.CacheRead).ShouldBe((200_000L, 2.5m, 15m, null));
    }

    [Theory]
    [InlineData("""[{ "model": "m", "input": 1 }]""")]
    [InlineData("""{ "models": [{ "Model": "m", "Input": 1, "cacheRead": null }] }""")]
    [InlineData("\uFEFF{ \"models\": [{ \"model\": \"m\", \"match\": \"equals\", \"input\": 1 }] }")]
    public void Small_liberties_are_accepted(string json) =>
        PriceFile.Parse(Encoding.UTF8.GetBytes(json)).ShouldHaveSingleItem().Input.ShouldBe(1m);

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("{", "LineNumber")]
    [InlineData("null", "'models'")]
    [InlineData("{}", "'models'")]
    [InlineData("""{ "models": {} }""", "'models'")]
    [InlineData("""[1]""", "object")]
    [InlineData("""[{ "model": "m", "input": 1 }, { "model": "n" }]""", "model 2")]
    [InlineData("""[{ "model": "m", "inptu": 1 }]""", "'inptu'")]
    [InlineData("""[{ "model": "m", "input": "cheap" }]""", "'cheap'")]
    [InlineData("""[{ "model": "m", "input": 1e300 }]""", "1e300")]
    [InlineData("""[{ "model": "m", "input": -1 }]""", "between")]
    [InlineData("""[{ "model": "m", "input": [1] }]""", "'input'")]
    [InlineData("""[{ "input": 1 }]""", "needs a model")]
    [InlineData("""[{ "model": "m", "match": "like", "input": 1 }]""", "'like'")]
    [InlineData("""[{ "model": "(", "match": "regex", "input": 1 }]""", "regular expression")]
    [InlineData("""[{ "model": "m", "from": "tomorrow", "input": 1 }]""", "'tomorrow'")]
    [InlineData("""[{ "model": "m", "input": 1, "tiers": [{ "input": 2 }] }]""", "'above'")]
    [InlineData("""[{ "model": "m", "input": 1, "tiers": [{ "above": -2, "input": 2 }] }]""", "'above'")]
    [InlineData("""[{ "model": "\ud800", "input": 1 }]""", "surrogate")]
    [InlineData("""[{ "\ud800": "m", "input": 1 }]""", "surrogate")]
    public void Mistakes_are_named(string json, string word) =>
        Should.Throw<FormatException>(() => PriceFile.Parse(Encoding.UTF8.GetBytes(json))).Message.ShouldContain(word);

    [Fact]
    public void A_file_in_another_encoding_is_a_mistake_like_any_other() =>
        Should.Throw<FormatException>(() => PriceFile.Parse(Encoding.Latin1.GetBytes("""[{ "model": "modèle", "input": 1 }]"""))).Message.ShouldContain("UTF-8");
}

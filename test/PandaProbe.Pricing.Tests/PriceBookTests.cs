using PandaProbe.Tests;

namespace PandaProbe.Pricing.Tests;

public class PriceBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TokenUsage Million = TokenUsage.Inclusive(input: 1_000_000, output: 1_000_000);

    [Fact]
    public void Every_model_is_found_by_its_own_id()
    {
        PriceCatalog catalog = PriceCatalog.Current;

        catalog.Providers.Sum(provider => provider.Models.Length).ShouldBe(388);
        foreach (PricedProvider provider in catalog.Providers)
        {
            foreach (PricedModel model in provider.Models)
                catalog.Find(provider.Id, model.Id, out _).ShouldBeSameAs(model, $"{provider.Id}/{model.Id}");
        }
    }

    [Fact]
    public void Every_pattern_of_the_book_can_be_evaluated()
    {
        foreach (PricedProvider provider in PriceCatalog.Current.Providers)
        {
            foreach (PricedModel model in provider.Models)
                Evaluate(model.Pattern);
        }

        static void Evaluate(ModelPattern pattern)
        {
            _ = pattern.Matches("no-such-model");
            if (pattern.Kind == PatternKind.Regex)
                ModelPattern.FindFault(pattern.Text).ShouldBeNull();
            foreach (ModelPattern part in pattern.Parts)
                Evaluate(part);
        }
    }

    [Fact]
    public void The_version_is_the_day_on_which_the_data_was_taken() => PriceBook.Version.ShouldBe("2026-11-20");

    [Theory]
    [InlineData("openai", "gpt-4o", 12.5)]
    [InlineData("OpenAI ", "GPT-4o-2024-08-06", 12.5)]
    [InlineData(null, "gpt-4o", 12.5)]
    [InlineData("", "gpt-4o", 12.5)]
    [InlineData("my-gateway", "gpt-4o", 12.5)]
    [InlineData("litellm", "openai/gpt-4o", 12.5)]
    [InlineData("azure.ai.openai", "gpt-4o-2024-08-06", 12.5)]
    [InlineData("az.ai.openai", "gpt-4o", 12.5)]
    [InlineData("azure.ai.inference", "phi-4", 0.21)]
    [InlineData("anthropic", "claude-sonnet-4-6", 18.0)]
    [InlineData(null, "claude-sonnet-4-6", 18.0)]
    [InlineData("gcp.vertex_ai", "claude-opus-5", null)]
    [InlineData("gcp.gemini", "gemini-2.0-flash", 0.5)]
    [InlineData("gcp.gen_ai", "gemini-2.0-flash", 0.5)]
    [InlineData("gemini", "gemini-2.0-flash", 0.5)]
    [InlineData("x_ai", "grok-3", 18.0)]
    [InlineData("xai", "grok-3", 18.0)]
    [InlineData("mistral_ai", "ministral-8b-latest", 0.3)]
    [InlineData("deepseek", "deepseek-v4-flash", 0.88)]
    [InlineData("groq", "llama-3.1-8b-instant", 0.13)]
    [InlineData("cohere", "command-a", 12.5)]
    [InlineData("aws.bedrock", "amazon.nova-sonic-v1:0", 0.3)]
    public void Providers_are_known_by_their_usual_names(string? provider, string model, double? total)
    {
        PriceBook.Default.TryGetCost(provider, model, Million, Now, out Cost cost).ShouldBeTrue();

        // The price of a million tokens in and out; models above a tier are only asked whether there is a price.
        if (total is { } expected)
            cost.Total.ShouldBe((decimal)expected);
    }

    [Theory]
    [InlineData("openai", "my-fine-thing")]
    [InlineData("azure.ai.openai", "prod-deployment-7")]
    [InlineData("ollama", "gpt-4o")]
    [InlineData("ollama", "mistral-7b")]
    [InlineData("Ollama", "deepseek-r1:7b")]
    [InlineData("perplexity", "sonar")]
    [InlineData("ibm.watsonx.ai", "mistral-large")]
    [InlineData("openrouter", "claude-sonnet-4-6")]
    [InlineData("groq", "gpt-4o")]
    [InlineData("openai", "whisper-1")]
    [InlineData("mistral_ai", "mistral-ocr-latest")]
    [InlineData(null, "llama3.2")]
    [InlineData(null, null)]
    [InlineData("openai", "")]
    public void Without_a_price_there_is_no_cost(string? provider, string? model)
    {
        PriceBook.Default.TryGetCost(provider, model, Million, Now, out Cost cost).ShouldBeFalse();

        cost.ShouldBe(default);
    }

    [Fact]
    public void Without_tokens_there_is_no_cost() => PriceBook.Default.TryGetCost("openai", "gpt-4o", default, Now, out _).ShouldBeFalse();

    [Fact]
    public void An_embedding_costs_its_input()
    {
        var usage = TokenUsage.Inclusive(input: 1_000_000);

        PriceBook.Default.TryGetCost("openai", "text-embedding-3-small", usage, Now, out Cost cost).ShouldBeTrue();

        cost.Total.ShouldBe(0.02m);
    }

    [Fact]
    public void A_price_for_input_says_nothing_of_a_call_of_which_only_the_output_is_known() =>
        PriceBook.Default.TryGetCost("openai", "text-embedding-3-small", TokenUsage.Inclusive(output: 10), Now, out _).ShouldBeFalse();

    [Fact]
    public void Names_of_any_length_and_number_are_survived()
    {
        PriceBook book = PriceBook.Default;

        book.TryGetCost("openai", new string('x', 1_000_000), Million, Now, out _).ShouldBeFalse();
        for (int i = 0; i < 10_000; i++)
            book.TryGetCost("openai", $"gpt-4o-{i}", Million, Now, out _).ShouldBeFalse();
        book.TryGetCost("openai", "gpt-4o", Million, Now, out _).ShouldBeTrue();
    }

    [Fact]
    public void Looking_a_price_up_again_allocates_nothing()
    {
        PriceBook book = PriceBook.Default.With(new ModelPrice { Model = "mine", Match = ModelMatch.Regex, Input = 1 });
        (string?, string)[] models =
            [("openai", "gpt-5.4"), (null, "claude-sonnet-4-6"), ("deepseek", "deepseek-v4-flash"), ("ollama", "llama3.2"), ("x", "mine")];
        Allocated.By(() =>
        {
            for (int i = 0; i < 200; i++)
                Run();
        }).ShouldBe(0);

        void Run()
        {
            foreach ((string? provider, string? model) in models)
                book.TryGetCost(provider, model, Million, Now, out _);
        }
    }
}

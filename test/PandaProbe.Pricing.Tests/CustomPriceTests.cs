namespace PandaProbe.Pricing.Tests;

public class CustomPriceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private PriceBook _book = PriceBook.Default;

    [Fact]
    public void A_price_of_ones_own_replaces_the_built_in_one()
    {
        _book = _book.With(new ModelPrice { Model = "GPT-4o", Input = 1m, Output = 2m });

        Cost? cost = CostOf("openai", "gpt-4o");

        cost!.Value.Total.ShouldBe(3m);
        cost.Value.PriceVersion.ShouldBe("custom");
        CostOf("openai", "gpt-4o-mini")!.Value.Total.ShouldBe(0.75m);
    }

    [Fact]
    public void A_free_model_costs_zero_because_someone_said_so()
    {
        _book = _book.With(new ModelPrice { Model = "llama", Match = ModelMatch.Prefix, Provider = "ollama", Input = 0m, Output = 0m });

        CostOf("ollama", "llama3.2")!.Value.Total.ShouldBe(0m);
        CostOf("groq", "llama-unknown").ShouldBeNull();
    }

    [Fact]
    public void The_most_particular_price_is_taken()
    {
        _book = _book.With(new ModelPrice { Model = "^gpt", Match = ModelMatch.Regex, Input = 1m });
        _book = _book.With(new ModelPrice { Model = "pt-4", Match = ModelMatch.Contains, Input = 2m });
        _book = _book.With(new ModelPrice { Model = "gpt", Match = ModelMatch.Prefix, Input = 3m });
        _book = _book.With(new ModelPrice { Model = "gpt-4", Match = ModelMatch.Prefix, Input = 4m });
        _book = _book.With(new ModelPrice { Model = "gpt-4o", Input = 5m });
        _book = _book.With(new ModelPrice { Model = "gpt-4o", Provider = "azure.ai.openai", Input = 6m });

        CostOf("azure.ai.openai", "gpt-4o")!.Value.Total.ShouldBe(6m);
        CostOf("openai", "gpt-4o")!.Value.Total.ShouldBe(5m);
        CostOf("openai", "gpt-4o-mini")!.Value.Total.ShouldBe(4m);
        CostOf("openai", "gpt-5")!.Value.Total.ShouldBe(3m);
        CostOf("openai", "my-gpt-4")!.Value.Total.ShouldBe(2m);
        CostOf("openai", "o3")!.Value.Total.ShouldBe(10m);
    }

    [Fact]
    public void The_later_of_two_prices_for_the_same_wins()
    {
        _book = _book.With(new ModelPrice { Model = "m", Input = 1m });
        _book = _book.With(new ModelPrice { Model = "m", Input = 2m });

        CostOf(null, "m")!.Value.Total.ShouldBe(2m);
    }

    [Fact]
    public void A_dated_price_leaves_the_days_before_it_to_the_price_before_it()
    {
        _book = _book.With(new ModelPrice { Model = "gpt-4o", From = new DateOnly(2027, 1, 1), Input = 1m, Output = 1m });
        _book = _book.With(new ModelPrice { Model = "gpt-4o", From = new DateOnly(2028, 1, 1), Input = 2m, Output = 2m });

        CostOf("openai", "gpt-4o", new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero))!.Value.Total.ShouldBe(12.5m);
        CostOf("openai", "gpt-4o", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero))!.Value.Total.ShouldBe(2m);
        CostOf("openai", "gpt-4o", new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero))!.Value.Total.ShouldBe(4m);
    }

    [Fact]
    public void Tiers_change_what_they_name_and_leave_the_rest()
    {
        _book = _book.With(new ModelPrice
        {
            Model = "m",
            Input = 1m,
            Output = 10m,
            Tiers =
            {
                new ModelPriceTier { AboveInputTokens = 500_000, Input = 3m },
                new ModelPriceTier { AboveInputTokens = 100_000, Input = 2m, Output = 20m },
            },
        });

        Total(100_000).ShouldBe(0.1m + 10m);
        Total(200_000).ShouldBe(0.4m + 20m);
        Total(1_000_000).ShouldBe(3m + 20m);

        decimal Total(long input)
        {
            _book.TryGetCost(null, "m", TokenUsage.Inclusive(input, 1_000_000), Now, out Cost cost).ShouldBeTrue();
            return cost.Total;
        }
    }

    [Fact]
    public void A_request_can_have_a_price()
    {
        _book = _book.With(new ModelPrice { Model = "m", PerRequest = 0.005m, Input = 1m });

        Cost cost = CostOf(null, "m")!.Value;

        cost.Request.ShouldBe(0.005m);
        cost.Total.ShouldBe(1.005m);
    }

    [Fact]
    public void Changing_a_price_after_it_was_added_changes_nothing()
    {
        var price = new ModelPrice { Model = "m", Input = 1m };
        _book = _book.With(price);
        price.Input = 100m;

        CostOf(null, "m")!.Value.Total.ShouldBe(1m);
    }

    [Fact]
    public void A_price_added_after_a_lookup_is_seen_by_the_next()
    {
        CostOf(null, "m").ShouldBeNull();

        _book = _book.With(new ModelPrice { Model = "m", Input = 1m });

        CostOf(null, "m").ShouldNotBeNull();
    }

    public static TheoryData<string> Nonsense => ["no-model", "no-price", "negative", "huge", "regex", "tier", "tier-start", "long-name"];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void A_price_that_makes_no_sense_is_refused(string nonsense)
    {
        ModelPrice price = nonsense switch
        {
            "no-model" => new() { Input = 1m },
            "no-price" => new() { Model = "m" },
            "negative" => new() { Model = "m", Input = -1m },
            "huge" => new() { Model = "m", Output = decimal.MaxValue },
            "regex" => new() { Model = "(", Match = ModelMatch.Regex, Input = 1m },
            "tier" => new() { Model = "m", Input = 1m, Tiers = { new() { AboveInputTokens = 1, Output = 1m } } },
            "tier-start" => new() { Model = "m", Input = 1m, Tiers = { new() { AboveInputTokens = -1, Input = 1m } } },
            _ => new() { Model = new string('m', 256), Input = 1m },
        };

        Should.Throw<ArgumentException>(() => _book.With(price));
    }

    [Fact]
    public void A_slow_regular_expression_is_given_up_on()
    {
        _book = _book.With(new ModelPrice { Model = @"^(?=(a+)+$)b", Match = ModelMatch.Regex, Input = 1m });

        CostOf(null, new string('a', 200) + "!").ShouldBeNull();
    }

    [Fact]
    public async Task Lookups_see_whole_price_lists_while_these_are_replaced()
    {
        using var stop = new CancellationTokenSource();
        var replacing = Task.Run(() =>
        {
            int i = 0;
            do
            {
                i++;
                var other = new ModelPrice { Model = $"other-{i}", Input = 1 };
                _book = PriceBook.Default.With(new ModelPrice { Model = "m", Input = i, Output = i }, other);
            }
            while (!stop.IsCancellationRequested);
        });

        IEnumerable<Task> looking = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (CostOf("p" + (i % 50), "m") is { } cost)
                    cost.Input.ShouldBe(cost.Output);
                CostOf("openai", "gpt-4o")!.Value.Total.ShouldBe(12.5m);
            }
        }));
        await Task.WhenAll(looking);
        await stop.CancelAsync();
        await replacing;

        CostOf(null, "m").ShouldNotBeNull();
    }

    private Cost? CostOf(string? provider, string model, DateTimeOffset? at = null) =>
        _book.TryGetCost(provider, model, TokenUsage.Inclusive(input: 1_000_000, output: 1_000_000), at ?? Now, out Cost cost)
            ? cost : null;
}

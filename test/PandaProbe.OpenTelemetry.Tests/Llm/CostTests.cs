using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Pricing;

namespace PandaProbe.Llm;

public sealed class CostTests
{
    [Fact]
    public void A_call_of_a_priced_model_gets_its_cost_when_it_ends()
    {
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book());
        using (SpanScope span = Probe.StartLlmSpan("mine", "openai"))
            span.SetTokenUsage(promptTokens: 1200, completionTokens: 80, new() { ["cache_read_tokens"] = 1000 });

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        double expected = (double)((200 * 2m + 1000 * 0.5m + 80 * 10m) / 1_000_000);
        recorded.Tag("pandaprobe.cost.total").ShouldBe(expected);
        recorded.Tag("gen_ai.usage.cost").ShouldBe(expected);
        recorded.Tag("pandaprobe.cost.input").ShouldBe((double)(200 * 2m / 1_000_000));
        recorded.Tag("pandaprobe.cost.cache_read").ShouldBe((double)(1000 * 0.5m / 1_000_000));
        recorded.Tag("pandaprobe.cost.output").ShouldBe((double)(80 * 10m / 1_000_000));
        recorded.Tag("pandaprobe.cost.source").ShouldBe("price_book");
        recorded.Tag("pandaprobe.cost.price_version").ShouldBe("custom");
    }

    [Fact]
    public void The_model_that_answered_decides_and_the_one_asked_when_that_has_no_price()
    {
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book());
        using (SpanScope span = Probe.StartLlmSpan("cheap", name: "priced answer"))
        {
            span.SetTokenUsage(promptTokens: 1_000_000);
            span.SetResponseModel("mine");
        }

        using (SpanScope span = Probe.StartLlmSpan("cheap", name: "unknown answer"))
        {
            span.SetTokenUsage(promptTokens: 1_000_000);
            span.SetResponseModel("cheap-2026-01-01-of-nobody");
        }

        recording.Span("priced answer").Tag("pandaprobe.cost.total").ShouldBe(2.0);
        recording.Span("unknown answer").Tag("pandaprobe.cost.total").ShouldBe(1.0);
    }

    [Fact]
    public void The_callers_cost_wins()
    {
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book());
        using (SpanScope span = Probe.StartLlmSpan("mine"))
        {
            span.SetTokenUsage(promptTokens: 1200);
            span.SetCost(total: 0.5m);
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("pandaprobe.cost.total").ShouldBe(0.5);
        recorded.Tag("pandaprobe.cost.source").ShouldBe("caller");
        recorded.HasTag("pandaprobe.cost.price_version").ShouldBeFalse();
    }

    [Fact]
    public void Without_a_price_or_tokens_there_is_no_cost()
    {
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book());
        using (SpanScope span = Probe.StartLlmSpan("nobody-knows-this-model"))
            span.SetTokenUsage(promptTokens: 1200);
        using (Probe.StartLlmSpan("mine"))
        {
        }

        recording.Spans.Count.ShouldBe(2);
        recording.Spans.ShouldAllBe(span => span.TagObjects.All(tag => !tag.Key.Contains("cost")));
    }

    [Fact]
    public void Nothing_is_priced_without_a_price_book()
    {
        using SpanRecording recording = new(options => options.Pricing.PriceBook = null);
        using (SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai"))
            span.SetTokenUsage(promptTokens: 1200);

        recording.Spans.ShouldHaveSingleItem().HasTag("pandaprobe.cost.total").ShouldBeFalse();
    }

    [Fact]
    public void A_prompt_that_was_only_counted_costs_nothing_when_the_call_fails()
    {
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book());
        using (SpanScope span = Probe.StartLlmSpanWithTokens("mine", "openai", "Hello world!"))
            span.SetError("429");

        recording.Spans.ShouldHaveSingleItem().HasTag("pandaprobe.cost.total").ShouldBeFalse();
    }

    [Theory]
    [InlineData("invoke_agent")]
    [InlineData("orchestrate_tools")]
    public void A_span_that_sums_its_children_is_not_priced(string operation)
    {
        string source = "CostTests." + operation;
        using ActivitySource foreign = new(source);
        using SpanRecording recording = new(options => options.Pricing.PriceBook = Book(), builder => builder.AddSource(source));
        using (Activity sum = foreign.StartActivity(operation)!)
        {
            sum.SetTag("gen_ai.operation.name", operation);
            sum.SetTag("gen_ai.request.model", "mine");
            sum.SetTag("gen_ai.usage.input_tokens", 1000);
            using Activity call = foreign.StartActivity("chat mine")!;
            call.SetTag("gen_ai.operation.name", "chat");
            call.SetTag("gen_ai.request.model", "mine");
            call.SetTag("gen_ai.usage.input_tokens", 1000);
        }

        recording.Span(operation).HasTag("pandaprobe.cost.total").ShouldBeFalse();
        recording.Span("chat mine").Tag("pandaprobe.cost.total").ShouldBe(0.002);
    }

    [Fact]
    public void Several_providers_agree_on_one_cost()
    {
        PriceBook book = Book();
        using SpanRecording recording = new(options => options.Pricing.PriceBook = book);
        using TracerProvider second = Sdk.CreateTracerProviderBuilder()
            .AddPandaProbe(options => { options.Export = ProbeExport.None; options.Pricing.PriceBook = book; }).Build();
        using (SpanScope span = Probe.StartLlmSpan("mine"))
            span.SetTokenUsage(promptTokens: 1_000_000);

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("pandaprobe.cost.total").ShouldBe(2.0);
        recorded.Count("pandaprobe.cost.total").ShouldBe(1);
    }

    [Fact]
    public void Prices_in_configuration_are_used_and_followed()
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PandaProbe:Pricing:Models:0:Model"] = "configured",
            ["PandaProbe:Pricing:Models:0:Input"] = "3",
            ["PandaProbe:Pricing:Models:0:Output"] = "4",
        }).Build();
        using SpanRecording recording = new(
            tracing: builder => builder.ConfigureServices(services => services.AddSingleton<IConfiguration>(configuration)));

        using (SpanScope span = Probe.StartLlmSpan("configured", name: "before"))
            span.SetTokenUsage(promptTokens: 1_000_000);
        configuration["PandaProbe:Pricing:Models:0:Input"] = "5";
        configuration.Reload();
        using (SpanScope span = Probe.StartLlmSpan("configured", name: "after"))
            span.SetTokenUsage(promptTokens: 1_000_000);

        recording.Span("before").Tag("pandaprobe.cost.total").ShouldBe(3.0);
        recording.Span("after").Tag("pandaprobe.cost.total").ShouldBe(5.0);
    }

    [Fact]
    public async Task An_edited_price_file_takes_effect_and_a_broken_one_changes_nothing()
    {
        string file = Path.Combine(Path.GetTempPath(), $"prices-{Guid.NewGuid():N}.json");
        DateTime written = new(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc);
        try
        {
            Write(file, "2");
            using SpanRecording recording = new(options =>
            {
                options.Pricing.File = file;
                options.Pricing.FileCheckInterval = TimeSpan.FromMilliseconds(20);
            });
            CostNow(recording).ShouldBe(2.0);

            Write(file, "7");
            await Until(() => CostNow(recording) is 7.0);

            using Events problems = new();
            File.WriteAllText(file, "{ \"models\": [ { \"model\": ");
            await Until(() => problems.Warnings.Any(problem => problem.Contains(Path.GetFileName(file))));
            CostNow(recording).ShouldBe(7.0);

            Write(file, "9");
            await Until(() => CostNow(recording) is 9.0);
        }
        finally
        {
            File.Delete(file);
        }

        // The time of writing is set, so that nothing depends on the resolution of the file system's clock: one price is as long as
        // another.
        void Write(string file, string price)
        {
            File.WriteAllText(file, $$"""{ "models": [ { "model": "filed", "input": {{price}}, "output": 1 } ] }""");
            File.SetLastWriteTimeUtc(file, written = written.AddSeconds(1));
        }

        static object? CostNow(SpanRecording recording)
        {
            using (SpanScope span = Probe.StartLlmSpan("filed"))
                span.SetTokenUsage(promptTokens: 1_000_000);
            return recording.Spans[^1].Tag("pandaprobe.cost.total");
        }
    }

    [Fact]
    public void Parts_that_do_not_fit_into_their_total_are_added_to_it_with_a_note()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("mine"))
        {
            span.SetTokenUsage(promptTokens: 100, completionTokens: 10);
            span.SetTokenUsage(details: new() { ["cache_read_tokens"] = 1000, ["reasoning_tokens"] = 4, ["mine"] = 5 });
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(1100L);
        recorded.Tag("gen_ai.usage.output_tokens").ShouldBe(10L);
        recorded.Tag("gen_ai.usage.cache_read.input_tokens").ShouldBe(1000L);
        recorded.Tag("gen_ai.usage.reasoning.output_tokens").ShouldBe(4L);
        recorded.Tag("pandaprobe.usage.mine").ShouldBe(5L);
        recorded.Tag("pandaprobe.metadata.token_usage_notes").ShouldBe("InputRaised");
    }

    [Fact]
    public void Prices_of_one_provider_end_with_it()
    {
        using (SpanRecording first = new(options => options.Pricing.Models.Add(new ModelPrice { Model = "gpt-4o", Input = 777m })))
            Call().ShouldBe(777.0);
        using SpanRecording second = new();

        Call().ShouldBe(2.5);
        PriceBook.Default.TryGetCost("openai", "gpt-4o", TokenUsage.Inclusive(input: 1_000_000), DateTimeOffset.UtcNow, out Cost cost)
            .ShouldBeTrue();
        cost.Total.ShouldBe(2.5m);

        static object? Call()
        {
            SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
            span.SetTokenUsage(promptTokens: 1_000_000);
            span.Dispose();
            return span.Activity!.GetTagItem("pandaprobe.cost.total");
        }
    }

    [Fact]
    public void Anthropics_spans_say_what_was_cached_for_an_hour()
    {
        const string Source = "com.anthropic.sdk.csharp.CostTests";
        using ActivitySource anthropic = new(Source);
        using SpanRecording recording = new();
        using (Activity call = anthropic.StartActivity("chat claude-sonnet-4-5", ActivityKind.Client)!)
        {
            call.SetTag("gen_ai.operation.name", "chat");
            call.SetTag("gen_ai.provider.name", "anthropic");
            call.SetTag("gen_ai.request.model", "claude-sonnet-4-5");
            call.SetTag("gen_ai.usage.input_tokens", 4100);
            call.SetTag("gen_ai.usage.output_tokens", 252);
            call.SetTag("gen_ai.usage.cache_creation.input_tokens", 4000);
            call.SetTag("anthropic.usage.cache_creation.ephemeral_5m_input_tokens", 0);
            call.SetTag("anthropic.usage.cache_creation.ephemeral_1h_input_tokens", 4000);
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("pandaprobe.usage.cache_creation_1h_tokens").ShouldBe(4000L);
        recorded.Tag("pandaprobe.cost.cache_write").ShouldBe((double)(4000 * 6m / 1_000_000));
        recorded.Tag("pandaprobe.cost.total").ShouldBe((double)(0.0003m + 0.00378m + 0.024m));
    }

    [Fact]
    public void Usage_in_anthropics_way_is_written_in_everybodys()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartLlmSpan("claude-sonnet-4-5", "anthropic"))
            span.SetTokenUsage(TokenUsage.Exclusive(input: 176, output: 80, cacheRead: 1024));

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Tag("gen_ai.usage.input_tokens").ShouldBe(1200L);
        recorded.Tag("gen_ai.usage.cache_read.input_tokens").ShouldBe(1024L);
        recorded.Tag("pandaprobe.token_count_method").ShouldBe("reported");
    }

    private static PriceBook Book() => PriceBook.Default.With(
        new ModelPrice { Model = "mine", Input = 2m, Output = 10m, CacheRead = 0.5m },
        new ModelPrice { Model = "cheap", Input = 1m, Output = 1m });

    private static async Task Until(Func<bool> condition)
    {
        for (long start = Stopwatch.GetTimestamp(); !condition(); await Task.Delay(10))
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(2));
    }
}

using System.Diagnostics;
using System.Text.Json;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>What is too long or too large for PandaProbe.</summary>
public class FieldLimitsTests
{
    [Fact]
    public async Task Counts_beyond_all_measure_are_refused_and_never_add_up_to_less_than_nothing()
    {
        JsonElement span = await Exporting.RoundTripAsync(activity =>
        {
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.usage.input_tokens", long.MaxValue);
            activity.SetTag("gen_ai.usage.output_tokens", 5L);
        });

        span.GetProperty("token_usage").GetRawText().ShouldBe("""{"completion_tokens":5}""");
        span.GetProperty("metadata").GetProperty("refused.prompt_tokens").GetInt64().ShouldBe(long.MaxValue);
    }

    [Fact]
    public async Task Large_content_is_cut_to_its_budget_stays_json_and_says_how_large_it_was()
    {
        JsonElement span = await Exporting.RoundTripAsync(
            activity =>
            {
                activity.SetTag("gen_ai.operation.name", "chat");
                activity.SetTag("gen_ai.input.messages",
                    JsonSerializer.Serialize(
                        new[] { new { role = "user", parts = new[] { new { type = "text", content = new string('漢', 3000) } } } }));
                activity.SetTag("output.value", new string('x', 3000));
            },
            options => options.MaxContentLength = 2000);

        // 2,000 characters, of which each has three bytes; the role takes four of them.
        string kept = span.GetProperty("input").GetProperty("messages")[0].GetProperty("content").GetString()!;
        kept.ShouldStartWith("漢漢");
        kept.Length.ShouldBeInRange(1990, 2000);
        span.GetProperty("metadata").GetProperty("input_original_bytes").GetInt32().ShouldBeGreaterThan(9000);
        span.GetProperty("output").GetString()!.Length.ShouldBe(2000);
        span.GetProperty("metadata").GetProperty("output_original_bytes").GetInt32().ShouldBe(3002);
    }

    [Theory]
    [InlineData('漢', 600_000)]
    [InlineData('a', 1_048_570)]
    [InlineData('\n', 1_048_576)]
    public async Task Content_of_the_greatest_length_is_kept_whole_however_many_bytes_it_takes(char letter, int length)
    {
        string text = new(letter, length);
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("long", input: text))
        {
            using SpanScope span = trace.StartSpan("llm", ProbeSpanKind.Llm);
            span.SetInput([ProbeMessage.User(text)]);
            span.SetOutput(text);
        }

        export.Flush().ShouldBeTrue();
        JsonElement stored = backend.Trace("long").Span("llm");
        foreach (string property in new[] { "input", "output" })
            stored.GetProperty(property).GetProperty("messages")[0].GetProperty("content").GetString().ShouldBe(text);
        stored.TryGetProperty("metadata", out _).ShouldBeFalse("nothing was noted, because nothing was shortened");
    }

    [Theory]
    [InlineData(2_147_483_000, 647, null)]
    [InlineData(2_147_483_000, 648, "prompt_tokens")]
    [InlineData(648, 2_147_483_000, "completion_tokens")]
    [InlineData(3_000_000_000, 3_000_000_000, "prompt_tokens completion_tokens")]
    public async Task Counts_whose_sum_PandaProbe_cannot_hold_are_refused_on_the_way_there_only(
        long prompt, long completion, string? refused)
    {
        Activity? recorded = null;
        JsonElement span = await Exporting.RoundTripAsync(activity =>
        {
            recorded = activity;
            activity.SetTag("gen_ai.operation.name", "chat");
            activity.SetTag("gen_ai.usage.input_tokens", prompt);
            activity.SetTag("gen_ai.usage.output_tokens", completion);
        });

        string[] names = refused?.Split(' ') ?? [];
        foreach (string name in names)
            span.GetProperty("metadata").GetProperty("refused." + name).GetInt64().ShouldBe(name == "prompt_tokens" ? prompt : completion);
        string[] kept = span.TryGetProperty("token_usage", out JsonElement usage)
            ? [.. usage.EnumerateObject().Select(count => count.Name)] : [];
        kept.ShouldBe(new[] { "prompt_tokens", "completion_tokens", "total_tokens" }.Where(
            name => names.Length == 0 || (name != "total_tokens" && !names.Contains(name))));
        recorded!.GetTagItem("gen_ai.usage.input_tokens").ShouldBe(prompt);
        recorded.GetTagItem("gen_ai.usage.output_tokens").ShouldBe(completion);
    }

    [Fact]
    public async Task A_number_of_five_thousand_digits_arrives_as_text()
    {
        string digits = new('7', 5000);
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        using (TraceScope trace = Probe.StartTrace("huge"))
        {
            using SpanScope span = trace.StartSpan("tool", ProbeSpanKind.Tool);
            span.SetInput(JsonDocument.Parse($$"""{"n":{{digits}},"small":12345,"text":"{{digits}}"}""").RootElement);
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("huge").Span("tool").GetProperty("input").GetRawText().ShouldBe($$"""{"n":"{{digits}}","small":12345,"text":"{{digits}}"}""");
    }

    [Fact]
    public async Task Sessions_and_users_that_differ_behind_their_limit_stay_two_and_equal_tags_are_one()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend);
        string same = new('s', 300);
        foreach (string last in new[] { "1", "2", "1" })
            Probe.StartTrace("trace", sessionId: same + last, userId: same + last, tags: ["a", "b", "a"]).Dispose();

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace[] traces = [.. backend.Traces.Values];
        foreach (string field in new[] { "session_id", "user_id" })
        {
            string[] ids = [.. traces.Select(trace => (string)trace.Fields[field]!)];
            ids.Distinct().Count().ShouldBe(2);
            ids.ShouldAllBe(id => id.Length <= 255 && id.StartsWith("sss"));
        }

        traces.ShouldAllBe(trace => trace.Fields["tags"]!.AsArray().Count == 2);
    }

    [Fact]
    public async Task Errors_and_metadata_that_are_larger_than_a_request_cost_no_span()
    {
        await using Backend backend = await Backend.StartAsync(new() { MaxBodySize = 300_000 });
        using Exporting export = new(backend, options => options.MaxRequestBytes = 250_000) { SetsTagsByHand = true };
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            trace.SetMetadata(new() { ["page"] = new string('p', 1_000_000) });
            trace.SetError(new string('t', 1_000_000));
            using (SpanScope failed = trace.StartSpan("failed"))
            {
                failed.SetMetadata("page", new string('漢', 1_000_000));
                failed.RecordException(new InvalidOperationException(new string('e', 1_000_000)));
            }

            using SpanScope instructed = trace.StartSpan("instructed", ProbeSpanKind.Llm);
            instructed.Activity!.SetTag("gen_ai.system_instructions", new string('i', 1_000_000));
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Trace("large");
        stored.Spans.Count.ShouldBe(2);
        JsonElement span = stored.Span("failed");
        span.GetProperty("error").GetString()!.ShouldStartWith("System.InvalidOperationException: eeee");
        span.GetProperty("metadata").GetProperty("page").GetString()!.ShouldStartWith("漢漢");
        span.GetProperty("metadata").GetProperty("page_original_bytes").GetInt32().ShouldBe(3_000_002);
    }

    [Fact]
    public async Task Requests_stay_below_their_size_and_no_span_is_lost_to_it()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, options => options.MaxRequestBytes = 64 * 1024);
        using (TraceScope trace = Probe.StartTrace("large"))
        {
            for (int i = 0; i < 20; i++)
            {
                using SpanScope span = trace.StartSpan("span");
                span.SetInput(new string('x', i == 7 ? 300_000 : 20_000));
            }
        }

        export.Flush().ShouldBeTrue();
        backend.Trace("large").Spans.Count.ShouldBe(20);
        backend.Requests.ShouldAllBe(request => request.Body.Length <= 65 * 1024);
        backend.Violations.ShouldBeEmpty();
    }
}

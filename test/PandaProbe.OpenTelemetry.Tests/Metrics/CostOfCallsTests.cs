using System.Diagnostics;

namespace PandaProbe.Metrics;

[Collection(ProcessWide.Name)]
public sealed class CostOfCallsTests
{
    [Theory]
    [InlineData(Tracing.Recorded)]
    [InlineData(Tracing.SampledOut)]
    public void A_cost_of_the_caller_is_measured_whatever_becomes_of_the_span(Tracing tracing)
    {
        using Measurements measurements = new();
        using IDisposable traced = tracing.Start();

        CostOf(span => span.SetCost(0.5m)).ShouldBe(0.5);
        CostOf(span => span.SetCost(0.5)).ShouldBe(0.5);
        CostOf(span => span.SetCost(null, new() { ["input"] = 0.1m, ["output"] = 0.2m })).ShouldBe(0.3);
        CostOf(span => span.SetCost(null, new Dictionary<string, object?> { ["input"] = 0.1m, ["output"] = 0.2 })).ShouldBe(0.3);
        CostOf(span => span.SetCost(null, new() { ["total"] = 0.4m, ["input"] = 0.1m })).ShouldBe(0.4);
        CostOf(span => span.SetCost(null, new() { ["input"] = 0.1m, ["total_cost"] = 0.4m })).ShouldBe(0.4);
        CostOf(span => span.SetCost(0.5m, new() { ["total"] = 0.4m, ["input"] = 0.1m })).ShouldBe(0.5);
        CostOf(span => span.SetCost(null, new() { ["input"] = -1, ["output"] = 0.2m })).ShouldBe(0.2);
        CostOf(span => span.SetCost(null, new() { ["input"] = "much", ["output"] = "0.2" })).ShouldBe(0.2);
        CostOf(span => span.SetCost(null)).ShouldBeNull();
        CostOf(span => span.SetCost(null, new() { ["input"] = "much" })).ShouldBeNull();
        CostOf(span => span.SetCost(0m)).ShouldBe(0);
        CostOf(span => span.SetCost(-0.001m)).ShouldBeNull();
        CostOf(span => span.SetCost(1_000_000_000_000m)).ShouldBe(1e12);
        CostOf(span => span.SetCost(1_000_000_000_001m)).ShouldBeNull();
        CostOf(span => span.SetCost(null, new() { ["a"] = 1_000_000_000_000m })).ShouldBe(1e12);
        CostOf(span => span.SetCost(null, new() { ["a"] = 1_000_000_000_000m, ["b"] = 1 })).ShouldBeNull();
        CostOf(span => span.SetCost(null, new() { ["a"] = 1_000_000_000_001m, ["b"] = 1 })).ShouldBe(1);

        double? CostOf(Action<SpanScope> set)
        {
            int before = measurements.Of(Measurements.Cost).Count;
            using (SpanScope span = Probe.StartLlmSpan("a model without a price"))
                set(span);

            Measured[] costs = [.. measurements.Of(Measurements.Cost).Skip(before)];
            costs.Length.ShouldBeLessThanOrEqualTo(1);
            return costs is [var only] ? Math.Round(only.Value, 9) : null;
        }
    }

    [Theory]
    [InlineData(5L, 5L)]
    [InlineData(5, 5L)]
    [InlineData((short)5, 5L)]
    [InlineData(5.0, 5L)]
    [InlineData(-5.0, -5L)]
    [InlineData(5.5, null)]
    [InlineData(9007199254740991.0, 9007199254740991L)]
    [InlineData(9007199254740992.0, null)]
    [InlineData(-9007199254740992.0, null)]
    [InlineData(double.NaN, null)]
    [InlineData("5", 5L)]
    [InlineData("-5", null)]
    [InlineData(" 5", null)]
    [InlineData("5.0", null)]
    [InlineData(true, null)]
    [InlineData(null, null)]
    public void A_whole_number_is_read_whatever_its_type(object? tag, long? number) => CallFacts.Integer(tag).ShouldBe(number);

    [Fact]
    public void Facts_of_a_call_come_from_these_tags()
    {
        using Activity call = new("call");
        call.SetTag("gen_ai.operation.name", "chat").SetTag("gen_ai.provider.name", "openai").SetTag("gen_ai.request.model", "asked")
            .SetTag("gen_ai.response.model", "answered")
            .SetTag("server.address", "localhost").SetTag("server.port", 8080).SetTag("pandaprobe.token_count_method", "counted")
            .SetTag("gen_ai.response.time_to_first_chunk", 0.5).SetTag("pandaprobe.cost.total", 0.25);

        var facts = CallFacts.Of(call);
        (facts.Operation, facts.Provider, facts.RequestModel, facts.ResponseModel).ShouldBe(("chat", "openai", "asked", "answered"));
        (facts.ServerAddress, facts.ServerPort, facts.CountMethod).ShouldBe(("localhost", 8080L, "counted"));
        (facts.TimeToFirstChunk, facts.Cost, facts.ErrorType).ShouldBe((0.5, 0.25, null));

        call.SetStatus(ActivityStatusCode.Error);
        CallFacts.Of(call).ErrorType.ShouldBe("_OTHER");
        CallFacts.Of(call.SetTag("error.type", "timeout")).ErrorType.ShouldBe("timeout");
    }
}

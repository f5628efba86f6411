using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>Spans that no instrumentation should send, and some do.</summary>
public sealed class HostileTests(SharedTool shared) : IClassFixture<SharedTool>
{
    [Fact]
    public async Task Spans_of_any_shape_are_kept_and_shown()
    {
        RunningTool tool = shared.Tool;
        int before = (await tool.GetAsync("/api/traces")).GetProperty("items").GetArrayLength();

        string large = new('1', 32);
        await Payloads.SendAsync(tool, Payloads.Request(Payloads.Span(large, 1, 0, ("input.value", new string('x', 10 << 20)))));
        JsonElement span = await tool.GetAsync($"/api/traces/{large}/spans/0000000000000001");
        span.GetProperty("attributes")[0].GetProperty("value").GetString()!.Length.ShouldBe(10 << 20);

        string cycle = new('2', 32);
        await Payloads.SendAsync(
            tool, Payloads.Request(
                Payloads.Span(cycle, 1, 2, Tokens), Payloads.Span(cycle, 2, 3, Tokens), Payloads.Span(cycle, 3, 1, Tokens),
            Payloads.Span(cycle, 4, 4, Tokens)));
        (await tool.GetAsync($"/api/traces/{cycle}")).GetProperty("spans").GetProperty("count").GetInt32().ShouldBe(4);

        string deep = new('3', 32);
        await Payloads.SendAsync(tool, Payloads.Request(Enumerable.Range(1, 1000).Select(i => Payloads.Span(deep, i, i - 1))));
        (await tool.GetAsync($"/api/traces/{deep}")).GetProperty("spans").GetProperty("depth").EnumerateArray()
            .Max(static depth => depth.GetInt32()).ShouldBe(999);

        string clock = new('4', 32);
        Span backwards = Payloads.Span(clock, 1, 0), future = Payloads.Span(clock, 2, 1), epoch = Payloads.Span(clock, 3, 1);
        backwards.EndTimeUnixNano = 5;
        (future.StartTimeUnixNano, future.EndTimeUnixNano) = (ulong.MaxValue, ulong.MaxValue);
        (epoch.StartTimeUnixNano, epoch.EndTimeUnixNano) = (0, 1);
        await Payloads.SendAsync(tool, Payloads.Request(backwards, future, epoch));
        (await tool.GetAsync($"/api/traces/{clock}")).GetProperty("spans").GetProperty("duration").EnumerateArray()
            .All(static time => time.GetDouble() >= 0).ShouldBeTrue();

        Span shortId = Payloads.Span(clock, 9, 0), longId = Payloads.Span(clock, 10, 0), none = Payloads.Span(clock, 11, 0);
        shortId.TraceId = ByteString.CopyFrom(1, 2, 3);
        longId.SpanId = ByteString.CopyFrom(new byte[20]);
        none.SpanId = ByteString.CopyFrom(new byte[8]);
        ExportTraceServiceResponse answer = await Payloads.SendAsync(
            tool, Payloads.Request(shortId, longId, none, Payloads.Span(clock, 12, 1)));
        answer.PartialSuccess.RejectedSpans.ShouldBe(3);
        (await tool.GetAsync($"/api/traces/{clock}")).GetProperty("spans").GetProperty("count").GetInt32().ShouldBe(4);
        (await tool.GetAsync("/api/sessions")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await tool.GetAsync("/api/traces")).GetProperty("items").GetArrayLength().ShouldBe(before + 4);
    }

    [Fact]
    public async Task Sums_are_right_whatever_comes_first_twice_or_never()
    {
        RunningTool tool = shared.Tool;
        Span[] Spans(string trace) =>
        [
            Payloads.Span(trace, 1, 0, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.usage.input_tokens", 30)),
            Payloads.Span(trace, 2, 1, ("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 10)),
            Payloads.Span(trace, 3, 2, ("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 10)),
            Payloads.Span(trace, 4, 1, ("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 20)),
        ];
        int[][] orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 2, 1, 1, 0, 0, 3, 3], [0, 0, 1, 2, 3, 1]];
        for (int i = 0; i < orders.Length; i++)
        {
            string trace = $"{i + 1:x32}";
            foreach (int index in orders[i])
                await Payloads.SendAsync(tool, Payloads.Request(Spans(trace)[index]));
            JsonElement sums = (await tool.GetAsync($"/api/traces/{trace}")).GetProperty("trace").GetProperty("sums");
            sums.GetProperty("inputTokens").GetInt64()
                .ShouldBe(30, $"order {i}: the agent sums up, and span 2 is the outer layer of span 3");
            sums.GetProperty("calls").GetInt64().ShouldBe(2, $"order {i}");
            sums.GetProperty("spans").GetInt64().ShouldBe(4, $"order {i}");
        }

        string orphan = new('f', 32);
        await Payloads.SendAsync(tool, Payloads.Request(Spans(orphan)[2]));
        JsonElement answer = await tool.GetAsync($"/api/traces/{orphan}");
        answer.GetProperty("trace").GetProperty("status").GetString().ShouldBe("RUNNING");
        (answer.GetProperty("spans").GetProperty("flags")[0].GetInt32() & 8).ShouldBe(8, "the parent that did not come has a place");
        answer.GetProperty("trace").GetProperty("sums").GetProperty("spans").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_trace_of_100000_spans_is_shown_whole()
    {
        RunningTool tool = shared.Tool;
        string trace = new('a', 32);
        foreach (int[] part in Enumerable.Range(1, 100_000).Chunk(20_000))
            await Payloads.SendAsync(tool, Payloads.Request(part.Select(i => Payloads.Span(trace, i, i / 10))));
        (await tool.GetAsync($"/api/traces/{trace}")).GetProperty("spans").GetProperty("count").GetInt32().ShouldBe(100_000);
    }

    private static (string, object)[] Tokens => [("gen_ai.operation.name", "chat"), ("gen_ai.usage.input_tokens", 10)];
}

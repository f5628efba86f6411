using System.Diagnostics;
using PandaProbe.Tests;

namespace PandaProbe.Scopes;

/// <summary>What converts to a field's value by itself. That these compile is half of the test.</summary>
[Collection(ProcessWide.Name)]
public sealed class FieldValuesTests
{
    private static readonly DateTime Moment = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    [Fact]
    public void Any_value_can_be_made_one_of_a_field()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetMetadata(new()
            {
                ["object"] = ProbeValue.From(new { a = 1 }),
                ["number"] = ProbeValue.From(5),
                ["nothing"] = ProbeValue.From(null),
                ["value"] = ProbeValue.From((ProbeValue)"text"),
            });
        }

        Activity recorded = recording.Spans.ShouldHaveSingleItem();
        recorded.Text("pandaprobe.metadata.object").ShouldBe("""{"a":1}""");
        recorded.Tag("pandaprobe.metadata.number").ShouldBe(5L);
        recorded.Tag("pandaprobe.metadata.nothing").ShouldBeNull();
        recorded.Tag("pandaprobe.metadata.value").ShouldBe("text");
    }

    [Fact]
    public void Every_simple_value_is_recorded_as_what_it_is()
    {
        int? whole = 5, none = null;
        float? single = 0.7f;
        double? noDouble = null;
        bool? flag = true;
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetMetadata(new()
            {
                ["null"] = null,
                ["int?"] = whole,
                ["no int"] = none,
                ["float?"] = single,
                ["no double"] = noDouble,
                ["bool?"] = flag,
                ["long?"] = (long?)6,
                ["decimal?"] = (decimal?)1.5m,
                ["byte"] = (byte)1,
                ["sbyte"] = (sbyte)-1,
                ["short"] = (short)-2,
                ["ushort"] = (ushort)2,
                ["uint"] = 3u,
                ["ulong"] = 4ul,
                ["huge"] = ulong.MaxValue,
                ["char"] = 'é',
                ["char?"] = (char?)'x',
                ["enum"] = DayOfWeek.Monday,
                ["enum?"] = (DayOfWeek?)DayOfWeek.Friday,
                ["time"] = Moment,
                ["time?"] = (DateTime?)Moment,
                ["offset"] = new DateTimeOffset(Moment),
                ["span"] = TimeSpan.FromSeconds(90.5),
                ["span?"] = (TimeSpan?)null,
                ["guid"] = Guid.Empty,
                ["texts"] = new[] { "a", "b" },
            });
            span.SetMetadata("one", (int?)7);
            span.SetMetadata("day", DayOfWeek.Sunday);
            span.SetMetadata("gone", 1);
            span.SetMetadata("gone", null);
        }

        Activity recorded = recording.Spans[0];
        Dictionary<string, object?> expected = new()
        {
            ["null"] = null,
            ["int?"] = 5L,
            ["no int"] = null,
            ["float?"] = 0.7,
            ["no double"] = null,
            ["bool?"] = true,
            ["long?"] = 6L,
            ["decimal?"] = 1.5,
            ["byte"] = 1L,
            ["sbyte"] = -1L,
            ["short"] = -2L,
            ["ushort"] = 2L,
            ["uint"] = 3L,
            ["ulong"] = 4L,
            ["huge"] = "18446744073709551615",
            ["char"] = "é",
            ["char?"] = "x",
            ["enum"] = "Monday",
            ["enum?"] = "Friday",
            ["time"] = "2026-01-02T03:04:05.0000000Z",
            ["time?"] = "2026-01-02T03:04:05.0000000Z",
            ["offset"] = "2026-01-02T03:04:05.0000000+00:00",
            ["span"] = "00:01:30.5000000",
            ["span?"] = null,
            ["guid"] = "00000000-0000-0000-0000-000000000000",
            ["texts"] = new[] { "a", "b" },
            ["one"] = 7L,
            ["day"] = "Sunday",
            ["gone"] = null,
        };
        foreach ((string? key, object? value) in expected)
            recorded.Tag("pandaprobe.metadata." + key).ShouldBe(value, key);
    }

    [Fact]
    public void Dictionaries_of_simple_values_convert()
    {
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetMetadata(new Dictionary<string, object> { ["a"] = 1 });
            span.SetMetadata(new Dictionary<string, object?> { ["b"] = null, ["c"] = new { x = 1 } });
            span.SetMetadata(new Dictionary<string, string> { ["d"] = "text" });
            span.SetMetadata(new Dictionary<string, int> { ["e"] = 2 });
            span.SetMetadata(new Dictionary<string, long> { ["f"] = 3 });
            span.SetMetadata(new Dictionary<string, double> { ["g"] = 0.5 });
            span.SetMetadata(new Dictionary<string, decimal> { ["h"] = 0.25m });
        }

        string.Join(' ', "acdefgh".Select(key => recording.Spans[0].Tag($"pandaprobe.metadata.{key}"))).ShouldBe("""1 {"x":1} text 2 3 0.5 0.25""");
    }

    [Fact]
    public void Inputs_and_costs_take_null_and_lists()
    {
        double? cost = 0.5, noCost = null;
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Llm))
        {
            span.SetInput(null);
            span.SetOutput(["a", "b"]);
            span.SetCost(cost);
            span.SetCost(noCost);
        }

        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            trace.SetOutput(null);
            trace.SetInput(["a", "b"]);
            trace.SetOutput(Enumerable.Repeat("c", 2));
        }

        recording.Span("span").HasTag("gen_ai.input.messages").ShouldBeFalse();
        recording.Span("span").Text("gen_ai.output.messages")!.ShouldContain("""[\"a\",\"b\"]""");
        recording.Span("span").Tag("pandaprobe.cost.total").ShouldBe(0.5);
        recording.Span("trace").Text("input.value").ShouldBe("""["a","b"]""");
        recording.Span("trace").Text("output.value").ShouldBe("""["c","c"]""");
    }

    [Fact]
    public void Fields_allocate_nothing_while_nobody_listens() => Allocated.By(() =>
    {
        ProbeFields fields = new()
        {
            ["a"] = 1,
            ["b"] = (int?)2,
            ["c"] = 'c',
            ["d"] = Moment,
            ["e"] = TimeSpan.FromSeconds(1),
            ["f"] = ulong.MaxValue,
            ["g"] = null,
        };
        fields.IsEmpty.ShouldBeTrue();
    }).ShouldBe(0);

    [Fact]
    public void One_or_two_fields_allocate_nothing_and_the_latest_value_of_a_key_counts()
    {
        using SpanRecording recording = new();
        Allocated.By(() =>
        {
            ProbeFields two = new() { ["a"] = 1, ["b"] = 2 };
            two["a"] = 3;
            two["b"] = 4;
        }).ShouldBe(0);

        ProbeFields fields = new() { ["a"] = 1, ["b"] = 2, ["c"] = 3, ["d"] = 4, [""] = 5 };
        foreach (string key in (string[])["a", "b", "c", "d"])
            fields[key] = 10;
        string.Join(' ', fields.Select(field => $"{field.Key}={field.Value}")).ShouldBe("a=10 b=10 c=10 d=10");
    }
}

using System.Diagnostics;
using System.Text.Json;
using PandaProbe.Values;

namespace PandaProbe.Content;

/// <summary>What a caller hands over costs at most what may be recorded of it. Changes the process's policy, so these run alone.</summary>
public sealed class BoundedContentTests
{
    [Fact]
    public void A_sequence_without_end_is_recorded_as_far_as_it_may_be()
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 10_000);
        using (TraceScope trace = Probe.StartTrace("trace"))
        {
            trace.SetInput(Endless(static i => new { row = i, text = "value" }));
            trace.SetOutput(Endless(static i => "text " + i));
            trace.SetMetadata("numbers", Endless(static i => i));
            using SpanScope span = trace.StartSpan("llm", ProbeSpanKind.Llm);
            span.SetInput(Endless(static i => ProbeMessage.User("message " + i)));
        }

        Activity recorded = recording.Span("trace");
        TextOf(recorded, "input.value").ShouldStartWith("""[{"row":0,"text":"value"},{"row":1""");
        TextOf(recorded, "output.value").ShouldStartWith("""["text 0","text 1",""");
        ((long)recorded.Tag("pandaprobe.metadata.input_original_length")!).ShouldBeInRange(80_000, 200_000);
        JsonSerializer.Deserialize<string>(recorded.Text("pandaprobe.metadata.numbers")!)!.ShouldStartWith("[0,1,2");
        string messages = recording.Span("llm").Text("gen_ai.input.messages")!;
        messages.ShouldStartWith("""[{"role":"user","parts":[{"type":"text","content":"mess""");
        messages.Length.ShouldBeLessThan(200_000);

        static string TextOf(Activity activity, string tag)
        {
            string json = activity.Text(tag)!;
            json.Length.ShouldBeInRange(5_000, 10_000);
            return JsonSerializer.Deserialize<string>(json)!;
        }
    }

    [Fact]
    public void Many_rows_cost_what_may_be_recorded_of_them()
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 10_000);
        int read = 0;
        IEnumerable<object> rows = Enumerable.Range(0, 300_000)
            .Select(i => (object)new { id = Interlocked.Increment(ref read), text = new string('x', 1000) });
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetInput(rows);

        read.ShouldBeLessThan(3_000);
    }

    [Fact]
    public void Long_texts_are_cut_and_what_stands_beside_them_is_kept()
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 10_000);
        string huge = new('\u0001', 1_000_000);
        using (SpanScope span = Probe.StartSpan("span"))
            span.SetInput(new { first = huge, second = huge, third = huge, last = 1 });

        string json = recording.Span("span").Text("input.value")!;
        json.Length.ShouldBeInRange(5_000, 10_000);
        JsonDocument.Parse(json).RootElement.GetProperty("last").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void As_many_characters_are_kept_as_may_be_recorded()
    {
        using SpanRecording recording = new(options => options.MaxContentLength = 1000);
        string text = new('漢', 3000);
        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetInput(new { text, n = 1 });
            span.SetOutput(text);
            using SpanScope llm = Probe.StartSpan("llm", ProbeSpanKind.Llm);
            llm.SetInput([ProbeMessage.System("terse"), ProbeMessage.User(text)]);
        }

        recording.Span("span").Text("input.value")!.Length.ShouldBe(1000);
        recording.Span("span").Text("output.value")!.Length.ShouldBe(1000);
        JsonElement messages = JsonDocument.Parse(recording.Span("llm").Text("gen_ai.input.messages")!).RootElement;
        messages[1].GetProperty("parts")[0].GetProperty("content").GetString()!.Length.ShouldBe(995);
    }

    [Fact]
    public void What_has_no_value_yet_is_its_types_name_and_is_never_waited_for()
    {
        using SpanRecording recording = new();
        TaskCompletionSource<int> never = new();
        Lazy<int> lazy = new(() => throw new InvalidOperationException("was asked for"));
        using (SpanScope span = Probe.StartSpan("span"))
        {
            span.SetInput(new
            {
                task = never.Task,
                valueTask = new ValueTask<int>(never.Task),
                lazy,
                done = ValueTask.CompletedTask,
                list = new[] { never.Task }
            });
            span.SetOutput((object)never.Task);
            span.SetMetadata("lazy", (object)lazy);
        }

        Activity recorded = recording.Span("span");
        string task = typeof(Task<int>).ToString();
        JsonElement input = JsonDocument.Parse(recorded.Text("input.value")!).RootElement;
        input.GetProperty("task").GetString().ShouldBe(task);
        input.GetProperty("valueTask").GetString().ShouldBe(typeof(ValueTask<int>).ToString());
        input.GetProperty("lazy").GetString().ShouldBe(typeof(Lazy<int>).ToString());
        input.GetProperty("done").GetString().ShouldBe(typeof(ValueTask).ToString());
        input.GetProperty("list")[0].GetString().ShouldBe(task);
        JsonSerializer.Deserialize<string>(recorded.Text("output.value")!).ShouldBe(task);
        JsonSerializer.Deserialize<string>(recorded.Text("pandaprobe.metadata.lazy")!).ShouldBe(typeof(Lazy<int>).ToString());
        lazy.IsValueCreated.ShouldBeFalse();
    }

    public static TheoryData<object, string> Scalars => new()
    {
        { 5, "5" }, { ulong.MaxValue, "18446744073709551615" }, { 0.7f, "0.7" }, { double.NaN, "\"NaN\"" }, { 1.50m, "1.50" },
            { true, "true" }, { 'x', "\"x\"" },
        { DayOfWeek.Friday, "\"Friday\"" }, { TimeSpan.FromSeconds(90), "\"00:01:30\"" }, { new DateOnly(2026, 1, 2), "\"2026-01-02\"" },
        { (nint)5, "\"5\"" },
        { typeof(string), "\"System.String\"" }, { new Uri("https://example.com/a b"), "\"https://example.com/a b\"" },
        { Guid.Empty, "\"00000000-0000-0000-0000-000000000000\"" },
    };

    [Theory]
    [MemberData(nameof(Scalars))]
    public void A_scalar_is_the_same_json_wherever_it_stands(object value, string json)
    {
        ContentSerializer.SerializeUntyped(value).ShouldBe(json);
        FrozenValue.ToJson(FrozenValue.Of(value)).ShouldBe(json);
        ContentSerializer.Serialize(value, context: null).ShouldBe(json);
        FrozenValue.ToJson(FrozenValue.Of(new Dictionary<string, object?> { ["v"] = value })).ShouldBe($$"""{"v":{{json}}}""");
    }

    private static IEnumerable<T> Endless<T>(Func<int, T> item)
    {
        for (int i = 0; ; i++)
            yield return item(i);
    }
}

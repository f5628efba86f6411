using System.Diagnostics;
using System.Text.Json;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Otlp;

/// <summary>Requests of spans with long prompts, sent to a receiver with the limits of OpenTelemetry's collector.</summary>
public sealed class OtlpSizeTests
{
    /// <summary>Set to 1, the variable makes the first test send 10,000 spans, 1.5 GB.</summary>
    private static readonly int Spans = Environment.GetEnvironmentVariable("PANDAPROBE_LARGE_TESTS") == "1" ? 10_000 : 500;

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Of_spans_with_prompts_of_1_KB_to_1_MB_nothing_is_lost_but_what_is_counted(bool grpc, bool atOnce)
    {
        await using Collector collector = await Collector.StartAsync(keepsSpans: false);
        using OtlpProvider provider = new(collector, grpc);
        Random random = new(13);
        string longest = new('x', 1024 * 1024);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Spans; i++)
        {
            // As many of 1 to 10 KB as of 100 KB to 1 MB.
            int length = (int)(1024 * Math.Pow(1024, random.NextDouble()));
            provider.Record("span " + i, "gen_ai.input.messages", longest[..length]);

            // What the memory of the queue cannot hold is dropped, so one of the tests is no faster than the receiver.
            if (!atOnce && i % 50 == 49)
                provider.Flush().ShouldBeTrue();
        }

        provider.Flush();
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        string[] names = [.. collector.Spans.Select(span => span.Name)];
        names.ShouldBeUnique();
        (names.Length + provider.Queue.Dropped).ShouldBe(Spans);
        if (!atOnce)
            provider.Queue.Dropped.ShouldBe(0);
        collector.Requests.ShouldAllBe(request => request.Taken && request.Bytes <= 3_670_016);
        Console.WriteLine(
            $"{(grpc ? "gRPC" : "HTTP")}: {names.Length} of {Spans} spans in {collector.Requests.Count} requests, {collector.Requests.Sum(request => request.Bytes) / 1e6:0} MB, largest {collector.Requests.Max(request => request.Bytes) / 1e6:0.00} MB, dropped and counted {provider.Queue.Dropped}, {took.TotalSeconds:0.0} s");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_is_larger_than_estimated_is_halved_before_it_goes_out(bool grpc)
    {
        await using Collector collector = await Collector.StartAsync();
        using OtlpProvider provider = new(collector, grpc);

        // Three bytes a character on the wire, two in the estimate.
        string text = new('文', 300_000);
        for (int i = 0; i < 12; i++)
            provider.Record("span " + i, "text", text);

        provider.Flush().ShouldBeTrue();
        collector.Spans.Count.ShouldBe(12);
        collector.Spans.ShouldAllBe(span => (string)span.Tag("text")! == text);
        collector.Requests.ShouldAllBe(request => request.Taken && request.Bytes <= 3_670_016);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_batch_that_the_receiver_finds_too_large_is_halved(bool grpc)
    {
        await using Collector collector = await Collector.StartAsync();
        using OtlpProvider provider = new(collector, grpc, options => options.Otlp.MaxRequestBytes = 60 * 1024 * 1024);
        for (int i = 0; i < 30; i++)
            provider.Record("span " + i, "text", new string('x', 900_000));

        provider.Flush().ShouldBeTrue();
        collector.Requests.ShouldContain(request => !request.Taken);
        collector.Spans.Select(span => span.Name).Order().ShouldBe(Enumerable.Range(0, 30).Select(i => "span " + i).Order());
    }

    [Theory]
    [InlineData(413, null, 0)]
    [InlineData(null, "Error, message length too large: found 5 bytes, the limit is: 4 bytes", 11)]
    [InlineData(null, "Received message exceeds the maximum configured message size.", 8)]
    public async Task All_answers_that_say_too_large_halve(int? http, string? message, int grpc)
    {
        await using Collector collector = await Collector.StartAsync();
        if (http is { } status)
            collector.Next(status);
        else
            collector.NextGrpc(grpc, message!);
        using OtlpProvider provider = new(collector, http is null);
        for (int i = 0; i < 10; i++)
            provider.Record();

        provider.Flush().ShouldBeTrue();
        collector.Requests.Select(request => request.Spans).ShouldBe([0, 5, 5]);
    }

    [Theory]
    [InlineData(true, OtlpExportCompression.None)]
    [InlineData(true, OtlpExportCompression.GZip)]
    [InlineData(false, OtlpExportCompression.None)]
    [InlineData(false, OtlpExportCompression.GZip)]
    public async Task One_span_that_is_too_large_alone_is_shortened_where_it_is_longest_and_says_so(
        bool grpc, OtlpExportCompression compression)
    {
        await using Collector collector = await Collector.StartAsync();
        using OtlpProvider provider = new(collector, grpc, otlp: otlp => otlp.Compression = compression);
        string content = string.Concat(Enumerable.Range(0, 2_500_000).Select(i => (char)('a' + (i % 26))));
        string answer = $$"""[{"role":"assistant","parts":[{"type":"text","content":"{{string.Concat(Enumerable.Repeat(content, grpc ? 1 : 10))}}"}]}]""";
        string question = string.Concat(Enumerable.Repeat("日本", 700_000));
        Activity span;
        using (span = provider.Start("chat"))
        {
            span.SetTag("gen_ai.input.messages", question);
            span.SetTag("gen_ai.output.messages", answer);
            span.SetTag("gen_ai.request.model", "gpt-5.4");
        }

        provider.Record("other", "text", "short");
        provider.Flush().ShouldBeTrue();

        Span sent = collector.Spans.Single(span => span.Name == "chat");
        sent.Tag("gen_ai.request.model").ShouldBe("gpt-5.4");
        sent.Tag("pandaprobe.metadata.input_original_length").ShouldBe((long)question.Length);
        sent.Tag("pandaprobe.metadata.output_original_length").ShouldBe((long)answer.Length);
        string shortQuestion = (string)sent.Tag("gen_ai.input.messages")!;
        shortQuestion.ShouldEndWith("…");
        question.ShouldStartWith(shortQuestion[..^1]);
        using var json = JsonDocument.Parse((string)sent.Tag("gen_ai.output.messages")!);
        string shortAnswer = json.RootElement[0].GetProperty("parts")[0].GetProperty("content").GetString()!;
        shortAnswer.ShouldEndWith("…");
        shortAnswer.Length.ShouldBeGreaterThan(1_000_000, "no more is cut than needed");
        collector.Requests.Last(request => request.Taken).Bytes.ShouldBeInRange(1, 3_670_016);

        // Other exporters read the same activity.
        span.GetTagItem("gen_ai.output.messages").ShouldBe(answer);
        collector.Spans.Single(span => span.Name == "other").Tag("text").ShouldBe("short");
        provider.Queue.Dropped.ShouldBe(0);
    }

    [Fact]
    public async Task A_span_that_stays_too_large_without_its_texts_is_dropped_and_counted()
    {
        await using Collector collector = await Collector.StartAsync();
        using OtlpProvider provider = new(collector, grpc: true);
        provider.Record(new string('n', 5_000_000));

        provider.Record("other");
        provider.Flush().ShouldBeFalse("one span did not arrive");
        collector.Spans.Single().Name.ShouldBe("other");
        provider.Queue.Dropped.ShouldBe(1);
        collector.Requests.Count.ShouldBeLessThan(15);
    }

    [Fact]
    public async Task Objects_of_the_application_in_tags_neither_lose_other_spans_nor_wait_for_the_export()
    {
        await using Collector collector = await Collector.StartAsync();
        using OtlpProvider provider = new(collector, grpc: false);
        provider.Record("throws", "value", new Strange(() => throw new InvalidOperationException("strange")));
        provider.Record("flushes", "value", new Strange(() => provider.Flush() ? "flushed" : "not flushed"));
        provider.Record("plain", "value", "text");
        provider.Flush();
        collector.Spans.Single(span => span.Name == "plain").Tag("value").ShouldBe("text");
        collector.Spans.Single(span => span.Name == "flushes").Tag("value").ShouldBe("not flushed");
        (collector.Spans.Count + provider.Queue.Dropped).ShouldBe(3);
    }

    private sealed class Strange(Func<string> text)
    {
        public override string ToString() => text();
    }
}

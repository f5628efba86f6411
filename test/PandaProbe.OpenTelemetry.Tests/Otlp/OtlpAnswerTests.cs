using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using PandaProbe.Diagnostics;

namespace PandaProbe.Otlp;

/// <summary>What the receiver says decides what becomes of a batch.</summary>
public sealed class OtlpAnswerTests
{
    [Theory]
    [InlineData(400, "invalid", "span id is empty")]
    [InlineData(401, "unauthorized", "OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData(403, "forbidden", "OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData(404, "not_found", "/v1/traces")]
    [InlineData(500, "refused", "(500)")]
    [InlineData(308, "redirected", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    public async Task What_the_receiver_refuses_for_good_is_sent_once_and_the_log_says_what_to_do(int status, string reason, string advice)
    {
        await using Collector collector = await Collector.StartAsync();
        collector.Next(status, body: Collector.RpcStatus(3, "span id is empty"));
        using Events events = new();
        using OtlpProvider provider = new(collector, grpc: false);
        AssertRefused(collector, provider, events, reason, advice);
    }

    [Theory]
    [InlineData(3, "invalid", "span id is empty")]
    [InlineData(16, "unauthorized", "OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData(7, "forbidden", "OTEL_EXPORTER_OTLP_HEADERS")]
    [InlineData(5, "not_found", "traces")]
    [InlineData(12, "not_found", "traces pipeline")]
    [InlineData(13, "refused", "Internal")]
    public async Task So_it_is_over_grpc(int status, string reason, string advice)
    {
        await using Collector collector = await Collector.StartAsync();
        collector.NextGrpc(status, "span id is empty");
        using Events events = new();
        using OtlpProvider provider = new(collector, grpc: true);
        AssertRefused(collector, provider, events, reason, advice);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task What_can_pass_is_tried_again(int status)
    {
        await using Collector collector = await Collector.StartAsync();
        collector.Next(status);
        using OtlpProvider provider = new(collector, grpc: false);
        provider.Record();
        provider.Flush().ShouldBeTrue();
        collector.Spans.Count.ShouldBe(1);
        collector.Requests.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(15)]
    public async Task So_it_is_over_grpc_too(int status)
    {
        await using Collector collector = await Collector.StartAsync();
        collector.NextGrpc(status, "try later");
        using OtlpProvider provider = new(collector, grpc: true);
        provider.Record();
        provider.Flush().ShouldBeTrue();
        collector.Spans.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_receiver_says_when_and_all_workers_wait_until_then(bool grpc)
    {
        var delay = TimeSpan.FromSeconds(1);
        await using Collector collector = await Collector.StartAsync();
        if (grpc)
            collector.NextGrpc(8, "memory", Collector.RpcStatus(8, "memory", delay));
        else
            collector.Next(429, retryAfter: "1");
        using OtlpProvider provider = new(collector, grpc);
        long start = Stopwatch.GetTimestamp();
        provider.Record("first");
        Task<bool> flush = Task.Run(provider.Flush);
        Tests.Export.Exporting.Eventually(() => collector.Requests.Count == 1, "the first request");
        provider.Record("second");
        (await Task.Run(provider.Flush)).ShouldBeTrue();
        (await flush).ShouldBeTrue();
        Stopwatch.GetElapsedTime(start).ShouldBeGreaterThan(delay);
        collector.Spans.Select(span => span.Name).Order().ShouldBe(["first", "second"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Spans_that_the_receiver_leaves_out_are_counted_with_its_message(bool grpc)
    {
        // partial_success (1): rejected_spans (1), error_message (2)
        byte[] body = [10, 14, 8, 2, 18, 10, .. "no room!!!"u8];
        await using Collector collector = await Collector.StartAsync();
        collector.NextAnswers(async context =>
        {
            context.Response.ContentType = context.Request.ContentType;
            await context.Response.Body.WriteAsync(grpc ? [0, 0, 0, 0, (byte)body.Length, .. body] : body);
            if (grpc)
                context.Response.AppendTrailer("grpc-status", "0");
        });
        using Events events = new();
        using OtlpProvider provider = new(collector, grpc);
        for (int i = 0; i < 5; i++)
            provider.Record();

        provider.Flush().ShouldBeFalse("two did not arrive");
        provider.Queue.Dropped.ShouldBe(2);
        events.Warnings.ShouldContain(message => message.Contains("2 of its 5 spans") && message.Contains("no room!!!"));
        collector.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_standstill_is_said_once_and_again_when_it_comes_back()
    {
        await using Collector collector = await Collector.StartAsync();
        using Events events = new();
        using OtlpProvider provider = new(collector, grpc: false);
        string[] Standstills() => [.. events.Warnings.Where(message => message.Contains(collector.HttpEndpoint.Authority))];
        collector.Next(503, times: 3);
        provider.Record();
        provider.Flush().ShouldBeTrue();
        Standstills().Length.ShouldBe(1);

        collector.Next(503, times: 2);
        provider.Record();
        provider.Flush().ShouldBeTrue();
        Standstills().Length.ShouldBe(2);
    }

    private static void AssertRefused(Collector collector, OtlpProvider provider, Events events, string reason, string advice)
    {
        provider.Record();
        provider.Flush().ShouldBeFalse();
        collector.Requests.Count.ShouldBe(1);
        provider.Queue.Dropped.ShouldBe(1);
        events.Warnings.ShouldContain(message =>
            message.Contains("http://127.0.0.1:") && message.Contains($"({reason})") && message.Contains(advice));
    }
}

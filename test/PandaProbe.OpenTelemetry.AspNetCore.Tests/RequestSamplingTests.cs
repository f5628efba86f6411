using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace PandaProbe.AspNetCore;

/// <summary>What samplers decide below a request that ASP.NET Core opened an activity for and no sampler has seen.</summary>
[Collection(RecordedSpans.Tests)]
public sealed class RequestSamplingTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task A_new_web_application_records_its_traces(string environment)
    {
        RecordedSpans spans = new();
        Seen seen = new();
        await using WebServer server = await Server(spans, seen, environment: environment);
        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();

        seen.Request!.Source.Name.ShouldBeEmpty("the activity that ASP.NET Core opens without instrumentation");
        seen.Request.Recorded.ShouldBeFalse();
        Activity trace = spans.Single("answer");
        Activity call = spans.Single("call");
        trace.TraceId.ShouldBe(seen.Request.TraceId);
        trace.Parent.ShouldBeSameAs(seen.Request);
        call.Parent.ShouldBeSameAs(trace);
        seen.After.ShouldBeSameAs(seen.Request);
    }

    [Theory]
    [InlineData("00", false)]
    [InlineData("01", true)]
    public async Task What_the_caller_decided_stays(string flags, bool recorded)
    {
        RecordedSpans spans = new();
        Seen seen = new();
        await using WebServer server = await Server(spans, seen);
        using HttpRequestMessage request = new(HttpMethod.Get, "/ask");
        request.Headers.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-{flags}");
        (await server.Client.SendAsync(request)).EnsureSuccessStatusCode();

        seen.Request!.TraceId.ToHexString().ShouldBe(TraceId);
        spans.All.Select(span => span.DisplayName).ShouldBe(recorded ? ["call", "answer", "second"] : []);
    }

    [Fact]
    public async Task A_sampler_that_wants_nothing_gets_nothing()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, new(), tracing => tracing.SetSampler(new AlwaysOffSampler()));
        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();
        await using WebServer parentBased = await Server(
            spans, new(), tracing => tracing.SetSampler(new ParentBasedSampler(new AlwaysOffSampler())));
        (await parentBased.Client.GetAsync("/ask")).EnsureSuccessStatusCode();

        spans.All.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_root_sampler_is_asked_once_for_a_request_and_its_answer_holds_for_all_of_it(bool first)
    {
        RecordedSpans spans = new();
        Alternating sampler = new(first);
        await using WebServer server = await Server(spans, new(), tracing => tracing.SetSampler(new ParentBasedSampler(sampler)));
        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();

        spans.All.Select(span => span.DisplayName).ShouldBe(first ? ["call", "answer", "second"] : []);
        sampler.Asked.ShouldBe(["answer"]);
    }

    [Fact]
    public async Task A_span_of_another_AI_library_is_recorded_too()
    {
        RecordedSpans spans = new();
        using ActivitySource library = new("Experimental.Microsoft.Extensions.AI");
        await using WebServer server = await WebServer.Start(
            app => app.MapGet("/ask", () =>
            {
                spans.Own.TryAdd(Activity.Current!.TraceId, true);
                using Activity? chat = library.StartActivity("chat gpt-5.4", ActivityKind.Client);
            }),
            services => Add(services, spans));
        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();

        spans.Single("chat gpt-5.4").Parent.ShouldNotBeNull().Source.Name.ShouldBeEmpty();
    }

    [Fact]
    public async Task With_instrumentation_of_requests_its_span_decides()
    {
        RecordedSpans spans = new();
        Alternating sampler = new(false);
        await using WebServer server = await Server(
            spans, new(), tracing => tracing.AddSource("Microsoft.AspNetCore").SetSampler(new ParentBasedSampler(sampler)));
        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();
        spans.All.ShouldBeEmpty();

        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();
        spans.Single("server").SpanId.ShouldBe(spans.Single("answer").ParentSpanId);
        sampler.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_activity_without_a_source_that_the_sampler_dropped_is_a_decision()
    {
        RecordedSpans spans = new();
        Alternating sampler = new(false);
        using IHost host = Worker(spans, tracing => tracing.AddLegacySource("job").SetSampler(new ParentBasedSampler(sampler)));
        await host.StartAsync();
        await host.Services.GetRequiredService<Job>().ExecuteTask!;
        await host.StopAsync();

        spans.All.ShouldBeEmpty();
        sampler.Asked.ShouldBe(["job"]);
    }

    [Fact]
    public async Task A_worker_records_below_an_activity_of_its_own()
    {
        RecordedSpans spans = new();
        using IHost host = Worker(spans, _ => { });
        await host.StartAsync();
        await host.Services.GetRequiredService<Job>().ExecuteTask!;
        await host.StopAsync();

        spans.Single("work").Parent.ShouldNotBeNull().OperationName.ShouldBe("inner job");
    }

    [Fact]
    public async Task A_call_from_outside_of_any_request_and_what_it_calls_are_one_trace()
    {
        RecordedSpans spans = new();
        Seen seen = new();
        await using WebServer server = await Server(spans, seen);
        ActivityTraceId traceId;
        using (TraceScope caller = Probe.StartTrace("caller"))
        {
            traceId = caller.Activity.ShouldNotBeNull().TraceId;
            (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();
        }

        seen.Request!.TraceId.ShouldBe(traceId);
        spans.Single("answer").TraceId.ShouldBe(traceId);
    }

    [Fact]
    public async Task Concurrent_requests_keep_their_traces_apart()
    {
        RecordedSpans spans = new();
        await using WebServer server = await Server(spans, new());
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode()));

        spans.All.Where(span => span.DisplayName == "answer").Select(span => span.TraceId).Distinct().Count().ShouldBe(50);
        spans.All.Count.ShouldBe(150);
    }

    private static Task<WebServer> Server(
        RecordedSpans spans, Seen seen, Action<TracerProviderBuilder>? tracing = null, string environment = "Production") =>
            WebServer.Start(
                app => app.MapGet("/ask", async () =>
                {
                    Activity request = seen.Request = Activity.Current!;
                    spans.Own.TryAdd(request.TraceId, true);
                    using (TraceScope trace = Probe.StartTrace("answer"))
                    {
                        await Task.Yield();
                        using SpanScope call = trace.StartSpan("call", ProbeSpanKind.Llm, model: "gpt-5.4");
                    }

                    seen.After = Activity.Current;
                    Probe.StartTrace("second").Dispose();
                    return "done";
                }),
                services => Add(services, spans, tracing),
                environment);

    private static void Add(IServiceCollection services, RecordedSpans spans, Action<TracerProviderBuilder>? tracing = null) => services
        .AddPandaProbe(options => options.Export = ProbeExport.None)
        .ConfigureOpenTelemetryTracerProvider(builder =>
        {
            tracing?.Invoke(builder);
            builder.AddProcessor(spans);
        });

    private static IHost Worker(RecordedSpans spans, Action<TracerProviderBuilder> tracing)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(["--Logging:LogLevel:Default", "Warning"]);
        builder.Logging.Configure(
            options =>
                options.ActivityTrackingOptions =
                    ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId | ActivityTrackingOptions.TraceFlags);
        Add(builder.Services, spans, tracing);
        builder.Services.AddSingleton(spans).AddSingleton<Job>().AddHostedService(services => services.GetRequiredService<Job>());
        return builder.Build();
    }

    private sealed class Seen
    {
        public Activity? Request { get; set; }

        public Activity? After { get; set; }
    }

    private sealed class Job(RecordedSpans spans) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            using Activity job = new Activity("job").Start();
            using Activity inner = new Activity("inner job").Start();
            spans.Own.TryAdd(job.TraceId, true);
            await Task.Yield();
            Probe.StartTrace("work").Dispose();
        }
    }

    /// <summary>Decides one way, then the other.</summary>
    private sealed class Alternating(bool first) : Sampler
    {
        private readonly List<string> _asked = [];

        public IReadOnlyList<string> Asked => _asked;

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        {
            lock (_asked)
            {
                _asked.Add(samplingParameters.Name);
                return new((_asked.Count % 2 == 1) == first);
            }
        }
    }
}

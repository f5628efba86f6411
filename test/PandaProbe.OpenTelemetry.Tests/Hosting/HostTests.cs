using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;

namespace PandaProbe.Hosting;

// Hosts of their own collection: what they log is what the whole process says.
[Collection(ProcessWide.Name)]
public sealed class HostTests
{
    [Fact]
    public async Task A_host_exports_what_is_waiting_when_it_stops_spans_of_stopping_services_included()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using IHost host = AddPandaProbeTests.NewHost(services =>
        {
            services.AddHostedService<RecordsAtStartAndStop>();
            services.AddPandaProbe(
                options => (options.Export, options.Otlp.Configure) = (ProbeExport.Otlp, otlp => AddPandaProbeTests.To(receiver, otlp)));
        });

        await host.StartAsync();
        await host.StopAsync();

        receiver.Spans.Select(span => span.Name).ShouldBe(["starting", "stopping"]);
    }

    [Fact]
    public async Task A_collector_that_hangs_does_not_keep_a_host_beyond_its_shutdown_time()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(hangs: true);
        IHost host = AddPandaProbeTests.NewHost(services =>
        {
            services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
            services.AddPandaProbe(
                options => (options.Export, options.Otlp.Configure) = (ProbeExport.Otlp, otlp => AddPandaProbeTests.To(receiver, otlp)));
        });
        await host.StartAsync();
        Probe.StartTrace("stuck").Dispose();

        long start = Stopwatch.GetTimestamp();
        await host.StopAsync();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(1));

        start = Stopwatch.GetTimestamp();
        host.Dispose();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("http/protobuf", "OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    [InlineData("http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "v1/traces")]
    [InlineData("grpc", "OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    public async Task The_hosts_configuration_alone_sends_traces_to_a_collector(string protocol, string setting, string path)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [setting] = new Uri(protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint, path).ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
            ["OTEL_SERVICE_NAME"] = "from-configuration",
        });
        builder.Services.AddPandaProbe();
        using IHost host = builder.Build();

        await host.StartAsync();
        Probe.StartTrace("configured").Dispose();
        await host.StopAsync();

        receiver.Span("configured");
        OtlpSpan.Value(receiver.Received.Single().Resource.Attributes, "service.name").ShouldBe("from-configuration");
    }

    [Fact]
    public async Task A_wrong_option_in_code_stops_the_start_of_the_host_with_its_message()
    {
        using IHost host = AddPandaProbeTests.NewHost(services => services.AddPandaProbe(options => options.PandaProbe.BatchSize = 0));

        (await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync()))
            .Message.ShouldContain("PandaProbeOptions.PandaProbe.BatchSize is 0: set it to 1 or more");
    }

    [Fact]
    public async Task Warnings_reach_the_hosts_logger_and_the_key_does_not()
    {
        const string Key = "pp-key-51ab";
        Log log = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["PandaProbe:PandaProbe:BatchSize"] = "many", ["PandaProbe:PandaProbe:ApiKey"] = Key });
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log);
        builder.Services.AddPandaProbe(options => options.Debug = true);
        using IHost host = builder.Build();

        await host.StartAsync();
        using (SpanScope span = Probe.StartSpan("faulty"))
        {
            span.SetInput(new Throws());
            span.SetTokenUsage(promptTokens: -1);
        }

        await host.StopAsync();

        string[] warnings = [.. log.Written.Where(entry => entry.Own && entry.Level == LogLevel.Warning && entry.Category == "PandaProbe")
            .Select(entry => entry.Message)];
        warnings.Length.ShouldBe(4);
        warnings[0].ShouldBe(
            "'many' is not a value for PANDAPROBE_BATCH_SIZE (PandaProbe:PandaProbe:BatchSize): set it to a whole number above 0. The default is used.");
        warnings[1].ShouldContain("does not know where to send them");
        warnings[2].ShouldContain("could not be serialised");
        warnings[3].ShouldContain("-1 is not a number of tokens");
        log.Written.ShouldContain(entry => entry.Level == LogLevel.Information && entry.Message.StartsWith("PandaProbe 0"));
        log.Written.ShouldNotContain(entry => entry.Message.Contains(Key));
    }

    [Fact]
    public async Task A_host_that_is_gone_logs_no_more()
    {
        Log log = new();
        using (IHost host = AddPandaProbeTests.NewHost(services =>
        {
            services.AddLogging(logging => logging.AddProvider(log));
            services.AddPandaProbe(AddPandaProbeTests.ToNowhere);
        }))
        {
            await host.StartAsync();
            await host.StopAsync();
        }

        int before = log.Written.Count;
        using SpanRecording recording = new();
        using (SpanScope span = Probe.StartSpan("later"))
            span.SetTokenUsage(promptTokens: -1);
        log.Written.Count.ShouldBe(before);
    }

    [Fact]
    public async Task In_a_web_application_session_user_and_tags_reach_the_http_calls_below_a_trace_and_not_those_beside_it()
    {
        AllSpans spans = new();
        await using WebApplication app = NewWebApplication(
            AddPandaProbeTests.ToNowhere,
            tracing => tracing.AddSource("Microsoft.AspNetCore", "System.Net.Http").AddProcessor(spans));
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.First()) };

        ActivityTraceId[] traces = [.. await Task.WhenAll(
            Enumerable.Range(0, 20)
            .Select(async i => ActivityTraceId.CreateFromString(await client.GetStringAsync($"/ask?session=s{i}&user=u{i}"))))];
        await app.StopAsync();

        for (int i = 0; i < traces.Length; i++)
        {
            IReadOnlyList<Activity> all = spans.Of(traces[i]);
            Activity trace = all.Single(span => span.DisplayName == "answer");
            Activity[] calls = [.. all.Where(span => span.Source.Name == "System.Net.Http" && span.ParentSpanId == trace.SpanId)];
            calls.Length.ShouldBe(2);
            foreach (Activity below in (Activity[])[trace, .. calls])
            {
                below.Tag("session.id").ShouldBe($"s{i}");
                below.Tag("gen_ai.conversation.id").ShouldBe($"s{i}");
                below.Tag("user.id").ShouldBe($"u{i}");
                below.Tag("tag.tags").ShouldBe(new[] { "web" });
            }

            Activity request = all.Single(span => span.Source.Name == "Microsoft.AspNetCore" && span.SpanId == trace.ParentSpanId);
            request.HasTag("session.id").ShouldBeFalse();
            calls.ShouldAllBe(call => !call.HasTag("pandaprobe.span.kind"));
        }
    }

    [Theory]
    [InlineData("PANDAPROBE_ENABLED", "false")]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    public async Task Switched_off_a_web_application_answers_as_ever(string variable, string value)
    {
        await using WebApplication app = NewWebApplication(AddPandaProbeTests.ToNowhere, _ => { }, new() { [variable] = value });
        await app.StartAsync();
        using HttpClient client = new() { BaseAddress = new Uri(app.Urls.First()) };

        (await client.GetStringAsync("/ask?session=s&user=u")).ShouldBe("not recorded");
        await app.StopAsync();
    }

    private static WebApplication NewWebApplication(
        Action<PandaProbeOptions> configure, Action<TracerProviderBuilder> tracing, Dictionary<string, string?>? settings = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddHttpClient("backend").ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler());
        builder.Services.AddPandaProbe(configure);
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing);
        WebApplication app = builder.Build();
        app.MapGet("/backend", () => "fact");
        app.MapGet("/ask", async (string session, string user, IHttpClientFactory clients) =>
        {
            using HttpClient client = clients.CreateClient("backend");
            client.BaseAddress = new Uri(app.Urls.First());
            using TraceScope trace = Probe.StartTrace("answer", sessionId: session, userId: user, tags: ["web"]);
            await Task.WhenAll(client.GetStringAsync("/backend"), Task.Run(() => client.GetStringAsync("/backend")));
            return trace.Activity?.TraceId.ToHexString() ?? "not recorded";
        });
        return app;
    }

    private sealed class RecordsAtStartAndStop : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            Probe.StartTrace("starting").Dispose();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            Probe.StartTrace("stopping").Dispose();
            return Task.CompletedTask;
        }
    }

    private sealed class Throws
    {
        public string Value => throw new InvalidOperationException("never");
    }

    /// <summary>
    /// All that is logged, and whether it is of the test's own flow: an exporter that another test left behind may still have something to
    /// say.
    /// </summary>
    private sealed class Log : ILoggerProvider
    {
        private static readonly AsyncLocal<Log?> Current = new();

        public Log() => Current.Value = this;

        public ConcurrentQueue<(string Category, LogLevel Level, string Message, bool Own)> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

        public void Dispose()
        {
        }

        private sealed class Logger(Log log, string category) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            {
                log.Written.Enqueue((category, logLevel, formatter(state, exception) + exception, ReferenceEquals(Current.Value, log)));
            }
        }
    }
}

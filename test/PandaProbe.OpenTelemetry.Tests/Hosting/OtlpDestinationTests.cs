using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Otlp;

namespace PandaProbe.Hosting;

/// <summary>Where spans go over OTLP, and what a user reads about it.</summary>
[Collection(ProcessWide.Name)]
public sealed class OtlpDestinationTests
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly Dictionary<string, Action<IServiceCollection>> Exporters = new()
    {
        ["UseOtlpExporter"] = services => new HandMadeBuilder(services).UseOtlpExporter(),
        ["AddOtlpExporter"] = services => new HandMadeBuilder(services).WithTracing(tracing => tracing.AddOtlpExporter()),
        ["service defaults"] = services =>
        {
            new HandMadeBuilder(services).WithMetrics(metrics => metrics.AddMeter("x")).WithTracing(tracing => tracing.AddSource("x"));
            new HandMadeBuilder(services).UseOtlpExporter();
        },
        ["by hand"] = services => services.ConfigureOpenTelemetryTracerProvider((provider, tracing) => tracing.AddProcessor(
            new SimpleActivityExportProcessor(
                new OtlpTraceExporter(new() { Endpoint = new Uri(provider.GetRequiredService<IConfiguration>()[Endpoint]!) })))),
        ["elsewhere"] = services => services.ConfigureOpenTelemetryTracerProvider(
            (_, tracing) => tracing.AddProcessor(new SimpleActivityExportProcessor(new Elsewhere()))),
        ["metrics only"] = services => new HandMadeBuilder(services).WithMetrics(metrics => metrics.AddOtlpExporter()),
    };

    public static TheoryData<string, bool, bool> Orders()
    {
        TheoryData<string, bool, bool> orders = [];
        foreach (string exporter in Exporters.Keys)
        {
            orders.Add(exporter, true, true);
            orders.Add(exporter, false, true);
            orders.Add(exporter, true, false);
            orders.Add(exporter, false, false);
        }

        return orders;
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task Beside_the_applications_exporter_every_span_arrives_once(string exporter, bool pandaProbeFirst, bool batch)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration[Endpoint] = receiver.GrpcEndpoint.ToString();
        if (!batch)
            builder.Services.Configure<OtlpExporterOptions>(otlp => otlp.ExportProcessorType = ExportProcessorType.Simple);
        if (pandaProbeFirst)
            builder.Services.AddPandaProbe();
        Exporters[exporter](builder.Services);
        if (!pandaProbeFirst)
            builder.Services.AddPandaProbe();
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            using (TraceScope trace = Probe.StartTrace("trace"))
                trace.StartSpan("step", ProbeSpanKind.Tool).Dispose();

            await host.StopAsync();
        }

        receiver.Spans.Select(span => span.Name).Order().ShouldBe(["step", "trace"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task So_it_is_in_a_program_without_a_host(bool configure)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using EnvironmentVariables endpoint = new(Endpoint, receiver.GrpcEndpoint.ToString());
        using Events events = new();
        if (configure)
        {
            Probe.Configure(null, tracing => tracing.AddOtlpExporter());
            Probe.StartTrace("trace").Dispose();
            Probe.Shutdown();
        }
        else
        {
            using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe().AddOtlpExporter().Build();
            Probe.StartTrace("trace").Dispose();
        }

        receiver.Span("trace");
        events.Messages.ShouldContain(message => message.Contains("because the application's OTLP exporter gets its spans"));
        events.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public void An_otlp_exporter_with_an_address_in_code_is_a_destination_too()
    {
        using Events events = new();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe()
            .AddOtlpExporter(otlp => otlp.Endpoint = new Uri("http://127.0.0.1:1")).Build();
        Probe.StartTrace("trace").Dispose();
        events.Warnings.ShouldNotContain(message => message.Contains("does not know where to send them"));
    }

    [Theory]
    [InlineData("grpc", Endpoint, "http://127.0.0.1:4417", "over OTLP (grpc) to http://127.0.0.1:4417 (")]
    [InlineData("http/protobuf", Endpoint, "http://user:secret@127.0.0.1:4417/base?key=secret",
        "over OTLP (http/protobuf) to http://127.0.0.1:4417/base/v1/traces (")]
    [InlineData("http/protobuf", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4417/own",
        "over OTLP (http/protobuf) to http://127.0.0.1:4417/own (")]
    public async Task The_line_at_start_names_the_protocol_and_the_address_that_are_used(
        string protocol, string setting, string address, string expected)
    {
        Log log = new();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        builder.Configuration[setting] = address;
        builder.Logging.AddProvider(log);
        builder.Services.AddPandaProbe();
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
        string line = log.Written.Single(entry => entry.Level == LogLevel.Information && entry.Message.StartsWith("PandaProbe ")).Message;
        line.ShouldContain(expected);
        line.ShouldNotContain("api.pandaprobe.com");
        line.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("a=traces", "a=all", "7", "8", "a=traces 7")]
    [InlineData(null, "a=all", null, "8", "a=all 8")]
    [InlineData(null, null, null, null, " 10000")]
    public async Task Values_for_traces_come_before_those_for_all_signals(
        string? headers, string? allHeaders, string? timeout, string? allTimeout, string expected)
    {
        string? used = null;
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration[Endpoint] = "http://127.0.0.1:1";
        builder.Configuration["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = headers;
        builder.Configuration["OTEL_EXPORTER_OTLP_HEADERS"] = allHeaders;
        builder.Configuration["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"] = timeout;
        builder.Configuration["OTEL_EXPORTER_OTLP_TIMEOUT"] = allTimeout;
        builder.Services.AddPandaProbe(options => options.Otlp.Configure = otlp => used = $"{otlp.Headers} {otlp.TimeoutMilliseconds}");
        using IHost host = builder.Build();
        await host.StartAsync();
        await host.StopAsync();
        used.ShouldBe(expected);
    }

    [Theory]
    [InlineData("localhost:4317", "it has no scheme, write http://localhost:4317, or https://localhost:4317 with TLS")]
    [InlineData("collector", "it has no scheme, write http://collector")]
    [InlineData("ftp://collector", "set it to an absolute http or https address")]
    public async Task An_address_of_the_environment_that_cannot_be_used_is_explained_and_stops_nothing(string address, string explanation)
    {
        using EnvironmentVariables endpoint = new(Endpoint, address);
        Log log = new();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.AddProvider(log);
        builder.Services.AddPandaProbe();
        using IHost host = builder.Build();
        await host.StartAsync();
        Probe.StartTrace("trace").Dispose();
        await host.StopAsync();
        (string _, LogLevel level, string message) = log.Written.Where(
            entry => entry.Category == "PandaProbe" && entry.Level > LogLevel.Information)
            .ShouldHaveSingleItem();
        level.ShouldBe(LogLevel.Warning);
        message.ShouldContain($"'{address}' is not an address for {Endpoint}: {explanation}");
        message.ShouldEndWith("Until then nothing is exported over OTLP.");
        log.Written.ShouldContain(entry => entry.Message.Contains("exports to nothing of its own"));
    }

    [Theory]
    [InlineData("grpc", "nobody", "Connection refused")]
    [InlineData("http/protobuf", "nobody", "Connection refused")]
    [InlineData("grpc", "http", "speaks HTTP/1.1 and not gRPC: 4317 is gRPC, 4318 is http/protobuf")]
    [InlineData("http/protobuf", "grpc", "HTTP/2 only: 4317 is gRPC, 4318 is http/protobuf")]
    [InlineData("http/protobuf", "grpc in Go", "perhaps gRPC: 4317 is gRPC, 4318 is http/protobuf")]
    public async Task A_failure_says_why_in_the_hosts_log_at_once_and_once(string protocol, string other, string reason)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using TcpListener go = new(IPAddress.Loopback, 0);
        go.Start();
        Task serving = ServeLikeGoAsync(go);
        Log log = new();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;
        builder.Configuration["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        builder.Configuration[Endpoint] = other switch
        {
            "http" => receiver.HttpEndpoint.ToString(),
            "grpc" => receiver.GrpcEndpoint.ToString(),
            "grpc in Go" => $"http://{go.LocalEndpoint}",
            _ => "http://127.0.0.1:1",
        };
        builder.Logging.AddProvider(log);
        builder.Services.AddPandaProbe(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            Probe.StartTrace("trace").Dispose();
            Tests.Export.Exporting.Eventually(() => Complaints().Length > 0, "the log says why, while the program runs");
            Probe.StartTrace("trace").Dispose();
            await host.StopAsync();
        }

        go.Stop();
        await serving;
        Complaints().ShouldHaveSingleItem();

        string[] Complaints() =>
            [.. log.Written.Where(entry => entry.Category == "PandaProbe" && entry.Message.Contains(reason))
                .Select(entry => entry.Message)];
    }

    // A gRPC server in Go sends its HTTP/2 settings at once, and closes when the client does not speak HTTP/2.
    private static async Task ServeLikeGoAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(new byte[] { 0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 64, 0 });
                await client.GetStream().ReadAtLeastAsync(new byte[100], 1, throwOnEndOfStream: false);
            }
        }
        catch (Exception exception) when (exception is SocketException or InvalidOperationException or IOException)
        {
            // The test is over.
        }
    }

    private sealed class Log : ILoggerProvider
    {
        public ConcurrentQueue<(string Category, LogLevel Level, string Message)> Written { get; } = new();

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
                LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                    log.Written.Enqueue((category, logLevel, formatter(state, exception)));
        }
    }

    /// <summary>An exporter of the application to another system.</summary>
    private sealed class Elsewhere : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch) => ExportResult.Success;
    }
}

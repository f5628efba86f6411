using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Hosting.Settings;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

[Collection(ProcessWide.Name)]
public class SecurityTests
{
    private const string Key = BackendOptions.DefaultApiKey;

    [Theory]
    [InlineData("http://pandaprobe.internal:8000", false, false)]
    [InlineData("http://pandaprobe.internal:8000", true, true)]
    [InlineData("http://127.0.0.1:8000", false, true)]
    [InlineData("http://localhost:8000", false, true)]
    [InlineData("https://pandaprobe.internal", false, true)]
    public void The_key_goes_over_plain_http_to_another_machine_only_when_that_is_asked_for(string endpoint, bool allow, bool good)
    {
        ValidateOptionsResult result = new PandaProbeOptionsValidator().Validate(
            null, new() { PandaProbe = { Endpoint = new Uri(endpoint), AllowInsecureEndpoint = allow, ApiKey = Key, ProjectName = "p" } });
        result.Succeeded.ShouldBe(good);
        if (!good)
            result.FailureMessage!.ShouldContain("AllowInsecureEndpoint");
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        System.Security.Cryptography.X509Certificates.CertificateRequest request = new(
            "CN=localhost", rsa, System.Security.Cryptography.HashAlgorithmName.SHA256,
            System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using System.Net.Sockets.TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        bool received = false;
        var server = Task.Run(async () =>
        {
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                await using System.Net.Security.SslStream stream = new(client.GetStream());
                await stream.AuthenticateAsServerAsync(certificate);
                received = await stream.ReadAsync(new byte[1]) > 0;
            }
            catch (Exception)
            {
                // The client hangs up: as it should.
            }
        });

        FakeTime time = new();
        using Exporting export = new(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"), time: time);
        using (Probe.StartTrace("trace"))
        {
        }

        time.Until(() => export.Errors.Any(error => error.Message.Contains("secure connection", StringComparison.Ordinal)),
            "the exporter says why");
        await server;
        received.ShouldBeFalse();
    }

    [Fact]
    public async Task The_key_is_in_no_log_no_error_no_metric_and_no_text()
    {
        using Events events = new();
        using MeterListener meters = new()
        {
            InstrumentPublished = (instrument, listener) =>
            { if (instrument.Meter.Name == "PandaProbe.Exporter") listener.EnableMeasurementEvents(instrument); }
        };
        ConcurrentDictionary<string, bool> measured = new();
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument.Name, tags));
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument.Name, tags));
        meters.Start();

        await using Backend backend = await Backend.StartAsync(
            new() { Fault = request => Fault.Answer(request.Number % 2 == 0 ? 401 : 503) });
        FakeTime time = new();
        using Exporting export = new(backend, time: time, recorded: options => options.Debug = true);
        for (int i = 0; i < 6; i++)
        {
            using TraceScope trace = Probe.StartTrace("trace");
            using SpanScope span = trace.StartSpan("span");
        }

        time.Until(() => export.Health.SpansHeld == 0, "everything is settled");
        meters.RecordObservableInstruments();
        export.Errors.ShouldNotBeEmpty();
        events.Lines.ShouldNotBeEmpty();
        string everything = string.Join('\n', events.Lines) + string.Join('\n', export.Errors)
            + string.Join('\n', export.Errors.Select(error => error.Exception))
            + export.Health + export.Options + JsonSerializer.Serialize(export.Health) + string.Join('\n', measured.Keys);
        everything.ShouldNotContain(Key);
        measured.Keys.ShouldContain("pandaprobe.exporter.spans.dropped reason=unauthorized");
        measured.Keys.ShouldContain("pandaprobe.exporter.request.duration http.response.status_code=401");
        foreach (string name in new[]
        {
            "traces.queued", "traces.dropped", "spans.queued", "requests.retried", "requests.bytes", "queue.length", "queue.spans",
                "spool.size",
        })
        {
            measured.Keys.ShouldContain(text => text.StartsWith("pandaprobe.exporter." + name, StringComparison.Ordinal), name);
        }

        void Note(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string text = name;
            foreach ((string? key, object? value) in tags)
                text += $" {key}={value}";
            measured.TryAdd(text, true);
        }
    }

    [Fact]
    public async Task A_handler_of_the_hosts_factory_sends_where_it_is_given_and_its_logs_hold_no_key()
    {
        await using Backend elsewhere = await Backend.StartAsync();
        await using Backend backend = await Backend.StartAsync();
        int passed = 0;
        Capture capture = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(capture);
        builder.Services.AddHttpClient("PandaProbe").AddHttpMessageHandler(() => new Counting(() => Interlocked.Increment(ref passed)))
            .RedactLoggedHeaders(_ => true);
        builder.Services.AddOptions<PandaProbeOptions>()
            .Configure<IHttpMessageHandlerFactory>(
                (options, handlers) => options.PandaProbe.HttpMessageHandler = handlers.CreateHandler("PandaProbe"));
        builder.Services.AddPandaProbe(options =>
        {
            options.PandaProbe.ApiKey = Key;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
        });
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            using (TraceScope trace = Probe.StartTrace("hosted"))
            using (SpanScope span = trace.StartSpan("span"))
            {
            }

            Probe.ExporterHealth.Count.ShouldBe(1);
            await host.StopAsync();
            backend.Trace("hosted").Spans.Count.ShouldBe(1);

            backend.Fault = _ => Fault.Redirect(elsewhere.Address + "traces");
            using (Probe.StartTrace("redirected"))
            {
            }

            Probe.Flush().ShouldBeFalse();
        }

        passed.ShouldBe(2);
        elsewhere.Requests.ShouldBeEmpty();
        backend.Violations.ShouldBeEmpty();
        capture.Text.ShouldContain("HTTP");
        capture.Text.ShouldNotContain(Key);
    }

    [Fact]
    public async Task Handlers_that_a_host_gives_every_client_of_its_factory_do_not_send()
    {
        await using Backend backend = await Backend.StartAsync();
        int passed = 0;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.ConfigureHttpClientDefaults(
            clients => clients.AddHttpMessageHandler(() => new Counting(() => Interlocked.Increment(ref passed))));
        builder.Services.AddPandaProbe(options =>
        {
            options.PandaProbe.ApiKey = Key;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
        });
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            Probe.StartTrace("hosted").Dispose();
            await host.StopAsync();
        }

        backend.Trace("hosted").ShouldNotBeNull();
        passed.ShouldBe(0);
    }

    [Fact]
    public async Task Configure_exports_with_nothing_but_the_environment()
    {
        await using Backend backend = await Backend.StartAsync();
        Dictionary<string, string> variables = new()
        {
            ["PANDAPROBE_API_KEY"] = Key,
            ["PANDAPROBE_PROJECT_NAME"] = BackendOptions.DefaultProject,
            ["PANDAPROBE_ENDPOINT"] = backend.Address.AbsoluteUri,
            ["PANDAPROBE_ENVIRONMENT"] = "staging",
        };
        try
        {
            foreach ((string? name, string? value) in variables)
                Environment.SetEnvironmentVariable(name, value);
            Probe.Configure(tracing: builder =>
                builder.ConfigureResource(
                    resource => OpenTelemetry.Resources.ResourceBuilderExtensions.AddService(
                        resource, "service", serviceVersion: "9.9.9")));
            using (TraceScope trace = Probe.StartTrace("configured"))
            {
            }

            Probe.Shutdown();
        }
        finally
        {
            foreach (string name in variables.Keys)
                Environment.SetEnvironmentVariable(name, null);
        }

        StoredTrace stored = backend.Trace("configured");
        ((string)stored.Fields["environment"]!).ShouldBe("staging");
        ((string)stored.Fields["release"]!).ShouldBe("9.9.9");
        backend.Violations.ShouldBeEmpty();
    }

    private sealed class Counting(Action passed) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            passed();
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Capture : ILoggerProvider, ILogger
    {
        private readonly System.Text.StringBuilder _text = new();

        public string Text
        {
            get
            {
                lock (_text)
                    return _text.ToString();
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose()
        {
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_text)
                _text.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
        }
    }
}

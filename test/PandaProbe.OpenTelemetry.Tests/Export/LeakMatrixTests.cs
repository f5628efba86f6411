using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Leaks;
using PandaProbe.Otlp;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>
/// A secret of its own stands in every row of <see cref="TextTable"/>, and none of them may be in what leaves: requests to PandaProbe,
/// files of the spool, OTLP, what another exporter reads, events in the log pipeline, the library's own log. The local viewer gets OTLP.
/// </summary>
public sealed class LeakMatrixTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pandaprobe-matrix").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(LeakWay.Masking, true)]
    [InlineData(LeakWay.Masking, false)]
    [InlineData(LeakWay.ContentOff, true)]
    [InlineData(LeakWay.ContentOff, false)]
    [InlineData(LeakWay.ThrowingRedactor, true)]
    [InlineData(LeakWay.ThrowingRedactor, false)]
    public async Task No_planted_value_leaves(LeakWay way, bool hasOtherExporter)
    {
        Dictionary<string, string> sent = await ExportAsync(way, masks: way == LeakWay.Masking, hasOtherExporter, out Plants plants);
        foreach ((string destination, string text) in sent)
            plants.Leaks(text, row => row.Kind != TextKind.Label || way == LeakWay.Masking).ShouldBeEmpty($"{way}: {destination}");
    }

    [Theory]
    [InlineData(LeakWay.ContentOff)]
    [InlineData(LeakWay.ThrowingRedactor)]
    public async Task By_default_secrets_leave_in_no_row_whatever_else_is_set(LeakWay way)
    {
        Dictionary<string, string> sent = await ExportAsync(way, masks: true, hasOtherExporter: true, out Plants plants);
        foreach ((string destination, string text) in sent)
            plants.Leaks(text, static _ => true).ShouldBeEmpty($"{way}: {destination}");
    }

    [Fact]
    public async Task Without_any_of_them_every_row_leaves_so_that_the_matrix_can_fail()
    {
        Dictionary<string, string> sent = await ExportAsync(way: null, masks: false, hasOtherExporter: true, out Plants plants);
        string[] rows = [.. plants.Rows];
        plants.Leaks(sent["OTLP"], static _ => true).Select(leak => leak.Row).Distinct().Count().ShouldBeGreaterThan(rows.Length - 5);
        plants.Leaks(sent["another exporter"], static _ => true).Select(leak => leak.Row).Distinct().Count()
            .ShouldBeGreaterThan(rows.Length - 5);
        plants.Leaks(sent["PandaProbe"], static _ => true).Count().ShouldBeGreaterThan(60);
        plants.Leaks(sent["the log pipeline"], static _ => true).Count().ShouldBeGreaterThan(2);
    }

    [Theory]
    [InlineData(LeakWay.Masking)]
    [InlineData(LeakWay.ContentOff)]
    [InlineData(LeakWay.ThrowingRedactor)]
    public async Task No_planted_value_is_on_disk(LeakWay way)
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        Plants plants = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        FakeTime time = new();
        using Exporting export = new(
            backend, options => (options.SpoolDirectory, options.MaxConcurrentRequests) = (_directory, 1), time,
            tracing => tracing.AddSource(source.Name).AddPandaProbe(options =>
            {
                LeakWays.Set(options, way, masks: way == LeakWay.Masking);
                options.Export = ProbeExport.None;
            }),
            options => LeakWays.Set(options, way, masks: way == LeakWay.Masking));
        plants.Record(source);
        time.Until(() => export.Health.TracesSpooled == 1, "the trace is on disk");

        string[] files = Directory.GetFiles(_directory, "*.ppspool");
        files.ShouldNotBeEmpty();
        plants.Leaks(
            string.Join('\n', files.Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file)))),
            row => row.Kind != TextKind.Label || way == LeakWay.Masking).ShouldBeEmpty();
    }

    [Fact]
    public void Every_row_is_planted()
    {
        Plants plants = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using SpanRecording recording = new(null, tracing => tracing.AddSource(source.Name));
        plants.Record(source);
        TextTable.All.Where(row => row.Where != TextPlace.Carrier).Select(row => row.Name).Except(plants.Rows)
            .ShouldBeEmpty("plant a value in the row");
    }

    private static Task<Dictionary<string, string>> ExportAsync(LeakWay? way, bool masks, bool hasOtherExporter, out Plants plants)
    {
        plants = new();
        return ExportAsync(way, masks, hasOtherExporter, plants);
    }

    private static async Task<Dictionary<string, string>> ExportAsync(LeakWay? way, bool masks, bool hasOtherExporter, Plants plants)
    {
        await using Backend backend = await Backend.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using IDisposable? apart = ProviderGroup.KeepApart();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using Events log = new();
        TextExporter other = new();
        LogEvents events = new();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddOpenTelemetry(logging => logging.AddProcessor(events));
        builder.Services.ConfigureOpenTelemetryTracerProvider(tracing =>
        {
            tracing.AddSource(source.Name).ConfigureResource(resource => resource.AddAttributes(
                [new("deployment.environment.name", plants.Of(TextTable.Resource)), new("host.note", plants.Of(TextTable.Resource))]));
            if (hasOtherExporter)
                tracing.AddProcessor(new SimpleActivityExportProcessor(other));
        });
        builder.Services.AddPandaProbe(options =>
        {
            LeakWays.Set(options, way, masks);
            options.Export = ProbeExport.Both;
            options.MessageContent = ProbeMessageContent.SpansAndEvents;
            options.PandaProbe.ApiKey = BackendOptions.DefaultApiKey;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
            options.Otlp.Configure = otlp => (otlp.Protocol, otlp.Endpoint) =
                (OpenTelemetry.Exporter.OtlpExportProtocol.HttpProtobuf, new Uri(receiver.HttpEndpoint, "v1/traces"));
        });
        using (IHost host = builder.Build())
        {
            await host.StartAsync();
            plants.Record(source);
            host.Services.GetRequiredService<TracerProvider>().ForceFlush(120_000)
                .ShouldBeTrue(string.Join('\n', log.Lines.Where(static line => !line.Contains("Redaction", StringComparison.Ordinal))));
            await host.StopAsync();
        }

        Dictionary<string, string> sent = new()
        {
            ["PandaProbe"] = string.Join('\n', backend.Requests.Select(request => request.Text)),
            ["OTLP"] = string.Join('\n', receiver.Received.Select(resource => resource.ToByteString().ToStringUtf8())),
            ["the log pipeline"] = string.Join('\n',
                events.Written.SelectMany(written => written.Attributes).Select(tag => $"{tag.Key}={tag.Value}")),
            ["the library's own log"] = string.Join('\n', log.Lines),
        };
        sent["PandaProbe"].Length.ShouldBeGreaterThan(1000);
        receiver.Spans.Count.ShouldBeGreaterThan(100);
        events.Written.ShouldNotBeEmpty();
        if (hasOtherExporter)
        {
            sent["another exporter"] = other.Text;
            other.Text.Length.ShouldBeGreaterThan(1000);
        }

        return sent;
    }
}

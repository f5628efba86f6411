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
using PandaProbe.Otlp;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>
/// A secret of its own stands in every row of <see cref="TextTable"/>, and none of them may be in what leaves: requests to PandaProbe,
/// files of the spool, OTLP, what another exporter reads, events in the log pipeline, the library's own log. The local viewer gets OTLP.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class LeakMatrixTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pandaprobe-matrix").FullName;

    public enum Way
    {
        Masking,
        ContentOff,
        ThrowingRedactor,
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(Way.Masking, true)]
    [InlineData(Way.Masking, false)]
    [InlineData(Way.ContentOff, true)]
    [InlineData(Way.ContentOff, false)]
    [InlineData(Way.ThrowingRedactor, true)]
    [InlineData(Way.ThrowingRedactor, false)]
    public async Task No_planted_value_leaves(Way way, bool hasOtherExporter)
    {
        Dictionary<string, string> sent = await ExportAsync(way, masks: way == Way.Masking, hasOtherExporter, out Plants plants);
        foreach ((string destination, string text) in sent)
            plants.Leaks(text, row => row.Kind != TextKind.Label || way == Way.Masking).ShouldBeEmpty($"{way}: {destination}");
    }

    [Theory]
    [InlineData(Way.ContentOff)]
    [InlineData(Way.ThrowingRedactor)]
    public async Task By_default_secrets_leave_in_no_row_whatever_else_is_set(Way way)
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
    [InlineData(Way.Masking)]
    [InlineData(Way.ContentOff)]
    [InlineData(Way.ThrowingRedactor)]
    public async Task No_planted_value_is_on_disk(Way way)
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        Plants plants = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        FakeTime time = new();
        using Exporting export = new(
            backend, options => (options.SpoolDirectory, options.MaxConcurrentRequests) = (_directory, 1), time,
            tracing => tracing.AddSource(source.Name).AddPandaProbe(options =>
            {
                Set(options, way, masks: way == Way.Masking);
                options.Export = ProbeExport.None;
            }),
            options => Set(options, way, masks: way == Way.Masking));
        plants.Record(source);
        time.Until(() => export.Health.TracesSpooled == 1, "the trace is on disk");

        string[] files = Directory.GetFiles(_directory, "*.ppspool");
        files.ShouldNotBeEmpty();
        plants.Leaks(
            string.Join('\n', files.Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file)))),
            row => row.Kind != TextKind.Label || way == Way.Masking).ShouldBeEmpty();
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

    private static void Set(PandaProbeOptions options, Way? way, bool masks)
    {
        options.Safety = masks ? new() : null;
        options.CaptureContent = way != Way.ContentOff;
        options.Redact = way == Way.ThrowingRedactor ? static text => throw new InvalidOperationException(text) : null;
    }

    private static Task<Dictionary<string, string>> ExportAsync(Way? way, bool masks, bool hasOtherExporter, out Plants plants)
    {
        plants = new();
        return ExportAsync(way, masks, hasOtherExporter, plants);
    }

    private static async Task<Dictionary<string, string>> ExportAsync(Way? way, bool masks, bool hasOtherExporter, Plants plants)
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
            Set(options, way, masks);
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

    /// <summary>A secret in each row, and where each stands.</summary>
    private sealed class Plants
    {
        private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

        private readonly Random _random = new(17);
        private readonly List<(string Row, string Place, string Secret)> _planted = [];

        public IEnumerable<string> Rows => _planted.Select(plant => plant.Row).Distinct();

        /// <summary>Makes a secret for a row.</summary>
        public string Of(string row, string? place = null)
        {
            string secret = "ghp_" + new string([.. Enumerable.Range(0, 36).Select(_ => Alphabet[_random.Next(Alphabet.Length)])]);
            _planted.Add((row, place ?? row, secret));
            return secret;
        }

        /// <summary>The places of the rows that are in what left.</summary>
        public IEnumerable<(string Row, string Place)> Leaks(string sent, Func<TextRow, bool> counts) =>
            _planted.Where(plant => sent.Contains(plant.Secret[4..16], StringComparison.Ordinal)
                && counts(TextTable.All.Single(row => row.Name == plant.Row))).Select(plant => (plant.Row, plant.Place));

        public void Record(ActivitySource source)
        {
            if (!Rows.Contains(TextTable.Resource))
                Of(TextTable.Resource, "not given to this provider");
            using TraceScope trace = Probe.StartTrace(
                "trace " + Of(TextTable.SpanName), input: "in " + Of(General.Input.Value), sessionId: "s-" + Of(General.SessionId),
                userId: Of(General.UserId), tags: [Of(General.Tags)],
                metadata: new() { ["m"] = Of(Pandaprobe.Metadata.Prefix), [Of(Pandaprobe.Metadata.Prefix, "name")] = 1 });
            using (SpanScope call = trace.StartSpan(
                "call " + Of(TextTable.SpanName, "span"), ProbeSpanKind.Llm, model: "m-" + Of(GenAI.Request.Model)))
            {
                call.SetInput(
                    [ProbeMessage.System(Of(GenAI.SystemInstructions)), ProbeMessage.User("user " + Of(GenAI.Input.Messages)),
                        ProbeMessage.User(ProbeMessagePart.ToolResult("call_1", Of(GenAI.Tool.Call.Result, "part")))]);
                call.SetOutput([ProbeMessage.Assistant("assistant\n" + Of(GenAI.Output.Messages)), ProbeMessage.Assistant(
                    ProbeMessagePart.ToolCall("call_2", "tool", new { key = Of(GenAI.Tool.Call.Arguments, "part") }))]);
                call.SetModelParameters(new() { ["stop_sequences"] = new[] { Of(Pandaprobe.ModelParameters.Prefix) } });
                call.SetFinishReason(Of(GenAI.Response.FinishReasons));
                call.SetMetadata("nested", new { a = new[] { Of(Pandaprobe.Metadata.Prefix, "nested") } });
                call.SetTokenUsage(1, 1, new() { ["n"] = 1 });
            }

            using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
            {
                tool.SetInput(new Dictionary<string, object>
                {
                    [Of(GenAI.Tool.Call.Arguments, "property name")] = Of(GenAI.Tool.Call.Arguments),
                    ["json"] = $$"""{"k":"{{Of(GenAI.Tool.Call.Arguments, "JSON in a string")}}"}""",
                });
                tool.SetOutput("result " + Of(GenAI.Tool.Call.Result));
                tool.RecordException(new FormatException("failed at " + Of(General.Exception.Message)));
            }

            using (SpanScope retriever = trace.StartSpan("retrieve", ProbeSpanKind.Retriever))
            {
                retriever.SetInput(Of(GenAI.Retrieval.QueryText));
                retriever.SetDocuments([new(Of(GenAI.Retrieval.Documents), Of(GenAI.Retrieval.Documents, "id"), 0.5)]);
            }

            using (SpanScope failed = trace.StartSpan("failed"))
                failed.SetError("failed " + Of(TextTable.Status, "SetError"));
            trace.Score("quality " + Of(TextTable.ScoreName), Of(TextTable.ScoreValue), "because of " + Of(TextTable.ScoreReason),
                new() { ["k"] = Of(TextTable.ScoreMetadata) });

            foreach (TextRow row in TextTable.All.Where(row => row.Where is TextPlace.Attribute or TextPlace.Prefix))
                RecordForeign(source, row.Where == TextPlace.Prefix ? row.Name + "x" : row.Name, row.Name);
            RecordForeign(source, "nobody.knows.this", TextTable.OtherAttribute);
            RecordOthers(source);
        }

        private void RecordForeign(ActivitySource source, string attribute, string row)
        {
            using Activity? span = source.StartActivity("foreign");
            span!.SetTag("gen_ai.provider.name", "openai");
            span.SetTag(attribute, "a " + Of(row, "on a foreign span"));
        }

        private void RecordOthers(ActivitySource source)
        {
            using Activity? span = source.StartActivity(
                "foreign " + Of(TextTable.SpanName, "foreign"), ActivityKind.Client, default(ActivityContext),
                [new("gen_ai.operation.name", "chat"), new("list", new[] { Of(TextTable.OtherAttribute, "list") }),
                    new("mixed", new object[] { 1, Of(TextTable.OtherAttribute, "mixed list") }),
                    new("object", new Uri("https://example.com/" + Of(TextTable.OtherAttribute, "object"))),
                    new("json", $$"""[{"k":"{{Of(TextTable.OtherAttribute, "JSON")}}"}]""")],
                [new(new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), default),
                    new() { ["note"] = Of(TextTable.LinkAttribute) })]);
            span!.AddEvent(new("event " + Of(TextTable.EventName)));
            span.AddEvent(new("gen_ai.content.prompt", tags: new() { { "gen_ai.prompt", Of("gen_ai.prompt", "event") } }));
            span.AddEvent(new("gen_ai.user.message", tags: new() { { "content", Of(TextTable.OtherAttribute, "event") } }));
            span.AddException(new FormatException("cannot read " + Of(General.Exception.Message, "foreign")));
            span.SetStatus(ActivityStatusCode.Error, "status " + Of(TextTable.Status));
        }
    }
}

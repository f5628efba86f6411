using System.Diagnostics;
using System.Text;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Hosting;
using PandaProbe.Hosting.Settings;
using PandaProbe.Otlp;
using PandaProbe.Safety;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>A secret of its own is planted in every place of a trace, and looked for in what leaves.</summary>
[Collection(ProcessWide.Name)]
public sealed class LeakTests : IDisposable
{
    private readonly Random _random = new(16);
    private readonly Dictionary<string, string> _planted = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("pandaprobe-leaks").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task No_secret_reaches_PandaProbe()
    {
        await using Backend backend = await Backend.StartAsync();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using (Exporting export = new(
            backend, time: new FastTime(50), tracing: tracing => tracing.AddSource(source.Name), recorded: Masks))
        {
            Record(source);
            export.Flush().ShouldBeTrue();
        }

        backend.SpansReceived.ShouldBe(3);
        backend.Scores.Count.ShouldBe(1);
        backend.Violations.ShouldBeEmpty();
        Leaks(string.Join("\n", backend.Requests.Select(request => request.Text))).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_secret_is_on_disk()
    {
        await using Backend backend = await Backend.StartAsync(new() { Fault = _ => Fault.Answer(503) });
        FakeTime time = new();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using Exporting export = new(
            backend, options => (options.SpoolDirectory, options.MaxConcurrentRequests) = (_directory, 1), time,
            tracing => tracing.AddSource(source.Name), recorded: Masks);
        Record(source);
        time.Until(() => export.Health.TracesSpooled == 1, "the trace is on disk");
        string[] files = Directory.GetFiles(_directory, "*.ppspool");
        files.ShouldNotBeEmpty();
        Leaks(string.Join("\n", files.Select(file => Encoding.UTF8.GetString(File.ReadAllBytes(file))))).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_secret_leaves_over_OTLP()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using ActivitySource source = new("Foreign." + Guid.NewGuid());
        using (SpanRecording recording = new(
            options => (options.Export, options.Safety, options.Otlp.Configure) =
                (ProbeExport.Otlp, new(), otlp => AddPandaProbeTests.To(receiver, otlp)),
            tracing => tracing.AddSource(source.Name)))
        {
            Record(source);
            recording.Provider.ForceFlush().ShouldBeTrue();
        }

        receiver.Spans.Count.ShouldBeGreaterThanOrEqualTo(4);
        Leaks(string.Join("\n", receiver.Received.Select(resource => resource.ToString()))).ShouldBeEmpty();
        receiver.Spans.ShouldContain(span => span.Tag("pandaprobe.safety.outcome") as string == "found");
    }

    [Fact]
    public async Task Personal_data_leaves_until_it_is_to_be_masked()
    {
        foreach (bool masks in new[] { false, true })
        {
            await using Backend backend = await Backend.StartAsync();
            using Exporting export = new(
                backend, recorded: options => options.Safety = masks ? new SafetyOptions().MaskPersonalData() : null);
            using (TraceScope trace = Probe.StartTrace("trace", userId: "jane@example.com", sessionId: "jane@example.com"))
            {
                trace.SetOutput(new { card = 4111111111111111 });
            }

            export.Flush().ShouldBeTrue();
            string sent = string.Join("\n", backend.Requests.Select(request => request.Text));
            sent.Contains("jane@example.com").ShouldBe(!masks);
            sent.Contains("4111111111111111").ShouldBe(!masks);
            sent.Contains("\"user_id\":\"[EMAIL]\"").ShouldBe(masks);
            sent.Contains("[CARD]").ShouldBe(masks);
            backend.Violations.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_value_is_masked_before_it_is_shortened()
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(backend, recorded: Masks);
        string secret = Secret("name");
        using (Probe.StartTrace(new string('x', 500) + " " + secret))
        {
        }

        export.Flush().ShouldBeTrue();
        backend.Requests.ShouldAllBe(request => !request.Text.Contains(secret.Substring(0, 11)));
    }

    [Fact]
    public async Task A_detector_that_throws_costs_the_value_and_says_nothing_of_it()
    {
        await using Backend backend = await Backend.StartAsync();
        using Events log = new();
        using Exporting export = new(backend, recorded: options => options.Safety = new() { Detectors = { new Throwing() } });
        using (TraceScope trace = Probe.StartTrace("trace", input: "a planted text"))
        {
        }

        export.Flush().ShouldBeTrue();
        string sent = string.Join("\n", backend.Requests.Select(request => request.Text));
        sent.ShouldContain("[WITHHELD]");
        sent.ShouldNotContain("planted");
        string.Join("\n", log.Lines).ShouldNotContain("planted");
    }

    [Fact]
    public async Task A_redactor_that_throws_says_nothing_of_the_text()
    {
        await using Backend backend = await Backend.StartAsync();
        using Events log = new();
        using Exporting export = new(backend, tracing: tracing => tracing.AddPandaProbe(options =>
        {
            options.Export = ProbeExport.None;
            options.Redact = text => throw new InvalidOperationException(text);
        }));
        using (Probe.StartTrace("trace", input: "a planted text"))
        {
        }

        export.Flush().ShouldBeTrue();
        backend.Requests.ShouldAllBe(request => !request.Text.Contains("planted"));
        string.Join("\n", log.Lines).ShouldNotContain("planted");
        log.Lines.ShouldContain(line => line.Contains(nameof(InvalidOperationException)));
    }

    [Fact]
    public void Settings_that_cannot_work_stop_at_the_start() =>
        new PandaProbeOptionsValidator().Validate(null, new() { Safety = new() { [SensitiveType.Email] = SensitiveAction.Hash } })
            .FailureMessage!.ShouldContain("HashKey");

    private static void Masks(PandaProbeOptions options) => options.Safety = new();

    private void Record(ActivitySource source)
    {
        using TraceScope trace = Probe.StartTrace(
            "trace " + Secret("trace name"), input: "in " + Secret("trace input"), sessionId: "s-" + Secret("session"),
                userId: Secret("user"),
            tags: [Secret("tag")], metadata: new() { ["m"] = Secret("metadata"), [Secret("metadata name")] = 1 });
        using (SpanScope span = trace.StartSpan("span " + Secret("span name"), ProbeSpanKind.Llm, model: "m-" + Secret("model")))
        {
            span.SetInput([ProbeMessage.System(Secret("system")), ProbeMessage.User("user " + Secret("user message"))]);
            span.SetOutput([ProbeMessage.Assistant("assistant\n" + Secret("answer"))]);
            span.SetModelParameters(new() { ["stop_sequences"] = new[] { Secret("stop sequence") }, ["other"] = Secret("parameter") });
            span.SetFinishReason(Secret("finish reason"));
            span.SetMetadata("nested", new { a = new[] { Secret("nested metadata") } });
        }

        using (SpanScope tool = trace.StartSpan("tool", ProbeSpanKind.Tool))
        {
            tool.SetInput(
                new Dictionary<string,
                object>
                { [Secret("property name")] = Secret("argument"), ["json"] = "{\"k\":\"" + Secret("JSON in a string") + "\"}" });
            tool.SetOutput("result " + Secret("tool result"));
            tool.RecordException(new FormatException("failed at " + Secret("exception")));
        }

        trace.Score("quality", "fair", "because of " + Secret("score reason"), new() { ["k"] = Secret("score metadata") });

        using Activity? foreign = source.StartActivity(
            "foreign " + Secret("foreign name"), ActivityKind.Internal, default(ActivityContext),
            [new("gen_ai.operation.name", "chat"), new("nobody.knows.this", Secret("unknown attribute")),
                new("list", new[] { Secret("list") })]);
        foreign!.AddEvent(new("gen_ai.content.prompt", tags: new() { ["gen_ai.prompt"] = Secret("event") }));
        foreign.AddException(new FormatException("cannot read " + Secret("foreign exception")));
        foreign.SetStatus(ActivityStatusCode.Error, "status " + Secret("foreign status"));
    }

    private string Secret(string place)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        string secret = "ghp_" + new string([.. Enumerable.Range(0, 36).Select(_ => Alphabet[_random.Next(Alphabet.Length)])]);
        _planted[place] = secret;
        return secret;
    }

    private string[] Leaks(string sent) =>
        [.. _planted.Where(pair => sent.Contains(pair.Value[4..20], StringComparison.Ordinal)).Select(pair => pair.Key)];

    private sealed class Throwing : ISensitiveDetector
    {
        public string Name => "throwing";

        public void Detect(ReadOnlySpan<char> text, SensitiveMatches matches)
        {
            if (text.Contains("planted", StringComparison.Ordinal))
                throw new InvalidOperationException(text.ToString());
        }
    }
}

using System.Collections;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Hosting.Settings;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.Safety;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>How secrets are masked: where, when, how long it may take, and what the span and the metrics say of it.</summary>
[Collection(ProcessWide.Name)]
public sealed class MaskingTests
{
    private const string Secret = "ghp_1B4a9dEfGh2JkLmNoPqRsTuVwXyZ0123aBcD";

    [Fact]
    public void A_prompt_of_ten_million_characters_loses_its_secret_and_nothing_else()
    {
        string prose = string.Concat(Enumerable.Repeat("The quick brown fox, \"quoted\", jumps over 13 lazy dogs.\n", 90_000));
        string text = prose + Secret + " " + prose;
        text.Length.ShouldBeGreaterThan(10_000_000);
        using Activity span = new("span");
        span.SetTag("input.value", text);
        span.SetTag("clean", prose);

        SpanMasking.TryApply(span, new PandaProbeOptions().NewScanner()!).ShouldBeTrue();

        string masked = (string)span.GetTagItem("input.value")!;
        (masked == text.Replace(Secret, "[SECRET]", StringComparison.Ordinal)).ShouldBeTrue("only the secret changes");
        span.GetTagItem("clean").ShouldBeSameAs(prose);
        span.GetTagItem("pandaprobe.safety.findings").ShouldBe(1);
    }

    [Fact]
    public void A_sequence_without_an_end_does_not_hold_the_export()
    {
        using Activity span = new("span");
        span.SetTag("endless", new Endless());
        span.SetTag("number", 0.7);
        SpanMasking.TryApply(span, new PandaProbeOptions().NewScanner()!).ShouldBeTrue();
        span.GetTagItem("number").ShouldBe(0.7);
    }

    [Fact]
    public async Task What_is_too_long_is_never_cut_within_a_secret()
    {
        string text = new string('x', 970) + " " + Secret + " " + new string('y', 5000);
        using SpanRecording recording = new(options => (options.MaxContentLength, options.Export) = (1000, ProbeExport.None));
        using (SpanScope span = Probe.StartSpan("span", ProbeSpanKind.Tool))
        {
            span.SetInput(text);
            span.SetOutput(new { text });
        }

        using (SpanScope call = Probe.StartLlmSpan("m"))
        {
            call.SetInput([ProbeMessage.User(text)]);
            await foreach (string piece in call.Observe(Pieces(text)))
                piece.ShouldNotBeEmpty();
        }

        foreach (Activity span in recording.Spans)
        {
            string[] values = [.. span.TagObjects.Select(tag => tag.Value!.ToString()!)];
            values.ShouldAllBe(value => !value.Contains("ghp_", StringComparison.Ordinal));
            values.Count(value => value.Contains("xxxx", StringComparison.Ordinal)).ShouldBeGreaterThan(1);
        }
    }

    [Theory]
    [InlineData("call_Jlg1m6VGNzFMwW3xYKvRk1mH")]
    [InlineData("toolu_01A09q90qw90lq917835lq9")]
    [InlineData("chatcmpl-9rXtFjQkUwNjFzqYwUQpVgYq4ZzQe")]
    [InlineData("resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b")]
    [InlineData("msg_01XFDUDYJgAACzvnptvVoYEL")]
    [InlineData("fc_12345xyz")]
    [InlineData("0b2f6e1e-9a36-4c33-9f0e-3f6a1c7d2f11")]
    public void Identifiers_of_providers_pair_calls_with_results_and_stay(string id)
    {
        SensitiveScanner scanner = new(new SafetyOptions().MaskPersonalData());
        using Activity span = new("span");
        span.SetTag("gen_ai.tool.call.id", id);
        span.SetTag("gen_ai.response.id", id);
        span.SetTag("gen_ai.input.messages",
            $$"""[{"role":"tool","parts":[{"type":"tool_call_response","id":"{{id}}","response":"sunny"}]}]""");

        SpanMasking.TryApply(span, scanner).ShouldBeTrue();

        span.TagObjects.Count(tag => tag.Value!.ToString()!.Contains(id, StringComparison.Ordinal)).ShouldBe(3);
        span.GetTagItem("pandaprobe.safety.findings").ShouldBeNull();
    }

    [Fact]
    public void The_thread_that_ends_a_span_masks_only_for_exporters_of_somebody_else()
    {
        foreach (bool hasOther in new[] { false, true })
        {
            using IDisposable? apart = ProviderGroup.KeepApart();
            TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None);
            if (hasOther)
                builder.AddProcessor(new SimpleActivityExportProcessor(new TextExporter()));
            using TracerProvider provider = builder.Build();
            Activity ended;
            using (SpanScope span = Probe.StartSpan("span"))
            {
                span.SetInput("key " + Secret);
                span.SetOutput([ProbeMessage.Assistant("key " + Secret)]);
                ended = span.Activity!;
            }

            ended.GetTagItem("input.value").ShouldBe("key " + (hasOther ? "[SECRET]" : Secret));
            ended.GetTagItem("output.value")!.ToString()!.Contains(Secret, StringComparison.Ordinal).ShouldBe(!hasOther);
            ended.GetTagItem("output.value").ShouldNotBeOfType<string>("content is masked on demand");
        }
    }

    [Fact]
    public async Task PandaProbe_and_the_metrics_learn_what_was_found_and_never_the_value()
    {
        await using Backend backend = await Backend.StartAsync();
        List<Dictionary<string, object?>> measured = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "pandaprobe.safety.findings")
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            lock (measured)
                measured.Add(tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value));
        });
        listener.Start();
        using (Exporting export = new(
            backend,
            tracing: tracing => tracing.AddPandaProbe(options => (options.Export, options.Safety) = (ProbeExport.None, null)),
            recorded: options => options.Safety.MaskPersonalData()))
        {
            using (TraceScope trace = Probe.StartTrace("trace"))
            using (SpanScope span = trace.StartSpan("span", ProbeSpanKind.Tool))
            {
                span.SetInput("key " + Secret);
                span.SetMetadata("owner", "jane@example.com");
                trace.Score("helpful", 1, "for a key " + Secret);
            }

            export.Flush().ShouldBeTrue();
        }

        JsonElement metadata = backend.Trace("trace").Span("span").GetProperty("metadata");
        metadata.GetProperty("pandaprobe.safety.findings").GetInt32().ShouldBe(2);
        metadata.GetProperty("pandaprobe.safety.types").GetRawText().ShouldBe("""["Email","Secret"]""");
        metadata.GetProperty("pandaprobe.safety.outcome").GetString().ShouldBe("found");
        metadata.GetProperty("llm.pii_detected").GetBoolean().ShouldBeTrue();
        metadata.GetProperty("owner").GetString().ShouldBe("[EMAIL]");
        backend.Violations.ShouldBeEmpty();
        lock (measured)
        {
            measured.ShouldContain(tags => (string)tags["type"]! == "Secret" && (string)tags["action"]! == "Mask"
                && (string)tags["field"]! == "input");
            measured.ShouldContain(tags => (string)tags["type"]! == "Email" && (string)tags["field"]! == "metadata");
            measured.ShouldContain(tags => (string)tags["type"]! == "Secret" && (string)tags["field"]! == "score.reason");
            measured.ShouldAllBe(tags => !tags.Values.Any(value => value!.ToString()!.Contains(Secret)));
        }
    }

    [Theory]
    [InlineData("Secrets", SensitiveAction.Mask, SensitiveAction.Ignore, true)]
    [InlineData("personaldata", SensitiveAction.Mask, SensitiveAction.Mask, true)]
    [InlineData("OFF", SensitiveAction.Ignore, SensitiveAction.Ignore, true)]
    [InlineData("PII", SensitiveAction.Mask, SensitiveAction.Ignore, false)]
    public void Configuration_says_what_is_masked_and_a_typing_error_records_no_content(
        string value, SensitiveAction secrets, SensitiveAction personal, bool captures)
    {
        PandaProbeOptions options = new();
        PandaProbeOptionsReader.Read(
            options, new ConfigurationBuilder().AddInMemoryCollection([new("PandaProbe:Safety", value)]).Build());

        options.Safety[SensitiveType.Secret].ShouldBe(secrets);
        options.Safety[SensitiveType.Email].ShouldBe(personal);
        options.CaptureContent.ShouldBe(captures);
        (options.NewScanner() is null).ShouldBe(secrets == SensitiveAction.Ignore);
    }

    [Fact]
    public void Secrets_are_masked_unless_somebody_says_otherwise()
    {
        new PandaProbeOptions().Safety[SensitiveType.Secret].ShouldBe(SensitiveAction.Mask);
        new PandaProbeOptions().Safety[SensitiveType.Email].ShouldBe(SensitiveAction.Ignore);
        new PandaProbeOptions { Safety = null }.NewScanner().ShouldBeNull();
    }

    private static async IAsyncEnumerable<string> Pieces(string text)
    {
        foreach (char[] piece in text.Chunk(37))
        {
            await Task.Yield();
            yield return new string(piece);
        }
    }

    private sealed class Endless : IEnumerable<string>
    {
        public IEnumerator<string> GetEnumerator()
        {
            while (true)
                yield return "again";
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

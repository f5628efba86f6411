using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Trace;
using PandaProbe.Otlp;
using PandaProbe.Processing;
using PandaProbe.Safety;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>Actions by kind of span, by field and by type.</summary>
[Collection(ProcessWide.Name)]
public sealed class SafetyRulesTests
{
    private const string Secret = "ghp_1B4a9dEfGh2JkLmNoPqRsTuVwXyZ0123aBcD";
    private const string Address = "jane@example.com";

    [Fact]
    public async Task Rules_decide_by_kind_and_field_on_the_way_to_PandaProbe()
    {
        await using Backend backend = await Backend.StartAsync();
        using (Exporting export = new(
            backend,
            tracing: tracing => tracing.AddPandaProbe(options => (options.Export, options.Safety) = (ProbeExport.None, null)),
            recorded: Rules))
        {
            Produce();
            export.Flush().ShouldBeTrue();
        }

        JsonElement tool = backend.Trace("trace").Span("tool"), agent = backend.Trace("trace").Span("agent");
        tool.GetProperty("input").GetString().ShouldBe("to [EMAIL]");
        tool.GetProperty("output").GetString().ShouldBe("[DROPPED]");
        tool.GetProperty("metadata").GetProperty("owner").GetString().ShouldBe("[EMAIL]");
        tool.GetProperty("metadata").GetProperty("key").GetString().ShouldBe("[SECRET]");
        agent.GetProperty("input").GetString().ShouldBe("to " + Address);
        agent.GetProperty("output").GetString().ShouldBe("by [SECRET]");
        agent.GetProperty("metadata").GetProperty("owner").GetString().ShouldBe("[EMAIL]");
        backend.Trace("trace").Fields["user_id"]!.GetValue<string>().ShouldStartWith("7:");
        backend.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rules_decide_by_kind_and_field_over_OTLP(bool hasOther)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        TextExporter other = new();
        using (SpanRecording recording = new(
            options =>
            {
                options.Export = ProbeExport.Otlp;
                options.Otlp.Configure = otlp =>
                    (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(receiver.HttpEndpoint, "v1/traces"));
                Rules(options);
            },
            tracing =>
            {
                if (hasOther)
                    tracing.AddProcessor(new SimpleActivityExportProcessor(other));
            }))
        {
            Produce();
            recording.Provider.ForceFlush().ShouldBeTrue();
        }

        Span tool = receiver.Span("tool"), agent = receiver.Span("agent");
        tool.Tag("input.value").ShouldBe("to [EMAIL]");
        tool.Tag("output.value").ShouldBe("[DROPPED]");
        tool.Tag("pandaprobe.metadata.owner").ShouldBe("[EMAIL]");
        agent.Tag("input.value").ShouldBe("to " + Address);
        agent.Tag("output.value").ShouldBe("by [SECRET]");
        agent.Tag("pandaprobe.metadata.owner").ShouldBe("[EMAIL]");
        ((string)agent.Tag("user.id")!).ShouldStartWith("7:");
        if (hasOther)
            other.Text.ShouldNotContain(Secret);
    }

    [Fact]
    public void Rules_alone_are_enough_to_mask()
    {
        PandaProbeOptions options = new() { Safety = null };
        options.NewScanner().ShouldBeNull();
        options.Safety!.Rules.Add(new(SensitiveAction.Mask) { SpanKind = "TOOL" });
        FieldScanners scanners = options.NewScanner().ShouldNotBeNull();
        scanners.For("TOOL", "input").Mask(Secret).Text.ShouldBe("[SECRET]");
        scanners.For("AGENT", "input").Mask(Secret).Text.ShouldBe(Secret);
        scanners.Widest.Mask(Secret).Text.ShouldBe("[SECRET]", "a cut may be in any field");
    }

    private static void Rules(PandaProbeOptions options)
    {
        options.Safety.HashKey = new byte[16];
        options.Safety.HashKeyId = 7;
        options.Safety.Rules.Add(new(SensitiveAction.Mask) { Type = SensitiveType.Email, SpanKind = "TOOL" });
        options.Safety.Rules.Add(new(SensitiveAction.Mask) { Type = SensitiveType.Email, Field = "metadata.*" });
        options.Safety.Rules.Add(new(SensitiveAction.Hash) { Type = SensitiveType.Email, Field = "user_id" });
        options.Safety.Rules.Add(new(SensitiveAction.DropContent) { SpanKind = "TOOL", Field = "output" });
    }

    private static void Produce()
    {
        using TraceScope trace = Probe.StartTrace("trace", userId: Address);
        foreach (ProbeSpanKind kind in new[] { ProbeSpanKind.Tool, ProbeSpanKind.Agent })
        {
            using SpanScope span = trace.StartSpan(kind == ProbeSpanKind.Tool ? "tool" : "agent", kind);
            span.SetInput("to " + Address);
            span.SetOutput("by " + Secret);
            span.SetMetadata("owner", Address);
            span.SetMetadata("key", Secret);
        }
    }
}

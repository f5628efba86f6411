using System.Text.Encodings.Web;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Proto.Trace.V1;
using OpenTelemetry.Trace;
using PandaProbe.Hosting;
using PandaProbe.Otlp;
using PandaProbe.Runtime;
using PandaProbe.Safety;
using PandaProbe.TestBackend;

namespace PandaProbe.Inspection;

/// <summary>What spans say of their texts after they went both ways: in the body of a request to PandaProbe, and over OTLP.</summary>
internal static class Inspecting
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Records, and returns by the names of spans what OTLP says of each. PandaProbe says the same.</summary>
    public static async Task<Dictionary<string, string>> FindAsync(Action<SafetyOptions> safety, Action record, Action? beforeFlush = null)
    {
        await using Backend backend = await Backend.StartAsync(new() { TraceLimit = null, OtherLimit = null });
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using IDisposable? apart = ProviderGroup.KeepApart();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
        {
            options.Export = ProbeExport.Both;
            options.PandaProbe.ApiKey = BackendOptions.DefaultApiKey;
            options.PandaProbe.ProjectName = BackendOptions.DefaultProject;
            options.PandaProbe.Endpoint = backend.Address;
            (options.PandaProbe.TracesPerMinute, options.PandaProbe.OtherRequestsPerMinute) = (null, null);
            options.Otlp.Configure = otlp => AddPandaProbeTests.To(receiver, otlp);
            safety(options.Safety);
        }).Build())
        {
            record();
            beforeFlush?.Invoke();
            provider.ForceFlush(120_000).ShouldBeTrue();
        }

        backend.Violations.ShouldBeEmpty();
        var found = receiver.Spans.ToDictionary(span => span.Name, Shown);
        foreach (JsonElement span in backend.Traces.Values.SelectMany(trace => trace.Spans.Values))
            Shown(span).ShouldBe(found[span.GetProperty("name").GetString()!], "both ways");
        return found;
    }

    /// <summary>A trace of which each step has one text.</summary>
    public static void Agent(string question, params (string Name, ProbeSpanKind Kind, string Input, string Output)[] steps)
    {
        using TraceScope trace = Probe.StartTrace("trace", input: question);
        foreach ((string name, ProbeSpanKind kind, string input, string output) in steps)
        {
            using SpanScope span = trace.StartSpan(name, kind);
            span.SetInput(input);
            span.SetOutput(output);
        }
    }

    private static string Shown(Span span) => string.Join('\n', span.Attributes.Where(attribute => IsShown(attribute.Key))
        .Select(attribute => $"{attribute.Key}={JsonSerializer.Serialize(span.Tag(attribute.Key), Relaxed)}")
        .Order(StringComparer.Ordinal));

    private static string Shown(JsonElement span) => !span.TryGetProperty("metadata", out JsonElement metadata) ? ""
        : string.Join('\n', metadata.EnumerateObject().Where(property => IsShown(property.Name))
            .Select(property => $"{property.Name}={property.Value.GetRawText()}").Order(StringComparer.Ordinal));

    private static bool IsShown(string name) =>
        name == "llm.injection_attempt"
            || (name.StartsWith("pandaprobe.safety.", StringComparison.Ordinal) && name.Count(c => c == '.') > 2);
}

using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Benchmarks;

/// <summary>
/// One trace with one LLM span of 15 fields, beside code by hand that sets the same tags on the same two activities: with no listener,
/// recorded without an exporter, and through the SDK with a batch processor.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class TraceBenchmarks
{
    private const string ModelName = "gpt-5.4";

    private static readonly ActivitySource Source = new("ByHand");
    // 2 KB each, with what prompts have: line breaks, quotes, and letters beyond ASCII.
    private static readonly string Prompt = Text(
        "Où est ma commande « ORD-78432 » ?\nThe confirmation says \"two days\", that was last week. ");
    private static readonly string Answer = Text(
        "I found your order: it is on its way.\n- Carrier: \"DHL\"\n- Expected: Friday, 9–12 h\n\n");

    private TracerProvider? _provider;

    [Params(Listening.Nobody, Listening.Recorded, Listening.LocalWithoutViewer, Listening.Batched)]
    public Listening Listener { get; set; }

    public enum Listening
    {
        Nobody,
        Recorded,

        /// <summary><see cref="Recorded"/>, and ready to send to a local viewer, of which there is none.</summary>
        LocalWithoutViewer,
        Batched,
    }

    [GlobalSetup]
    public void Setup()
    {
        if (Listener == Listening.Nobody)
            return;

        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder()
            .AddSource("ByHand")
            .AddPandaProbe(options =>
            {
                options.Export = Listener == Listening.LocalWithoutViewer ? ProbeExport.Local : ProbeExport.None;
                options.LocalDirectory = Path.Combine(AppContext.BaseDirectory, "no-viewer");
            });
        if (Listener == Listening.Batched)
            builder.AddProcessor(new BatchActivityExportProcessor(new Discarding()));
        _provider = builder.Build();
    }

    [GlobalCleanup]
    public void Cleanup() => _provider?.Dispose();

    [Benchmark(Baseline = true), BenchmarkCategory("Fields")]
    public void FieldsByHand()
    {
        using Activity? trace = StartTraceByHand();
        using Activity? span = StartSpanByHand();
        SetFieldsByHand(span);
    }

    [Benchmark, BenchmarkCategory("Fields")]
    public void FieldsWithPandaProbe()
    {
        using TraceScope trace = Probe.StartTrace("answer", sessionId: "conversation-123", userId: "user-abc");
        using SpanScope span = trace.StartSpan("generate", ProbeSpanKind.Llm, ModelName);
        SetFields(span);
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Content")]
    public void ContentByHand()
    {
        using Activity? trace = StartTraceByHand();
        using Activity? span = StartSpanByHand();
        SetFieldsByHand(span);
        if (span is not null)
        {
            span.SetTag("gen_ai.input.messages",
                JsonSerializer.Serialize([new("user", [new("text", Prompt)], null)], HandMessages.Default.HandMessageArray));
            span.SetTag("gen_ai.output.messages",
                JsonSerializer.Serialize([new("assistant", [new("text", Answer)], "stop")], HandMessages.Default.HandMessageArray));
        }
    }

    [Benchmark, BenchmarkCategory("Content")]
    public void ContentWithPandaProbe()
    {
        using TraceScope trace = Probe.StartTrace("answer", sessionId: "conversation-123", userId: "user-abc");
        using SpanScope span = trace.StartSpan("generate", ProbeSpanKind.Llm, ModelName);
        SetFields(span);
        span.SetInput([ProbeMessage.User(Prompt)]);
        span.SetOutput([ProbeMessage.Assistant(Answer)]);
    }

    /// <summary>As an exporter over OTLP reads it.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Written")]
    public void WrittenByHand()
    {
        using Activity? span = StartSpanByHand();
        span?.SetTag("gen_ai.input.messages",
            JsonSerializer.Serialize([new("user", [new("text", Prompt)], null)], HandMessages.Default.HandMessageArray));
    }

    [Benchmark, BenchmarkCategory("Written")]
    public void WrittenWithPandaProbe()
    {
        using SpanScope span = Probe.StartSpan("generate", ProbeSpanKind.Llm, ModelName);
        span.SetInput([ProbeMessage.User(Prompt)]);
        _ = span.Activity?.GetTagItem("gen_ai.input.messages")?.ToString();
    }

    private static string Text(string sentence) => string.Concat(Enumerable.Repeat(sentence, (2048 / sentence.Length) + 1))[..2048];

    private static void SetFields(SpanScope span)
    {
        span.SetProvider("openai");
        span.SetResponseModel("gpt-5.4-2026-03-05");
        span.SetModelParameters(new() { ["temperature"] = 0.7, ["max_tokens"] = 1000 });
        span.SetTokenUsage(promptTokens: 150, completionTokens: 80, new() { ["reasoning_tokens"] = 20, ["cache_read_tokens"] = 64 });
        span.SetCost(total: 0.002m);
        span.SetFinishReason("stop");
        span.SetMetadata(new() { ["pipeline"] = "docs-qa", ["attempt"] = 1 });
    }

    // With nobody listening, the best that code by hand can do is to ask the source and get null.
    private static Activity? StartTraceByHand() => !Source.HasListeners() ? Source.StartActivity("answer") : Source.StartActivity(
        "answer",
        ActivityKind.Internal,
        default(ActivityContext),
        [
            new("pandaprobe.span.kind", "TRACE"), new("session.id", "conversation-123"), new("gen_ai.conversation.id", "conversation-123"),
            new("user.id", "user-abc"),
        ]);

    private static Activity? StartSpanByHand() => !Source.HasListeners() ? Source.StartActivity("generate") : Source.StartActivity(
        "generate",
        ActivityKind.Client,
        default(ActivityContext),
        [
            new("pandaprobe.span.kind", "LLM"), new("openinference.span.kind", "LLM"), new("gen_ai.operation.name", "chat"),
            new("gen_ai.request.model", ModelName), new("session.id", "conversation-123"),
            new("gen_ai.conversation.id", "conversation-123"),
            new("user.id", "user-abc"),
        ]);

    private static void SetFieldsByHand(Activity? span)
    {
        if (span is null)
            return;

        span.SetTag("gen_ai.provider.name", "openai");
        span.SetTag("gen_ai.response.model", "gpt-5.4-2026-03-05");
        span.SetTag("gen_ai.request.temperature", 0.7);
        span.SetTag("gen_ai.request.max_tokens", 1000L);
        span.SetTag("gen_ai.usage.input_tokens", 150L);
        span.SetTag("gen_ai.usage.output_tokens", 80L);
        span.SetTag("gen_ai.usage.reasoning.output_tokens", 20L);
        span.SetTag("gen_ai.usage.cache_read.input_tokens", 64L);
        span.SetTag("pandaprobe.token_count_method", "reported");
        span.SetTag("pandaprobe.cost.total", 0.002);
        span.SetTag("gen_ai.usage.cost", 0.002);
        span.SetTag("pandaprobe.cost.source", "caller");
        span.SetTag("gen_ai.response.finish_reasons", new[] { "stop" });
        span.SetTag("pandaprobe.metadata.pipeline", "docs-qa");
        span.SetTag("pandaprobe.metadata.attempt", 1L);
    }

    private sealed class Discarding : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch) => ExportResult.Success;
    }
}

internal sealed record HandPart(string type, string content);

internal sealed record HandMessage(string role, HandPart[] parts, string? finish_reason);

[JsonSerializable(typeof(HandMessage[]))]
internal sealed partial class HandMessages : JsonSerializerContext;

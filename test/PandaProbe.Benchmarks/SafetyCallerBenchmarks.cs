using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Benchmarks;

/// <summary>
/// What masking and a redactor cost the thread that records a model call: nothing when exporters of this library read the spans or a batch
/// of the application does, and the scan of the span's short texts when a processor of the application reads them at their end.
/// <c>dotnet run -c Release -- compare SafetyCallerBenchmarks</c>. Bound without such a processor: 0.15 µs and 64 bytes.
/// </summary>
[MemoryDiagnoser]
public class SafetyCallerBenchmarks
{
    private static readonly string Prompt = string.Concat(
        Enumerable.Repeat("Where is my order \"ORD-78432\"? The confirmation says two days, that was last week.\n", 30))[..2048];

    private readonly List<IDisposable> _open = [];
    private ExecutionContext? _unsafe;
    private ExecutionContext? _secrets;
    private ExecutionContext? _personal;
    private ExecutionContext? _redactor;

    public enum Reader
    {
        ThisLibrary,
        Batch,
        Processor,
    }

    [Params(Reader.ThisLibrary, Reader.Batch, Reader.Processor)]
    public Reader ReadBy { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _unsafe = Build(static options => options.Safety = null);
        _secrets = Build(static _ => { });
        _personal = Build(static options => options.Safety.MaskPersonalData());
        _redactor = Build(static options => options.Redact = static text => text.Replace("ORD-78432", "[order]", StringComparison.Ordinal));
    }

    [GlobalCleanup]
    public void Cleanup() => _open.ForEach(static open => open.Dispose());

    [Benchmark(Baseline = true)]
    public void No_safety() => ExecutionContext.Run(_unsafe!, static _ => Call(), null);

    [Benchmark]
    public void Secrets() => ExecutionContext.Run(_secrets!, static _ => Call(), null);

    [Benchmark]
    public void Secrets_and_personal_data() => ExecutionContext.Run(_personal!, static _ => Call(), null);

    [Benchmark]
    public void Secrets_and_a_redactor() => ExecutionContext.Run(_redactor!, static _ => Call(), null);

    private static void Call()
    {
        using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
        span.SetInput([ProbeMessage.User(Prompt)]);
        span.SetOutput([ProbeMessage.Assistant("It ships tomorrow.")]);
        span.SetTokenUsage(500, 5);
    }

    // Each provider sees only the spans of its own ExecutionContext.
    private ExecutionContext Build(Action<PandaProbeOptions> safety)
    {
        ExecutionContext? context = null;
        Thread thread = new(() =>
        {
            _open.Add(ProbeIsolation.Begin());
            TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
            {
                options.Export = ProbeExport.None;
                safety(options);
            });
            if (ReadBy == Reader.Batch)
                builder.AddProcessor(new BatchActivityExportProcessor(new OtherExporter()));
            else if (ReadBy == Reader.Processor)
                builder.AddProcessor(new OtherProcessor());
            _open.Add(builder.Build());
            context = ExecutionContext.Capture();
        });
        thread.Start();
        thread.Join();
        return context!;
    }

    private sealed class OtherExporter : BaseExporter<Activity>
    {
        public override ExportResult Export(in Batch<Activity> batch) => ExportResult.Success;
    }

    private sealed class OtherProcessor : BaseProcessor<Activity>;
}

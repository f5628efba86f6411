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
    private readonly ManualResetEventSlim _isOver = new();
    private readonly List<IDisposable> _open = [];
    private string _prompt = "";
    private ExecutionContext? _unsafe;
    private ExecutionContext? _secrets;
    private ExecutionContext? _personal;
    private ExecutionContext? _redactor;
    private ExecutionContext? _inspection;

    public enum Reader
    {
        ThisLibrary,
        Batch,
        Processor,
    }

    [Params(Reader.ThisLibrary, Reader.Batch, Reader.Processor)]
    public Reader ReadBy { get; set; }

    [Params(100, 3000, 100_000)]
    public int Characters { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _prompt = string.Concat(Enumerable.Repeat(
            "Where is my order \"ORD-78432\"? The confirmation says two days, that was last week.\n", (Characters / 80) + 1))[..Characters];
        _unsafe = Build(static options => options.Safety = null);
        _secrets = Build(static _ => { });
        _personal = Build(static options => options.Safety.MaskPersonalData());
        _redactor = Build(static options => options.Redact = static text => text.Replace("ORD-78432", "[order]", StringComparison.Ordinal));
        _inspection = Build(static options =>
        {
            options.Safety!.HashKey = new byte[32];
            (options.Safety.DetectInjection, options.Safety.TrackValues) = (true, true);
        });
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _isOver.Set();
        _open.ForEach(static open => open.Dispose());
    }

    [Benchmark(Baseline = true)]
    public void No_safety() => ExecutionContext.Run(_unsafe!, static me => ((SafetyCallerBenchmarks)me!).Call(), this);

    [Benchmark]
    public void Secrets() => ExecutionContext.Run(_secrets!, static me => ((SafetyCallerBenchmarks)me!).Call(), this);

    [Benchmark]
    public void Secrets_and_personal_data() => ExecutionContext.Run(_personal!, static me => ((SafetyCallerBenchmarks)me!).Call(), this);

    [Benchmark]
    public void Secrets_and_a_redactor() => ExecutionContext.Run(_redactor!, static me => ((SafetyCallerBenchmarks)me!).Call(), this);

    [Benchmark]
    public void Secrets_and_inspection() => ExecutionContext.Run(_inspection!, static me => ((SafetyCallerBenchmarks)me!).Call(), this);

    private void Call()
    {
        using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
        span.SetInput([ProbeMessage.User(_prompt)]);
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
                builder.AddProcessor(new BatchActivityExportProcessor(new OtherExporter(_isOver)));
            else if (ReadBy == Reader.Processor)
                builder.AddProcessor(new OtherProcessor());
            TracerProvider provider = builder.Build();
            _open.Add(provider);
            context = ExecutionContext.Capture();

            // A redactor that has run once is looked for from then on.
            Call();
            provider.ForceFlush();
        });
        thread.Start();
        thread.Join();
        return context!;
    }

    /// <summary>Waits with its second batch, so that its thread takes nothing from the caller's while that is measured.</summary>
    private sealed class OtherExporter(ManualResetEventSlim isOver) : BaseExporter<Activity>
    {
        private int _batches;

        public override ExportResult Export(in Batch<Activity> batch)
        {
            if (_batches++ > 0)
                isOver.Wait();
            return ExportResult.Success;
        }
    }

    private sealed class OtherProcessor : BaseProcessor<Activity>;
}

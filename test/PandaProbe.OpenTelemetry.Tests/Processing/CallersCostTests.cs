using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Tests.Processing;

/// <summary>
/// What masking and a redactor cost the thread that records. The time is in <c>SafetyCallerBenchmarks</c>.
/// </summary>
[Collection(ProcessWide.Name)]
public sealed class CallersCostTests
{
    private const int Spans = 100, BytesPerSpan = 64;

    [Theory]
    [InlineData(100)]
    [InlineData(3000)]
    [InlineData(100_000)]
    public void Masking_and_a_redactor_make_the_recording_thread_allocate_no_more_whatever_the_length(int length)
    {
        string prompt = new('x', length);
        long bare = BytesOfRecording(prompt, static options => options.Safety = null);

        long safe = BytesOfRecording(prompt, static options =>
        {
            options.Safety!.MaskPersonalData();
            options.Redact = static text => text.ToUpperInvariant();
        });

        safe.ShouldBeLessThanOrEqualTo(bare + (Spans * BytesPerSpan));
    }

    private static long BytesOfRecording(string prompt, Action<PandaProbeOptions> configure)
    {
        using IDisposable? apart = ProviderGroup.KeepApart();
        using TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options =>
        {
            options.Export = ProbeExport.None;
            configure(options);
        }).Build();

        // After the first redactor of the process ran, each content asks whether one is running.
        UserCode.Enter().Dispose();
        bool isRecorded = true;
        long bytes = Allocated.By(() =>
        {
            for (int i = 0; i < Spans; i++)
            {
                using SpanScope span = Probe.StartLlmSpan("gpt-4o", "openai");
                span.SetInput([ProbeMessage.User(prompt)]);
                span.SetOutput([ProbeMessage.Assistant("It ships tomorrow.")]);
                isRecorded &= span.IsRecording;
            }
        });
        isRecorded.ShouldBeTrue();
        return bytes;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Processing;
using PandaProbe.Runtime;

namespace PandaProbe;

/// <summary>
/// A real provider with PandaProbe in it, and the spans that ended. All tests of the process share one static source, so only activities
/// count that were started in the flow that created the recording, tasks included. Create it in the body of the test, not in a constructor
/// or fixture.
/// </summary>
internal sealed partial class SpanRecording : IDisposable
{
    private static readonly AsyncLocal<Marker?> Current = new();

    private readonly IDisposable? _apart = ProviderGroup.KeepApart();
    private readonly ConcurrentDictionary<Activity, bool> _open = new();
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly Marker? _outer = Current.Value;

    public SpanRecording(Action<PandaProbeOptions>? options = null, Action<TracerProviderBuilder>? tracing = null)
    {
        Current.Value = new(this, _outer);
        TracerProviderBuilder builder = Sdk.CreateTracerProviderBuilder().AddPandaProbe(pandaProbe =>
        {
            pandaProbe.Export = ProbeExport.None;
            options?.Invoke(pandaProbe);
        });
        tracing?.Invoke(builder);
        Provider = builder.AddProcessor(new Recorder(this)).Build();
    }

    public TracerProvider Provider { get; }

    /// <summary>What has ended so far, in the order of ending.</summary>
    public IReadOnlyList<Activity> Spans => [.. _ended];

    /// <summary>The one span of this name.</summary>
    public Activity Span(string name) =>
        Spans.Where(span => span.DisplayName == name).ToArray() is [var only]
            ? only
            : throw new ShouldAssertException(
            $"There should be one span '{name}'; ended so far: {string.Join(", ", Spans.Select(span => span.DisplayName))}");

    public void Dispose()
    {
        Provider.Dispose();
        Current.Value = _outer;
        _apart?.Dispose();
        Check(Spans);
    }

    // The core's tests compare all spans with the conventions.
    static partial void Check(IReadOnlyList<Activity> spans);

    private bool StartedHere()
    {
        for (Marker? marker = Current.Value; marker is not null; marker = marker.Outer)
        {
            if (ReferenceEquals(marker.Recording, this))
                return true;
        }

        return false;
    }

    private sealed record Marker(SpanRecording Recording, Marker? Outer);

    private sealed class Recorder(SpanRecording recording) : BaseProcessor<Activity>
    {
        public override void OnStart(Activity data)
        {
            if (recording.StartedHere())
                recording._open[data] = true;
        }

        public override void OnEnd(Activity data)
        {
            // As exporters do, it leaves out the second span of one call. Other flags may be those of a test that runs beside this one.
            if (recording._open.TryRemove(data, out _) && !DoubledSpan.Is(data))
                recording._ended.Enqueue(data);
        }
    }
}

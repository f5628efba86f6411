using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
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
internal sealed class SpanRecording : IDisposable
{
    private static readonly AsyncLocal<Marker?> Current = new();

    private readonly IDisposable? _apart = ProviderGroup.KeepApart();
    private readonly ConditionalWeakTable<Activity, object> _started = [];
    private readonly ConcurrentQueue<(long Start, Activity Activity)> _ended = new();
    private readonly Marker? _outer = Current.Value;
    private long _starts;

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
    public IReadOnlyList<Activity> Spans => [.. _ended.Select(span => span.Activity)];

    /// <summary>What has ended so far, in the order of starting: counted, because two may start in the same tick of the clock.</summary>
    public IReadOnlyList<Activity> SpansByStart => [.. _ended.OrderBy(span => span.Start).Select(span => span.Activity)];

    /// <summary>The one span of this name.</summary>
    public Activity Span(string name) =>
        Spans.Where(span => span.DisplayName == name).ToArray() is [var only]
            ? only
            : throw new ShouldAssertException(
            $"There should be one span '{name}'; ended so far: {string.Join(", ", Spans.Select(span => span.DisplayName))}");

    /// <summary>A processor that records into this recording, for a provider that a test builds itself: a host's, for example.</summary>
    public BaseProcessor<Activity> NewProcessor() => new Recorder(this);

    public void Dispose()
    {
        Provider.Dispose();
        Current.Value = _outer;
        _apart?.Dispose();
    }

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
                recording._started.AddOrUpdate(data, Interlocked.Increment(ref recording._starts));
        }

        public override void OnEnd(Activity data)
        {
            // As exporters do, it leaves out the second span of one call. Other flags may be those of a test that runs beside this one.
            if (recording._started.TryGetValue(data, out object? start) && recording._started.Remove(data) && !DoubledSpan.Is(data))
                recording._ended.Enqueue(((long)start, data));
        }
    }
}

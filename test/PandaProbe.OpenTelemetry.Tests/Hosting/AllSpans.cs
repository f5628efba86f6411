using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace PandaProbe.Hosting;

/// <summary>
/// Everything that ends in a provider, whoever started it: for hosts, whose requests run in flows of their own. Other tests' spans are in
/// it too: ask for one trace.
/// </summary>
internal sealed class AllSpans : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ConcurrentDictionary<ActivitySpanId, int> _starts = new();

    public IReadOnlyList<Activity> Of(ActivityTraceId trace) => [.. _ended.Where(span => span.TraceId == trace)];

    public IReadOnlyList<Activity> Named(string name) => [.. _ended.Where(span => span.DisplayName == name)];

    /// <summary>How often the start of a span was seen: more than once when sources or processors were doubled.</summary>
    public int Starts(Activity span) => _starts.GetValueOrDefault(span.SpanId);

    public override void OnStart(Activity data) => _starts.AddOrUpdate(data.SpanId, 1, (_, count) => count + 1);

    public override void OnEnd(Activity data) => _ended.Enqueue(data);
}

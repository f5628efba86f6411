using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PandaProbe.Conventions;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Outcomes;

/// <summary>What one exporter has done: counted for metrics and for its health.</summary>
internal sealed class ExportStatistics(HeldMemory? memory = null)
{
    private const int MaxScores = 10_000;

    private static readonly Counter<long> QueuedTraces = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.traces.queued", "{trace}", "Traces that were taken in.");
    private static readonly Counter<long> ExportedTraces = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.traces.exported", "{trace}", "Traces that PandaProbe took.");
    private static readonly Counter<long> DroppedTraces = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.traces.dropped", "{trace}", "Traces that were given up, by reason.");
    private static readonly Counter<long> QueuedSpans = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.spans.queued", "{span}", "Spans that were taken in.");
    private static readonly Counter<long> ExportedSpans = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.spans.exported", "{span}", "Spans that PandaProbe took.");
    private static readonly Counter<long> DroppedSpans = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.spans.dropped", "{span}", "Spans that were given up, by reason.");
    private static readonly Counter<long> QueuedScores = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.scores.queued", "{score}", "Scores that were taken in.");
    private static readonly Counter<long> ExportedScores = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.scores.exported", "{score}", "Scores that PandaProbe took.");
    private static readonly Counter<long> DroppedScores = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.scores.dropped", "{score}", "Scores that were given up, by reason.");
    private static readonly Counter<long> Retries = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.requests.retried", "{request}", "Attempts that will be repeated.");
    private static readonly Counter<long> Bytes = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.exporter.requests.bytes", "By", "Bytes of bodies, as sent.");
    private static readonly Histogram<double> Duration = Instruments.Exporter.CreateHistogram<double>(
        "pandaprobe.exporter.request.duration", "s", "How long requests took, by status.");

    private readonly ConcurrentDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private long _held;
    private int _scoresHeld;
    private long _scoresNotRecorded;
    private long _tracesQueued;
    private long _tracesExported;
    private long _tracesDropped;
    private long _spansQueued;
    private long _spansExported;
    private long _spansDropped;
    private long _scoresQueued;
    private long _scoresExported;
    private long _scoresDropped;
    private long _retries;
    private long _tracesSpooled;
    private long _spansSpooled;
    private long _accepted;
    private volatile Tuple<DateTimeOffset, string>? _lastError;
    private volatile Tuple<DateTimeOffset>? _lastSuccess;

    /// <summary>Ended spans in memory: at the entrance, waiting for their trace, waiting to be sent.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>Everything that was given up, but for scores of traces that were never to be exported.</summary>
    public long Dropped =>
        Volatile.Read(ref _tracesDropped) + Volatile.Read(ref _spansDropped)
            + Volatile.Read(ref _scoresDropped) - Volatile.Read(ref _scoresNotRecorded);

    /// <summary>What was given up for one reason.</summary>
    public (long Traces, long Spans, long Scores) DroppedFor(string reason) =>
        (_dropped.GetValueOrDefault("traces." + reason), _dropped.GetValueOrDefault("spans." + reason),
            _dropped.GetValueOrDefault("scores." + reason));

    /// <summary>Requests that were taken: moves when the backend works.</summary>
    public long Accepted => Volatile.Read(ref _accepted);

    public bool TryHold(int limit)
    {
        if (Interlocked.Increment(ref _held) <= limit)
            return true;

        Interlocked.Decrement(ref _held);
        return false;
    }

    public void Hold() => Interlocked.Increment(ref _held);

    /// <summary>What the exports of the process hold, this one among them.</summary>
    public HeldMemory Memory { get; } = memory ?? new();

    public bool TryHoldScore()
    {
        if (Interlocked.Increment(ref _scoresHeld) <= MaxScores)
            return true;

        ReleaseScore();
        return false;
    }

    public void ReleaseScore() => Interlocked.Decrement(ref _scoresHeld);

    /// <summary>Comes after all other counts: whoever sees that nothing is held sees what became of everything.</summary>
    public void Release(int spans) => Interlocked.Add(ref _held, -spans);

    public void TraceQueued() => Add(ref _tracesQueued, QueuedTraces);

    public void SpanQueued() => Add(ref _spansQueued, QueuedSpans);

    public void ScoresQueued() => Add(ref _scoresQueued, QueuedScores);

    public void TraceExported() => Add(ref _tracesExported, ExportedTraces);

    public void ScoreExported() => Add(ref _scoresExported, ExportedScores);

    public void SpansExported(int count)
    {
        Add(ref _spansExported, ExportedSpans, count);
        Release(count);
    }

    // The reason first: whoever sees the number asks for it.
    public void TraceDropped(string reason)
    {
        _dropped.AddOrUpdate("traces." + reason, 1, static (_, known) => known + 1);
        Interlocked.Increment(ref _tracesDropped);
        DroppedTraces.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    /// <summary>Counts a trace or span that never got past the entrance, so that nothing holds it.</summary>
    public void TurnAway(bool isTrace, string reason)
    {
        if (isTrace)
        {
            TraceQueued();
            TraceDropped(reason);
            return;
        }

        SpanQueued();
        Hold();
        SpansDropped(1, reason);
    }

    public void SpansDropped(int count, string reason)
    {
        if (count == 0)
            return;

        _dropped.AddOrUpdate("spans." + reason, static (_, added) => added, static (_, known, added) => known + added, (long)count);
        Interlocked.Add(ref _spansDropped, count);
        DroppedSpans.Add(count, new KeyValuePair<string, object?>("reason", reason));
        Release(count);
    }

    /// <summary>Scores that never got past the entrance, so that nothing holds them.</summary>
    public void ScoreTurnedAway(string reason)
    {
        ScoresQueued();
        ScoreDropped(reason);
    }

    public void ScoreDropped(string reason)
    {
        _dropped.AddOrUpdate("scores." + reason, 1, static (_, known) => known + 1);
        Interlocked.Increment(ref _scoresDropped);
        if (reason == DropReasons.NotRecorded)
            Interlocked.Increment(ref _scoresNotRecorded);
        DroppedScores.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Spooled(bool trace, int spans)
    {
        if (trace)
            Interlocked.Increment(ref _tracesSpooled);
        Interlocked.Add(ref _spansSpooled, spans);
        Release(spans);
    }

    /// <summary>Something from the disk has reached PandaProbe, perhaps of an earlier process.</summary>
    public void Replayed(bool trace, int spans, bool score)
    {
        if (trace)
            TraceExported();
        if (spans > 0)
            Add(ref _spansExported, ExportedSpans, spans);
        if (score)
            ScoreExported();
    }

    public void Lost(bool trace, int spans, bool score, string reason)
    {
        if (trace)
            TraceDropped(reason);
        for (int i = 0; i < spans; i++)
            Hold();
        SpansDropped(spans, reason);
        if (score)
            ScoreDropped(reason);
    }

    public void Retried() => Add(ref _retries, Retries);

    public static void Requested(long bytes, TimeSpan duration, int? status)
    {
        Bytes.Add(bytes);
        Duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("http.response.status_code", status ?? 0));
    }

    public void Succeeded(DateTimeOffset now)
    {
        Interlocked.Increment(ref _accepted);
        _lastSuccess = new(now);
    }

    public void Failed(DateTimeOffset now, string error) => _lastError = new(now, error);

    public PandaProbeExporterHealth Health(int queue, long spool, bool failing) => new()
    {
        IsFailing = failing,
        QueueLength = queue,
        SpansHeld = Held,
        SpoolSize = spool,
        TracesQueued = Volatile.Read(ref _tracesQueued),
        TracesExported = Volatile.Read(ref _tracesExported),
        TracesDropped = Volatile.Read(ref _tracesDropped),
        TracesSpooled = Volatile.Read(ref _tracesSpooled),
        SpansQueued = Volatile.Read(ref _spansQueued),
        SpansExported = Volatile.Read(ref _spansExported),
        SpansDropped = Volatile.Read(ref _spansDropped),
        SpansSpooled = Volatile.Read(ref _spansSpooled),
        ScoresQueued = Volatile.Read(ref _scoresQueued),
        ScoresExported = Volatile.Read(ref _scoresExported),
        ScoresDropped = Volatile.Read(ref _scoresDropped),
        Retries = Volatile.Read(ref _retries),
        DroppedByReason = new Dictionary<string, long>(_dropped),
        LastSuccess = _lastSuccess?.Item1,
        LastErrorAt = _lastError?.Item1,
        LastError = _lastError?.Item2,
    };

    private static void Add(ref long field, Counter<long> counter, long count = 1)
    {
        Interlocked.Add(ref field, count);
        counter.Add(count);
    }
}

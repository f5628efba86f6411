using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry.Trace;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Writing;
using PandaProbe.Processing;
using PandaProbe.Runtime;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>
/// What the exports to one backend were given, counted beside the library, and what became of it: produced = stored + counted drops, and
/// what waits on disk where a test ends in an outage.
/// </summary>
internal sealed class Ledger
{
    private static readonly ConditionalWeakTable<Backend, Ledger> Known = [];

    private readonly ConcurrentDictionary<Guid, bool> _traces = new();
    private readonly HashSet<string> _spools = [];
    private readonly List<PandaProbeExporterHealth> _ended = [];
    private readonly List<Backend> _backends = [];
    private long _spans;
    private int _open;

    /// <summary>Gets or sets why the books of a test do not balance; null where they do.</summary>
    public string? Unbalanced { get; set; }

    /// <summary>
    /// Gets or sets whether a request may be stored whose answer nobody waited for, so that what it holds is stored and counted as dropped.
    /// </summary>
    public bool MayDropWhatIsStored { get; set; }

    public ScoreCount Scores { get; } = new();

    public static Ledger Of(Backend? backend)
    {
        if (backend is null)
            return new();
        if (!Known.TryGetValue(backend, out Ledger? ledger))
            (ledger = new()).Join(backend);
        return ledger;
    }

    /// <summary>Takes in what reaches another backend, before anything is exported to it.</summary>
    public void Join(Backend backend)
    {
        Known.Add(backend, this);
        _backends.Add(backend);
    }

    public void Open(PandaProbeExporterOptions options)
    {
        lock (_ended)
        {
            _open++;
            if (options.SpoolDirectory is { } spool)
                _spools.Add(spool);
        }

        if (options.SpanFilter is { } filter)
        {
            options.SpanFilter = span =>
            {
                bool keeps = filter(span);
                if (!keeps && !ActivityScope.IsTrace(span))
                    Interlocked.Decrement(ref _spans);
                return keeps;
            };
        }
    }

    /// <summary>Counts an ended span, before the exporter sees it.</summary>
    public void Ended(Activity span, bool includesAll)
    {
        if (!span.Recorded && !UnsafeSpan.Is(span))
            return;

        if (ActivityScope.IsTrace(span))
            _traces.TryAdd(ProbeIds.TraceId(span), true);
        else if (AISpans.Contains(span) || (includesAll && IsBelowAI(span)))
            Interlocked.Increment(ref _spans);
    }

    /// <summary>Closes one export's part. With the last one the books have to balance.</summary>
    public void Close(PandaProbeExporterHealth health, bool check)
    {
        lock (_ended)
        {
            _ended.Add(health);
            if (--_open == 0 && check && Unbalanced is null)
                ShouldBalance();
        }
    }

    private static bool IsBelowAI(Activity span)
    {
        for (Activity? above = span.Parent; above is not null; above = above.Parent)
        {
            if (AISpans.Contains(above))
                return true;
        }

        return false;
    }

    private void ShouldBalance()
    {
        SpoolEntry[] waiting = [.. _spools.Where(Directory.Exists).SelectMany(WaitingIn).Select(Read)];
        Balance(
            "spans", Volatile.Read(ref _spans), _backends.Sum(backend => backend.SpansStored),
            _ended.Sum(health => health.SpansDropped), waiting.Sum(entry => entry.Spans));
        Balance(
            "scores", Scores.Count, _backends.Sum(backend => backend.Scores.Count),
            _ended.Sum(health => health.ScoresDropped), waiting.Count(entry => entry.IsScore));

        // A trace is taken in when it ends, when it is sent ahead, and when a span without one becomes one.
        long tracesDropped = _ended.Sum(health => health.TracesDropped);
        int tracesWaiting = waiting.Count(entry => entry.CountsAsTrace);
        Balance(
            "traces", _ended.Sum(health => health.TracesQueued), _backends.Sum(backend => backend.Traces.Count),
            tracesDropped, tracesWaiting);
        long missing = _traces.Keys.Count(id => !_backends.Exists(backend => backend.Traces.ContainsKey(id)));
        missing.ShouldBeLessThanOrEqualTo(tracesDropped + tracesWaiting, "an ended trace is stored, on disk, or dropped and counted");
    }

    private void Balance(string what, long produced, long stored, long dropped, long waiting)
    {
        string sum = $"{what}: {produced} produced, {stored} stored, {dropped} dropped and counted, {waiting} on disk; "
            + string.Join(" ", _ended);
        if (MayDropWhatIsStored)
            (stored + dropped + waiting).ShouldBeGreaterThanOrEqualTo(produced, sum);
        else
            (stored + dropped + waiting).ShouldBe(produced, sum);
    }

    private static string[] WaitingIn(string spool) => Directory.GetFiles(spool, "*.ppspool");

    private static SpoolEntry Read(string path)
    {
        using RequestBody body = new();
        using FileStream file = File.OpenRead(path);
        return SpoolEntry.Read(file, body).ShouldNotBeNull(path);
    }

    /// <summary>Counts the scores that callers give.</summary>
    internal sealed class ScoreCount : ILiveExporter, IScoreSink
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public PandaProbeExporterHealth Health { get; } = new();

        public TracerProvider? Provider => null;

        public void Add(ScoreItem score) => Interlocked.Increment(ref _count);
    }
}

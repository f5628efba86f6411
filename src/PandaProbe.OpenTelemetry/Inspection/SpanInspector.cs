using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using PandaProbe.Context;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Safety;

namespace PandaProbe.Inspection;

/// <summary>
/// Looks at the texts of ended spans for what <see cref="SafetyOptions.DetectInjection"/>, <see cref="SafetyOptions.TrackValues"/> and
/// <see cref="SafetyOptions.Classifier"/> ask for.
/// <para>
/// The thread that ends a span leaves it in a queue. An exporter that is about to read or mask a span works the queue off up to that span.
/// So spans are looked at in the order in which they ended, whichever thread exports them first, and before anything in them is masked.
/// </para>
/// </summary>
internal sealed class SpanInspector : IThreadPoolWorkItem, IDisposable
{
    private const int MostWaiting = 4096;

    // So many wait for an exporter before a thread of the pool looks at them.
    private const int Batch = 64;

    private static readonly ConditionalWeakTable<Activity, SpanFindings> Found = [];
    private static readonly object Changing = new();
    private static SpanInspector[] _all = [];

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly object _looking = new();
    private readonly TraceTable _traces;
    private readonly IContentClassifier? _classifier;
    private int _waiting;
    private int _isScheduled;

    private SpanInspector(SafetyOptions options, TimeProvider time)
    {
        _traces = new(options.DetectInjection, options.TrackValues ? new(options) : null, time);
        _classifier = options.Classifier is null or BoundedClassifier ? options.Classifier : new BoundedClassifier(options.Classifier);
        lock (Changing)
            _all = [.. _all, this];
    }

    /// <summary>Gets the traces of which something is known.</summary>
    public TraceTable Traces => _traces;

    /// <summary>Returns <see langword="null"/> when the options ask for nothing.</summary>
    public static SpanInspector? Create(SafetyOptions? options, TimeProvider? time = null) =>
        options is null ? null : new(new(options), time ?? TimeProvider.System);

    /// <summary>Returns what an ended span shows, as attributes. Waits until it and all that ended before it were looked at.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> FindingsOf(Activity span)
    {
        foreach (SpanInspector inspector in Volatile.Read(ref _all))
            inspector.CatchUp();
        return Found.TryGetValue(span, out SpanFindings? findings) ? findings.Attributes() : [];
    }

    /// <summary>Takes an ended span. Called by the thread that ended it.</summary>
    public void Enter(Activity span)
    {
        if (!span.Recorded)
            return;

        int waiting = Interlocked.Increment(ref _waiting);
        if (waiting > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            InspectionCounters.Skip();
            return;
        }

        // A model needs the time until the export.
        _ended.Enqueue(span);
        if ((_classifier is not null || waiting % Batch == 0) && Interlocked.Exchange(ref _isScheduled, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    public void Execute()
    {
        Volatile.Write(ref _isScheduled, 0);
        CatchUp();
    }

    public void Dispose()
    {
        lock (Changing)
            _all = [.. _all.Where(other => !ReferenceEquals(other, this))];
    }

    private void CatchUp()
    {
        lock (_looking)
        {
            // Not until it is empty: the thread of an exporter would work for all others.
            for (int rest = _ended.Count; rest > 0 && _ended.TryDequeue(out Activity? span); rest--)
            {
                Interlocked.Decrement(ref _waiting);
                Inspect(span);
            }
        }
    }

    private void Inspect(Activity span)
    {
        try
        {
            // Detectors of the application may flush, which would wait for this thread.
            using UserCode.Call code = UserCode.Enter();
            Activity top = TopOf(span);
            bool isTop = ReferenceEquals(top, span);
            SpanFindings findings = new();
            List<string> fromOutside = [];
            _traces.Use(ActivityScope.IsTrace(top) ? ProbeIds.TraceId(top) : ProbeIds.Whole(span.TraceId), facts =>
            {
                if (!facts.IsAsked && !isTop)
                {
                    foreach (SpanText text in SpanTexts.InputOf(top))
                    {
                        facts.IsAsked = true;
                        facts.Hear(text);
                    }
                }

                foreach (SpanText text in SpanTexts.Of(span, isTop))
                {
                    if (facts.Add(text, findings))
                        fromOutside.Add(text.Text);
                }
            });

            if (findings.Any || (_classifier is not null && fromOutside.Count > 0))
                Found.AddOrUpdate(span, findings);
            if (_classifier is not null)
                Judge(fromOutside, findings);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("inspection", exception);
        }
    }

    // Spans of the classifier itself would be judged in turn, so it records none.
    private void Judge(List<string> texts, SpanFindings findings)
    {
        using IDisposable quiet = SuppressInstrumentationScope.Begin();
        foreach (string text in texts)
            _ = JudgeAsync(_classifier!, text, findings);
    }

    private static async Task JudgeAsync(IContentClassifier classifier, string text, SpanFindings findings)
    {
        ContentVerdict verdict = await classifier.ClassifyAsync(text).ConfigureAwait(false);

        // A label may quote the text, and each other one would be a time series.
        InspectionCounters.Verdict(verdict.Score is not null ? findings.TryAdd(verdict) ? "on_span" : "late"
            : verdict.Label is "busy" or "time" ? verdict.Label : "failed");
    }

    /// <summary>Returns the trace that the span is in; without one, the topmost span about AI.</summary>
    private static Activity TopOf(Activity span)
    {
        Activity top = span;
        for (Activity? at = span; at is not null; at = ActivityScope.ParentOf(at))
        {
            if (AISpans.Contains(at))
                top = at;
            if (ActivityScope.IsTrace(at))
                break;
        }

        return top;
    }
}

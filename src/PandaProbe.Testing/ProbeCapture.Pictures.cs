using System.Diagnostics;
using PandaProbe.Context;

namespace PandaProbe.Testing;

public sealed partial class ProbeCapture
{
    /// <summary>
    /// Gets the traces as they are now, in the order of their start. Spans that are still open are among them, see
    /// <see cref="CapturedSpan.IsOpen"/>.
    /// </summary>
    public IReadOnlyList<CapturedTrace> Traces => TracesOf(_activities.Now(_options.Sources.Count > 0).All);

    /// <summary>Gets the only trace, as it is now.</summary>
    /// <exception cref="ProbeAssertionException">There is none, or there are several.</exception>
    public CapturedTrace Trace => OnlyOf(Traces);

    /// <summary>Gets the spans of all traces, in the order of their start.</summary>
    public IReadOnlyList<CapturedSpan> Spans => [.. Traces.SelectMany(trace => trace.Spans).OrderBy(span => span.Order)];

    /// <summary>Gets the scores of all traces, in the order in which they were recorded.</summary>
    public IReadOnlyList<CapturedScore> Scores => [.. _scores];

    /// <summary>Gets the measurements of PandaProbe's metrics, in the order in which they were made.</summary>
    public IReadOnlyList<CapturedMeasurement> Measurements => [.. _measurements];

    /// <summary>Gets what the library reported about itself, from informational messages up.</summary>
    public IReadOnlyList<CapturedDiagnostic> Diagnostics => [.. _diagnostics];

    /// <summary>Gets what exporters of the program under test gave up, by reason. The capture itself drops nothing.</summary>
    public IReadOnlyList<CapturedDrop> Drops => [.. _exporters.Keys
        .SelectMany(exporter => exporter.Health.DroppedByReason)
        .Select(drop => new CapturedDrop(
            drop.Key.Split('.')[0], drop.Key[(drop.Key.IndexOf('.', StringComparison.Ordinal) + 1)..], drop.Value))
        .OrderBy(drop => drop.What, StringComparer.Ordinal).ThenBy(drop => drop.Reason, StringComparer.Ordinal)];

    /// <summary>Returns the one span of all traces with this name, as it is now.</summary>
    /// <exception cref="ProbeAssertionException">There is none, or there are several.</exception>
    public CapturedSpan Span(string name) => Only.Named(Spans, name);

    /// <summary>Waits until no captured span is open, and returns the only trace.</summary>
    /// <param name="deadline">How long to wait; <see langword="null"/> waits for <see cref="ProbeCaptureOptions.Deadline"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProbeAssertionException">A span was still open at the deadline; the message names it. Or there is no trace, or
    /// there are several.</exception>
    public async Task<CapturedTrace> WaitForTraceAsync(TimeSpan? deadline = null, CancellationToken cancellationToken = default) =>
        OnlyOf(await WaitForTracesAsync(deadline, cancellationToken).ConfigureAwait(false));

    /// <summary>Waits until at least one span was captured and none is open, and returns all traces.</summary>
    /// <inheritdoc cref="WaitForTraceAsync(TimeSpan?, CancellationToken)"/>
    public async Task<IReadOnlyList<CapturedTrace>> WaitForTracesAsync(
        TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        TimeSpan limit = deadline ?? _options.Deadline;
        Task? timeout = null;
        while (true)
        {
            (IReadOnlyList<CapturedActivity> all, Task change) = _activities.Now(_options.Sources.Count > 0);
            CapturedActivity[] open = [.. all.Where(captured => captured.End is null)];
            if (open.Length == 0 && all.Count > 0)
                return TracesOf(all);

            timeout ??= Task.Delay(limit, _options.TimeProvider, cancellationToken);
            if (await Task.WhenAny(change, timeout).ConfigureAwait(false) == timeout)
            {
                await timeout.ConfigureAwait(false);
                throw new ProbeAssertionException(OpenSpans.Message(limit, open, TracesOf(all)));
            }
        }
    }

    private static CapturedTrace OnlyOf(IReadOnlyList<CapturedTrace> traces) => traces switch
    {
        [var only] => only,
        [] => throw new ProbeAssertionException($"There should be one trace, but nothing was captured.\n\n{OpenSpans.NothingCaptured}"),
        _ => throw new ProbeAssertionException(
            $"There should be one trace, but there are {traces.Count}.\n\n{Failure.Captured(traces)}\n\n"
            + "Open one trace around the work, or take what you want from Traces."),
    };

    private CapturedTrace[] TracesOf(IReadOnlyList<CapturedActivity> all)
    {
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        return [.. all.GroupBy(captured => captured.Activity.TraceId).Select(trace => TraceOf([.. trace], now))];
    }

    private CapturedTrace TraceOf(CapturedActivity[] activities, DateTimeOffset now)
    {
        IReadOnlyList<CapturedSpan> roots = SpanTrees.Of(activities, now);
        Activity root = roots[0].Activity;
        HashSet<Guid> ids = [.. activities.Select(captured => ProbeIds.TraceId(captured.Activity))];
        return new(
            ProbeIds.TraceId(root), root.TraceId.ToHexString(), roots, [.. _scores.Where(score => ids.Contains(score.TraceId))],
            _settings.Prices?.Book, Viewer?.LinkTo(root.TraceId));
    }

    private TestRun? Viewer => _options.SendToViewer ? _viewer ?? TestRun.Current : null;

    private void SendToViewer() => Viewer?.Send(_activities.Now(_options.Sources.Count > 0).All
        .Where(captured => captured.End is not null).Select(captured => captured.Activity));
}

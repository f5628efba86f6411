using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Transport;
using PandaProbe.Export.Writing;

namespace PandaProbe.Export.Spooling;

/// <summary>Sends what is on disk in rounds, oldest first, as long as the backend takes it and no other process does the same.</summary>
internal sealed class SpoolReplay(
    Spool spool, SendGate gate, BackendClient client, PandaProbeExporterOptions options, TimeProvider time, Func<double> random,
    ExportStatistics statistics,
    ExportReporter reporter, CancellationToken abort) : IAsyncDisposable
{
    private readonly object _starting = new();
    private readonly RequestBody _body = new();
    private readonly RequestBody _rest = new();
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    // Done with, but still there: the disk has become read-only, or the directory has another owner.
    private readonly HashSet<string> _undeleted = new(StringComparer.Ordinal);

    // The answer was lost, and the backend may have it.
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);
    private Task _round = Task.CompletedTask;

    private sealed record Waiting(SpoolEntry Entry, RequestHistory History, long Since, TimeSpan Delay, long Accepted);

    /// <summary>Starts a round, unless one is under way. Completes when there is nothing left that can be sent now.</summary>
    public Task RunAsync()
    {
        lock (_starting)
        {
            if (!_round.IsCompleted || abort.IsCancellationRequested)
                return _round;

            // Nothing of the flow that flushes belongs to the replay.
            using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
            return _round = Task.Run(RunRoundAsync, CancellationToken.None);
        }
    }

    /// <summary>Completes when the round has ended that is under way. Only after <c>abort</c> was cancelled.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync().ConfigureAwait(false);
        _body.Dispose();
        _rest.Dispose();
    }

    private async Task RunRoundAsync()
    {
        try
        {
            FileInfo[] files = spool.Scan();
            SpoolEntry[] gone = [];
            using IDisposable? right = files.Length > 0 || spool.HasOwn ? spool.TryLock(out gone) : null;
            foreach (SpoolEntry entry in gone)
                Report(entry, DropReasons.Deleted, "Spooled traces were deleted by somebody else before they could be sent.");

            // What is added meanwhile is found by looking again.
            for (bool any = right is not null; any; files = spool.Scan())
            {
                any = false;
                foreach (FileInfo file in files)
                {
                    abort.ThrowIfCancellationRequested();
                    if (_undeleted.Contains(file.Name))
                        spool.Delete(file);
                    else if (!IsWaiting(file) && !await ReplayAsync(file).ConfigureAwait(false))
                        return;
                    any |= !File.Exists(file.FullName);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What is on disk stays there.
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("replay", exception);
        }
    }

    /// <summary>False when the backend takes nothing now.</summary>
    private async Task<bool> ReplayAsync(FileInfo file)
    {
        if (spool.Read(file, _body) is not { } entry)
            return true;

        if (spool.IsTooOld(file))
        {
            Report(entry, DropReasons.Expired, $"Spooled traces are older than {options.SpoolMaxAge} and were dropped.");
            Delete(file);
            return true;
        }

        if (WaitsBefore(file, entry) is { } earlier)
        {
            Defer(file, earlier with { Entry = entry, History = new() });
            return true;
        }

        RequestHistory history = _waiting.TryGetValue(file.Name, out Waiting? waiting)
            ? waiting.History : new() { MayBeStored = entry.MayBeStored || _lost.Contains(file.Name) };
        while (true)
        {
            RequestKind kind = entry.IsScore ? RequestKind.Score : entry.HasHead ? RequestKind.Trace : RequestKind.Spans;
            Answer answer = await client.SendAsync(kind, entry.TraceId, entry.RequestId, _body, history.MayBeStored, abort)
                .ConfigureAwait(false);
            history.Add(answer.Kind, statistics.Accepted, time);
            history.MayBeStored |= answer.MayBeStored;
            RequestFacts facts = new(
                entry.IsScore, entry.Spans, LargeBody.CanShorten(_body), HasSpool: true, history.Attempts, history.ServerErrors,
                history.MissingFor);
            var outcome = Outcome.Of(answer, facts, random());
            if (outcome.Fate is not (Fate.Accept or Fate.Drop))
                reporter.Retried(answer, entry.TraceId, entry.Spans);

            switch (outcome.Fate)
            {
                case Fate.Accept:
                    statistics.Succeeded(time.GetUtcNow());
                    statistics.Replayed(entry.CountsAsTrace, entry.Spans, entry.IsScore);
                    reporter.Recovered();
                    Delete(file);
                    return true;
                case Fate.Again:
                    continue;
                case Fate.Later:
                    Defer(file, new(entry, history, time.GetTimestamp(), outcome.Delay, statistics.Accepted));
                    return !gate.IsFailing;
                case Fate.Drop when answer.Kind == AnswerKind.Rejected && (waiting is null || waiting.Accepted == statistics.Accepted):
                    // A proxy may refuse every request. A request is at fault where it is refused again after others were accepted.
                    reporter.Report(
                        outcome.Reason!, answer.Detail!, entry.TraceId, answer.Status, willRetry: true, spans: entry.Spans);
                    Defer(file, new(
                        entry, history, time.GetTimestamp(), Backoff.Delay(history.Attempts, random()), statistics.Accepted));
                    return true;
                case Fate.Spool:
                    if (history.MayBeStored)
                        _lost.Add(file.Name);
                    return false;
                case Fate.AddHead:
                    entry = entry with { HasHead = true };
                    LargeBody.AddHead(_body, entry);
                    continue;
                case Fate.Split when Halve(file, entry) is var (first, second):
                    Delete(file);
                    return await ReplayAsync(first).ConfigureAwait(false) && await ReplayAsync(second).ConfigureAwait(false);
                case Fate.Shrink when LargeBody.TryShorten(_body):
                    continue;
                default:
                    spool.SetAside(file, $"PandaProbe does not take it ({outcome.Reason})");
                    Forget(file);
                    Report(entry, outcome.Reason!, answer.Detail!);
                    return true;
            }
        }
    }

    /// <summary>Two files in place of one. Null when they cannot be had.</summary>
    private (FileInfo First, FileInfo Second)? Halve(FileInfo file, SpoolEntry entry)
    {
        int kept = entry.Spans / 2;
        _rest.Clear();
        if (!LargeBody.TryTakeSpans(_body, kept, _rest)
            || spool.AddPiece(file, 0, entry with { Spans = kept }, _body) is not { } first)
        {
            return null;
        }

        SpoolEntry rest = entry with { HasHead = false, CountsAsTrace = false, Spans = entry.Spans - kept, RequestId = Guid.NewGuid() };
        if (spool.AddPiece(file, 1, rest, _rest) is { } second)
            return (first, second);

        spool.Delete(first);
        return null;
    }

    private bool IsWaiting(FileInfo file) =>
        _waiting.TryGetValue(file.Name, out Waiting? waiting) && time.GetElapsedTime(waiting.Since) < waiting.Delay;

    /// <summary>
    /// Finds an older request for the same trace that waits. It goes first, because what a later one says of the trace has to win. Older
    /// spans, or a score in their place, show that the server has stored what came before them.
    /// </summary>
    private Waiting? WaitsBefore(FileInfo file, SpoolEntry entry)
    {
        foreach ((string? name, Waiting? waiting) in _waiting)
        {
            if (waiting.Entry is { IsScore: false } or { IsAhead: true } && waiting.Entry.TraceId == entry.TraceId
                && string.CompareOrdinal(name, file.Name) < 0)
            {
                return waiting;
            }
        }

        return null;
    }

    private void Defer(FileInfo file, Waiting waiting)
    {
        _waiting[file.Name] = waiting;
        spool.Deferred = _waiting.Count;
    }

    private void Forget(FileInfo file)
    {
        _waiting.Remove(file.Name);
        _lost.Remove(file.Name);
        spool.Deferred = _waiting.Count;
    }

    private void Delete(FileInfo file)
    {
        Forget(file);
        if (!spool.Delete(file))
            _undeleted.Add(file.Name);
    }

    private void Report(SpoolEntry entry, string reason, string message)
    {
        reporter.Report(reason, message, entry.TraceId, reason: reason, spans: entry.Spans);
        statistics.Lost(entry.CountsAsTrace, entry.Spans, entry.IsScore, reason);
    }
}

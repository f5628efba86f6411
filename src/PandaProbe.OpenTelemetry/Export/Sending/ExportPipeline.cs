using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Writing;
using PandaProbe.Values;

namespace PandaProbe.Export.Sending;

/// <summary>
/// From ended spans to requests: an entrance that never blocks, one thread that assembles traces, several senders that write and send them, and one task
/// that replays what is on disk.
/// </summary>
internal sealed class ExportPipeline : ISendQueue, IDisposable
{
    private const int WakeEvery = 512;
    private const int PoisonAfter = 5;
    private const int SmallestBudget = 1024;
    private static readonly TimeSpan MissingPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ScorePatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(2);

    private readonly PandaProbeOptions _options;
    private readonly ExportSettings _settings;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<object> _entrance = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Channel<TraceRecord> _ready = Channel.CreateUnbounded<TraceRecord>(new() { SingleWriter = false });
    private readonly CancellationTokenSource _abort = new();
    private readonly TraceAssembler _assembler;
    private readonly SendGate _gate;
    private readonly BackendClient _client;
    private readonly Spool? _spool;
    private readonly ExportReporter _reporter;
    private readonly Sender _overflow;
    private readonly Thread _thread;
    private readonly ITimer _timer;
    private readonly List<FlushGeneration> _generations = [];
    private readonly SemaphoreSlim _replayNow = new(0, 1);
    private readonly TaskCompletionSource _threadDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _senders;
    private readonly Task _replay;
    private FlushGeneration _generation = new();
    private int _entered;
    private int _rootsEntered;
    private int _scheduled;
    private long _reportedDrops;
    private int _due;
    private volatile bool _closed;
    private volatile bool _aborting;

    public ExportPipeline(ExportSettings settings, TimeProvider time, Func<HttpMessageInvoker>? http, Func<double>? random = null)
    {
        _settings = settings;
        _options = settings.Options;
        _time = time;
        _gate = new(_options, time, random ?? Random.Shared.NextDouble);
        _client = new(_options, time, http);
        _spool = Spool.TryOpen(_options, time);
        _reporter = new(_options, Statistics, time);
        _overflow = new(settings);
        _assembler = new(settings, Statistics, time, this);

        // Nothing of the flow that builds the provider belongs to the exporter.
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        _thread = new(Assemble) { IsBackground = true, Name = "PandaProbe.Export" };
        _thread.Start();
        _senders = [.. Enumerable.Range(0, _options.MaxConcurrentRequests).Select(_ => Task.Run(SendAsync))];
        _replay = _spool is null ? Task.CompletedTask : Task.Run(ReplayAsync);
        _timer = time.CreateTimer(_ => Tick(), null, _options.FlushInterval, _options.FlushInterval);
    }

    public ExportStatistics Statistics { get; } = new();

    public int QueueLength => Volatile.Read(ref _scheduled);

    public long SpoolSize => _spool?.Size ?? 0;

    public bool IsFailing => _gate.IsFailing;

    private enum Fate
    {
        GoOn,
        Later,
    }

    /// <summary>Takes in a span that ended. Costs the caller a queue entry.</summary>
    public void Enter(Activity activity, bool isTrace)
    {
        if (_closed)
        {
            if (isTrace)
                Statistics.TraceTurnedAway(DropReasons.Shutdown);
            else
                Statistics.SpanTurnedAway(DropReasons.Shutdown);
            return;
        }

        // A trace's own activity is let in even where its spans are not: it is what lets those go that are held.
        if (isTrace)
        {
            Statistics.Hold();
        }
        else if (!Statistics.TryHold(_options.MaxSpanCount))
        {
            Statistics.SpanTurnedAway(DropReasons.QueueFull);
            return;
        }

        _entrance.Enqueue(activity);
        if ((Interlocked.Increment(ref _entered) % WakeEvery) == 0 || ((isTrace || activity.Parent is null) && (Interlocked.Increment(ref _rootsEntered) % _options.BatchSize) == 0))
            _wake.Set();
    }

    public void Enter(ScoreItem score)
    {
        if (_closed)
        {
            Statistics.ScoresQueued();
            Statistics.ScoreDropped(DropReasons.Shutdown);
            return;
        }

        _entrance.Enqueue(score);
    }

    public bool Flush(int timeoutMilliseconds)
    {
        long start = Stopwatch.GetTimestamp();
        FlushMarker marker = new();
        _entrance.Enqueue(marker);
        _wake.Set();
        _gate.Hurry();

        // After the shutdown nobody comes by the marker any more, and nothing is left that could be sent.
        bool done = Wait(Task.WhenAny(marker.Done, _threadDone.Task), timeoutMilliseconds, start)
            && (!marker.Done.IsCompleted || Wait(marker.Done.Result, timeoutMilliseconds, start));

        // Flushed is not yet arrived: what was dropped since the flush before did not, and what is on disk has not.
        long dropped = Statistics.Dropped;
        return Interlocked.Exchange(ref _reportedDrops, dropped) == dropped && done && _spool is not { HasBacklog: true };
    }

    /// <summary>Sends what there is until the time is up; what is left then goes to disk, or is dropped and counted.</summary>
    public bool Shutdown(int timeoutMilliseconds)
    {
        if (_closed)
            return true;

        long start = Stopwatch.GetTimestamp();
        FlushMarker marker = new() { IncludeOpen = true };
        _entrance.Enqueue(marker);
        _closed = true;
        _wake.Set();
        _timer.Dispose();
        _gate.Hurry();
        bool done = Wait(marker.Done, timeoutMilliseconds, start) && Wait(marker.Done.Result, timeoutMilliseconds, start);
        if (done && _spool is { HasBacklog: true })
        {
            // The backend may be back: what is on disk gets its chance within the same time.
            Poke();
            done = SpinUntil(() => !_spool.HasBacklog || _gate.IsFailing, timeoutMilliseconds, start) && !_spool.HasBacklog;
        }

        _aborting = true;
        _abort.Cancel();
        _wake.Set();
        int grace = (int)LastMoment.TotalMilliseconds;
        long last = Stopwatch.GetTimestamp();
        Wait(_threadDone.Task, grace, last);
        if (marker.Done.IsCompleted)
            Wait(marker.Done.Result, grace, last);
        _ready.Writer.TryComplete();
        Wait(Task.WhenAll([.. _senders, _replay]), grace, last);
        return done;
    }

    /// <summary>Only after <see cref="Shutdown"/>. Buffers that a hanging sender still holds are left to the collector.</summary>
    public void Dispose()
    {
        if (_senders.All(sender => sender.IsCompleted) && _replay.IsCompleted)
        {
            _client.Dispose();
            _gate.Dispose();
            _overflow.Dispose();
            _abort.Dispose();
            _replayNow.Dispose();
            _wake.Dispose();
        }
    }

    bool ISendQueue.IsFull(int waiting) => waiting + Volatile.Read(ref _scheduled) >= _options.MaxQueueSize;

    void ISendQueue.Overflow(TraceRecord record)
    {
        bool lost = !record.HeadMade && record.HeadDue;
        int spans = record.CollectedCount;

        // Behind what the record has under way already, if it has.
        if (!record.MakeParts(_options.MaxContentLength, confirm: false))
            return;

        if (_spool is null)
        {
            while (record.Next() is { } part)
                Drop(record, part, DropReasons.QueueFull);
            _reporter.Report(
                DropReasons.QueueFull,
                $"The queue to PandaProbe is full ({_options.MaxQueueSize} traces): new traces are dropped. Raise MaxQueueSize, or set SpoolDirectory to keep them on disk.",
                record.Id, reason: DropReasons.QueueFull, spans: spans);
            if (lost)
                record.DropReason = DropReasons.QueueFull;
            return;
        }

        // Straight to disk, on this thread.
        while (record.Next() is { } part)
            SpoolPart(record, part, _overflow, canWait: false);
    }

    void ISendQueue.Send(TraceRecord record, bool confirm)
    {
        if (!record.MakeParts(_options.MaxContentLength, confirm))
            return;

        record.Generation = _generation;
        _generation.Enter();
        Interlocked.Increment(ref _scheduled);
        _ready.Writer.TryWrite(record);
    }

    private void Tick()
    {
        Volatile.Write(ref _due, 1);
        _wake.Set();
        Poke();
    }

    private void Poke()
    {
        try
        {
            if (_spool is not null && _replayNow.CurrentCount == 0)
                _replayNow.Release();
        }
        catch (SemaphoreFullException)
        {
            // Somebody else was quicker.
        }
    }

    private void Assemble()
    {
        try
        {
            while (!_aborting || !_entrance.IsEmpty)
            {
                _wake.WaitOne();
                bool due = Interlocked.Exchange(ref _due, 0) != 0;
                Drain();
                _assembler.Release(everything: due);
            }
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("export", exception);
        }
        finally
        {
            _threadDone.TrySetResult();
        }
    }

    private void Drain()
    {
        while (_entrance.TryDequeue(out object? item))
        {
            try
            {
                switch (item)
                {
                    case Activity activity:
                        _assembler.Add(activity);
                        _assembler.Release(everything: false);
                        break;
                    case ScoreItem score:
                        _assembler.Add(score);
                        break;
                    case FlushMarker marker:
                        if (marker.IncludeOpen)
                            _assembler.ReleaseOpen();
                        else
                            _assembler.Release(everything: true);
                        marker.Reached(NextGeneration());
                        break;
                }
            }
            catch (Exception exception)
            {
                PandaProbeEventSource.Log.TelemetryFailed("export", exception);
            }
        }
    }

    private Task NextGeneration()
    {
        _generations.RemoveAll(static generation => generation.Done.IsCompleted);
        _generations.Add(_generation);
        _generation.Leave();
        _generation = new();
        return Task.WhenAll(_generations.Select(static generation => generation.Done));
    }

    private async Task SendAsync()
    {
        using Sender sender = new(_settings);
        await foreach (TraceRecord record in _ready.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await SendAsync(record, sender).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                PandaProbeEventSource.Log.TelemetryFailed("send", exception);
                GiveUp(record);
            }
        }
    }

    private async Task SendAsync(TraceRecord record, Sender sender)
    {
        // Once nothing is left to send, the record may be scheduled anew, for another flush to wait for.
        FlushGeneration? generation = record.Generation;
        while (record.Next() is { } part)
        {
            if (record.DropReason is { } gone)
            {
                Drop(record, part, gone);
                continue;
            }

            if (_spool is not null && (_aborting || _spool.HasBacklog || _gate.IsFailing) && SpoolPart(record, part, sender, canWait: !_aborting))
                continue;

            if (_aborting)
            {
                Drop(record, part, DropReasons.Shutdown);
                continue;
            }

            Answer? answer;
            try
            {
                answer = await AttemptAsync(record, part, sender).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_aborting)
            {
                continue;
            }

            if (answer is { } known && Settle(record, part, known, sender, out TimeSpan delay) == Fate.Later)
            {
                _ = ComeBackAsync(record, delay);
                return;
            }
        }

        Unschedule(generation);
    }

    private void Unschedule(FlushGeneration? generation)
    {
        Interlocked.Decrement(ref _scheduled);
        generation?.Leave();
    }

    private async Task ComeBackAsync(TraceRecord record, TimeSpan delay)
    {
        try
        {
            await _gate.WaitAsync(delay, _abort.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The last chance: to disk, or dropped.
        }

        if (!_ready.Writer.TryWrite(record))
        {
            GiveUp(record);
        }
    }

    private void GiveUp(TraceRecord record)
    {
        FlushGeneration? generation = record.Generation;
        while (record.Next() is { } part)
            Drop(record, part, DropReasons.Shutdown);
        Unschedule(generation);
    }

    private async ValueTask<Answer?> AttemptAsync(TraceRecord record, TracePart part, Sender sender)
    {
        bool isTrace = part.HasHead;
        bool probing = await _gate.EnterAsync(isTrace, _abort.Token).ConfigureAwait(false);
        if (!Write(record, part, sender))
        {
            _gate.GiveBack(isTrace, probing);
            return null;
        }

        RequestBody body = sender.Body;
        if (_options.CompressRequests)
        {
            sender.Compressed.Clear();
            Compressor.Compress(sender.Body, sender.Compressed);
            body = sender.Compressed;
        }

        part.Attempts++;
        string path = part.Score is not null ? BackendClient.ScoresPath : part.HasHead ? BackendClient.TracesPath : BackendClient.SpansPath(record.Id);
        try
        {
            Answer answer = await _client.PostAsync(path, body, _options.CompressRequests, part.RequestId, _abort.Token).ConfigureAwait(false);
            _gate.Leave(isTrace, probing, answer);
            return answer;
        }
        catch (OperationCanceledException)
        {
            _gate.GiveBack(isTrace, probing);
            throw;
        }
    }

    private bool Write(TraceRecord record, TracePart part, Sender sender)
    {
        try
        {
            sender.Body.Clear();
            if (part.Score is { } score)
            {
                score.WriteTo(sender.Body);
                return true;
            }

            int written = part.HasHead
                ? sender.Writer.WriteTrace(sender.Body, record, part.Spans, part.ContentBudget, _options.MaxRequestBytes)
                : sender.Writer.WriteSpanList(sender.Body, record, part.Spans, part.ContentBudget, _options.MaxRequestBytes);
            if (written < part.Count)
                record.Split(part, written);
            return true;
        }
        catch (Exception exception)
        {
            _reporter.Report(DropReasons.Unwritable, "A trace could not be written and was dropped.", record.Id, reason: DropReasons.Unwritable, spans: part.Count, exception: exception);
            Drop(record, part, DropReasons.Unwritable);
            return false;
        }
    }

    private Fate Settle(TraceRecord record, TracePart part, in Answer answer, Sender sender, out TimeSpan delay)
    {
        delay = default;
        switch (answer.Kind)
        {
            case AnswerKind.Accepted:
                Accept(record, part);
                return Fate.GoOn;

            case AnswerKind.Missing:
                part.MissingSince ??= _time.GetTimestamp();
                TimeSpan missing = _time.GetElapsedTime(part.MissingSince.Value);
                if (part.Score is null && missing >= MissingPatience)
                {
                    // Nobody has sent the trace: these spans bring as much of it as is known.
                    part.HasHead = true;
                    if (!record.HeadMade)
                        Statistics.TraceQueued();
                    record.HeadMade = true;
                    return Fate.GoOn;
                }

                if (part.Score is not null && missing >= ScorePatience)
                    return Reject(record, part, answer);

                Statistics.Retried();
                delay = Backoff.Delay(part.Attempts, Random.Shared.NextDouble()) / 4;
                return Fate.Later;

            case AnswerKind.TooLarge when part.Count > 1:
                record.Split(part, part.Count / 2);
                Statistics.Retried();
                return Fate.GoOn;

            case AnswerKind.TooLarge when part.Score is null && part.ContentBudget > SmallestBudget:
                part.ContentBudget = Math.Min(part.ContentBudget, (int)Math.Min(sender.Body.Length, int.MaxValue)) / 4;
                Statistics.Retried();
                return Fate.GoOn;

            case AnswerKind.Rejected or AnswerKind.TooLarge:
                return Reject(record, part, answer);

            case AnswerKind.Limited:
                Statistics.Retried();
                _reporter.Report("limited", answer.Detail!, record.Id, answer.Status, willRetry: true, spans: part.Count);
                return Fate.GoOn;

            case AnswerKind.Failed when IsPoison(part):
                return Reject(record, part, answer);

            default:
                Statistics.Retried();
                _reporter.Report("unavailable", answer.Detail!, record.Id, answer.Status, willRetry: true, spans: part.Count, exception: answer.Exception);
                if (_spool is not null && answer.Kind == AnswerKind.Unavailable)
                    return Fate.GoOn;

                delay = Backoff.Delay(part.Attempts, Random.Shared.NextDouble());
                return Fate.Later;
        }
    }

    /// <summary>A request on which the backend fails again and again while it takes others will never get through.</summary>
    private bool IsPoison(TracePart part)
    {
        long accepted = Statistics.Accepted;
        if (part.ServerErrors == 0 || accepted > part.AcceptedBefore)
            part.ServerErrors++;
        part.AcceptedBefore = accepted;
        return part.ServerErrors > PoisonAfter;
    }

    private void Accept(TraceRecord record, TracePart part)
    {
        Statistics.Succeeded(_time.GetUtcNow());
        _reporter.Recovered("unavailable");
        if (part.Score is not null)
            Statistics.ScoreExported();
        if (part.HasHead && record.TryCount())
            Statistics.TraceExported();
        if (part.Count > 0)
            Statistics.SpansExported(part.Count);
        record.Remove(part);
    }

    private Fate Reject(TraceRecord record, TracePart part, in Answer answer)
    {
        string reason = answer.Reason ?? DropReasons.Refused;
        _reporter.Report(reason, answer.Detail ?? "PandaProbe refuses the request.", record.Id, answer.Status, reason: reason, spans: part.Count, exception: answer.Exception);
        if (part.HasHead)
            record.DropReason = reason;
        Drop(record, part, reason);
        return Fate.GoOn;
    }

    private void Drop(TraceRecord record, TracePart part, string reason)
    {
        if (part.Score is not null)
            Statistics.ScoreDropped(reason);
        if (part.HasHead && record.TryCount())
        {
            record.DropReason ??= reason;
            Statistics.TraceDropped(reason);
        }

        Statistics.SpansDropped(part.Count, reason);
        record.Remove(part);
    }

    /// <summary>Takes a part to disk. False when there is no writing to it, and the part can wait in memory as it would without a spool.</summary>
    private bool SpoolPart(TraceRecord record, TracePart part, Sender sender, bool canWait)
    {
        if (!Write(record, part, sender))
            return true;

        bool counts = part.HasHead && record.TryCount();
        Activity? source = record.Root ?? (part.Count > 0 ? part.Spans[0] : null);
        SpoolEntry entry = new(
            record.Id, part.RequestId, part.HasHead, part.Count, part.Score is not null, counts,
            JsonText(source?.DisplayName), source?.StartTimeUtc ?? _time.GetUtcNow().UtcDateTime);
        string? problem = _spool!.Add(entry, sender.Body);
        if (problem is null)
        {
            Statistics.Spooled(counts, part.Count);
            record.Remove(part);
            return true;
        }

        if (problem == DropReasons.SpoolFailed && canWait)
        {
            if (counts)
                record.Uncount();
            _reporter.Report("spool", "The spool directory cannot be written to: what cannot be sent waits in memory.", record.Id, willRetry: true, spans: part.Count);
            return false;
        }

        _reporter.Report(
            problem,
            problem == DropReasons.SpoolFull
                ? $"The spool directory holds {_options.SpoolMaxBytes} bytes, as many as it may: new traces are dropped."
                : "The spool directory cannot be written to: traces are dropped.",
            record.Id, reason: problem, spans: part.Count);
        if (part.HasHead)
            record.DropReason = problem;
        if (counts)
            Statistics.TraceDropped(problem);
        if (part.Score is not null)
            Statistics.ScoreDropped(problem);
        Statistics.SpansDropped(part.Count, problem);
        record.Remove(part);
        return true;
    }

    private static string JsonText(string? name) => string.IsNullOrWhiteSpace(name) ? "trace" : Values.JsonText.Cut(name, FieldLimits.Name);

    private async Task ReplayAsync()
    {
        using RequestBody body = new();
        using SpoolReplay replay = new(_spool!, _gate, _client, _options, _time, Statistics, _reporter);
        try
        {
            while (!_aborting)
            {
                if (_spool!.Scan().Length > 0)
                    await replay.RunAsync(body, _abort.Token).ConfigureAwait(false);
                await _replayNow.WaitAsync(_abort.Token).ConfigureAwait(false);
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

    private static bool Wait(Task task, int timeoutMilliseconds, long start)
    {
        int left = timeoutMilliseconds == Timeout.Infinite
            ? Timeout.Infinite
            : (int)Math.Max(0, timeoutMilliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        try
        {
            return task.Wait(left);
        }
        catch (AggregateException)
        {
            return true;
        }
    }

    private static bool SpinUntil(Func<bool> condition, int timeoutMilliseconds, long start) =>
        SpinWait.SpinUntil(condition, timeoutMilliseconds == Timeout.Infinite ? Timeout.Infinite : (int)Math.Max(0, timeoutMilliseconds - Stopwatch.GetElapsedTime(start).TotalMilliseconds));

    private sealed class FlushMarker
    {
        private readonly TaskCompletionSource<Task> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IncludeOpen { get; init; }

        /// <summary>What was handed over before the marker, once the marker was reached.</summary>
        public Task<Task> Done => _done.Task;

        public void Reached(Task handedOver) => _done.TrySetResult(handedOver);
    }
}

using System.Threading.Channels;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Transport;

namespace PandaProbe.Export.Pipeline;

/// <summary>
/// The senders. Each takes a trace, sends its parts in order, and puts the trace back where a part has to wait. Once <c>abort</c> is
/// cancelled, what is left goes to disk, or is dropped and counted.
/// </summary>
internal sealed class SendingLoop : ISendQueue, IAsyncDisposable
{
    private const int SmallestBudget = 1024;

    private readonly ExportSettings _settings;
    private readonly PandaProbeExporterOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _random;
    private readonly ExportStatistics _statistics;
    private readonly ExportReporter _reporter;
    private readonly Settlement _settlement;
    private readonly SendGate _gate;
    private readonly BackendClient _client;
    private readonly Spool? _spool;
    private readonly FlushCoordinator _flushes;
    private readonly CancellationToken _abort;
    private readonly PartWriter _overflow;
    private readonly Channel<Departure> _ready = Channel.CreateUnbounded<Departure>();
    private Task[] _senders = [];
    private int _scheduled;

    public SendingLoop(
        ExportSettings settings, TimeProvider time, Func<double> random, ExportStatistics statistics, ExportReporter reporter,
        SendGate gate, BackendClient client,
        Spool? spool, FlushCoordinator flushes, CancellationToken abort)
    {
        _settings = settings;
        _options = settings.Options;
        _time = time;
        _random = random;
        _statistics = statistics;
        _reporter = reporter;
        _settlement = new(_options, settings.Scanner, statistics, reporter, spool, time);
        _gate = gate;
        _client = client;
        _spool = spool;
        _flushes = flushes;
        _abort = abort;
        _overflow = new(settings, _settlement);
    }

    /// <summary>Traces that wait to be sent, or are being sent.</summary>
    public int Length => Volatile.Read(ref _scheduled);

    public void Start() => _senders = [.. Enumerable.Range(0, _options.MaxConcurrentRequests).Select(_ => Task.Run(RunAsync))];

    /// <summary>Lets the senders end. Nothing may be handed over any more, and everything that was has left.</summary>
    public async ValueTask DisposeAsync()
    {
        _ready.Writer.Complete();
        await Task.WhenAll(_senders).ConfigureAwait(false);
        _overflow.Dispose();
    }

    // The last quarter of the memory is for what enters until a full queue has gone to disk, or was dropped.
    bool ISendQueue.IsFull(int waiting) =>
        waiting + Length >= _options.MaxQueueSize || _statistics.Memory.Bytes > _options.MaxMemoryBytes / 4 * 3;

    void ISendQueue.Overflow(TraceRecord record)
    {
        bool lost = !record.HeadMade && record.HeadDue;
        int spans = record.CollectedCount;

        // A record that a sender has already gets the new parts behind its others.
        if (!record.MakeParts(_settings.MaxContentLength, confirm: false))
            return;

        if (_spool is null)
            _settlement.QueueIsFull(record, spans);
        while (record.Next() is { } part)
        {
            if (_spool is null)
                _settlement.Drop(record, part, DropReasons.QueueFull);
            else if (_overflow.TryWrite(record, part))
                _settlement.TrySpool(record, part, _overflow.Body, canWait: false);
        }

        if (_spool is null && lost)
            record.DropReason = DropReasons.QueueFull;
    }

    void ISendQueue.Send(TraceRecord record, bool confirm)
    {
        if (!record.MakeParts(_settings.MaxContentLength, confirm))
            return;

        Interlocked.Increment(ref _scheduled);
        _ready.Writer.TryWrite(new(record, _flushes.Enter()));
    }

    private async Task RunAsync()
    {
        using PartWriter writer = new(_settings, _settlement);
        await foreach (Departure departure in _ready.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                if (await SendAsync(departure.Record, writer).ConfigureAwait(false) is { } delay)
                {
                    _ = ComeBackAsync(departure, delay);
                    continue;
                }
            }
            catch (Exception exception)
            {
                PandaProbeEventSource.Log.TelemetryFailed("send", exception);
                while (departure.Record.Next() is { } part)
                    _settlement.Drop(departure.Record, part, DropReasons.Unwritable);
            }

            Interlocked.Decrement(ref _scheduled);
            departure.Generation.Leave();
        }
    }

    private async Task ComeBackAsync(Departure departure, TimeSpan delay)
    {
        try
        {
            await _gate.WaitAsync(delay, _abort).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A sender takes it to disk, or drops it.
        }

        _ready.Writer.TryWrite(departure);
    }

    /// <summary>Sends all parts. When one has to wait, returns for how long.</summary>
    private async ValueTask<TimeSpan?> SendAsync(TraceRecord record, PartWriter writer)
    {
        while (record.Next() is { } part)
        {
            bool aborting = _abort.IsCancellationRequested;
            if (record.DropReason is { } gone)
            {
                _settlement.Drop(record, part, gone);
            }
            else if (aborting && _spool is null)
            {
                _settlement.Drop(record, part, DropReasons.Shutdown);
            }
            else if (_spool is null && _gate.UsedUp is { } answer)
            {
                _settlement.Reject(record, part, answer, answer.Reason!);
            }
            else if (!writer.TryWrite(record, part))
            {
                continue;
            }
            else if (_spool is not null && (aborting || _spool.HasBacklog || _gate.IsFailing)
                && _settlement.TrySpool(record, part, writer.Body, canWait: !aborting))
            {
                continue;
            }
            else if (await AttemptAsync(record, part, writer).ConfigureAwait(false) is { } delay)
            {
                return delay;
            }
        }

        return null;
    }

    private async ValueTask<TimeSpan?> AttemptAsync(TraceRecord record, TracePart part, PartWriter writer)
    {
        RequestKind kind = part.Score is not null ? RequestKind.Score : part.HasHead ? RequestKind.Trace : RequestKind.Spans;
        Answer answer;
        try
        {
            answer = await _client.SendAsync(kind, record.Id, part.RequestId, writer.Body, part.History.MayBeStored, _abort)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            part.History.MayBeStored = true;
            return null;
        }

        part.History.Add(answer.Kind, _statistics.Accepted, _time);
        part.History.MayBeStored |= answer.MayBeStored;
        RequestFacts facts = new(
            part.Score is not null, part.Count, part.ContentBudget > SmallestBudget, _spool is not null,
            part.History.Attempts, part.History.ServerErrors, part.History.MissingFor);
        var outcome = Outcome.Of(answer, facts, _random());
        if (outcome.Fate is not (Fate.Accept or Fate.Drop))
            _reporter.Retried(answer, record.Id, part.Count);

        switch (outcome.Fate)
        {
            case Fate.Accept:
                _settlement.Accept(record, part);
                break;
            case Fate.AddHead:
                part.HasHead = true;
                if (!record.HeadMade)
                    _statistics.TraceQueued();
                record.HeadMade = true;
                break;
            case Fate.Split:
                record.Split(part, part.Count / 2);
                break;
            case Fate.Shrink:
                part.ContentBudget = Math.Min(part.ContentBudget, (int)Math.Min(writer.Body.Length, int.MaxValue)) / 4;
                break;
            case Fate.Spool:
                return _settlement.TrySpool(record, part, writer.Body, canWait: true) ? null : outcome.Delay;
            case Fate.Drop:
                _settlement.Reject(record, part, answer, outcome.Reason!);
                break;
            case Fate.Later:
                return outcome.Delay;
        }

        return null;
    }
}

using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Scores;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Transport;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Pipeline;

/// <summary>
/// From ended spans to requests: an entrance that never blocks, one thread that assembles traces, several senders that write and send them,
/// and rounds that replay what is on disk.
/// </summary>
internal sealed class ExportPipeline : IAsyncDisposable
{
    private const int ReserveForDisk = 2000;
    private const int Reserve = 100;
    private static readonly TimeSpan Nudge = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _abort = new();
    private readonly ExportReporter _reporter;
    private readonly SendGate _gate;
    private readonly BackendClient _client;
    private readonly Spool? _spool;
    private readonly SpoolReplay? _replay;
    private readonly Entrance _entrance;
    private readonly AssemblingLoop _assembling;
    private readonly SendingLoop _sending;
    private readonly ITimer _timer;
    private readonly long _maxMemoryBytes;
    private long _reportedDrops;
    private int _shutDown;

    public ExportPipeline(ExportSettings settings, TimeProvider time, Func<double>? random)
    {
        PandaProbeExporterOptions options = settings.Options;
        random ??= Random.Shared.NextDouble;
        _time = time;
        _reporter = new(options, settings.Debug, Statistics, time);
        _gate = new(options, time, random);
        _client = new(options, time, _gate);
        _spool = Spool.TryOpen(options, time);
        _replay = _spool is null ? null : new(_spool, _gate, _client, options, time, random, Statistics, _reporter, _abort.Token);
        if (_spool is null)
            Statistics.Memory.AddLimit(options.MaxMemoryBytes);
        _maxMemoryBytes = options.MaxMemoryBytes;
        FlushCoordinator flushes = new();
        _sending = new(settings, time, random, Statistics, _reporter, _gate, _client, _spool, flushes, _abort.Token);
        _entrance = new(options, Statistics, spools: _spool is not null);
        _assembling = new(_entrance, new(settings, Statistics, time, _sending), flushes);

        // Nothing of the flow that builds the provider belongs to the exporter.
        using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
        _assembling.Start();
        _sending.Start();
        _timer = time.CreateTimer(_ => Tick(), null, options.FlushInterval, options.FlushInterval);
        _replay?.RunAsync();
    }

    public ExportStatistics Statistics { get; } = new(ProviderGroup.Current.Memory);

    public int QueueLength => _sending.Length;

    public long SpoolSize => _spool?.Size ?? 0;

    public bool IsFailing => _gate.IsFailing;

    public void Enter(Activity activity, bool isTrace) => _entrance.Enter(activity, isTrace);

    public void Enter(ScoreItem score) => _entrance.Enter(score);

    public bool Flush(int timeoutMilliseconds)
    {
        if (UserCode.IsRunning)
            return false;

        Deadline deadline = new(_time, timeoutMilliseconds);
        long reported = Volatile.Read(ref _reportedDrops);
        TaskCompletionSource<Task> marker = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _entrance.Enter(marker);
        _gate.Hurry();

        // Beside a shutdown the marker may be taken out before what came in after it has left.
        bool done = deadline.Wait(Task.WhenAny(marker.Task, _assembling.Ended).Unwrap().Unwrap()) && deadline.Wait(ReplayAsync());

        // Not everything has arrived: some may have been dropped since the flush before, be on disk, or wait for its trace.
        long dropped = Statistics.Dropped;
        for (long known = reported; known < dropped;)
        {
            // Another flush may have told of more.
            long found = Interlocked.CompareExchange(ref _reportedDrops, dropped, known);
            if (found == known)
                break;
            known = found;
        }

        return done && dropped == reported && _spool is not { IsEmpty: false } && !_assembling.HasOrphans;
    }

    /// <summary>Sends what there is until the time is up, less what it takes to bring the rest to disk, or to drop and count it.</summary>
    public bool Shutdown(int timeoutMilliseconds)
    {
        // A callback that waited for the export would keep the thread that called it from ending.
        if (UserCode.IsRunning)
        {
            using AsyncFlowControl flow = ExecutionContext.SuppressFlow();
            _ = Task.Run(() => Shutdown(timeoutMilliseconds));
            return false;
        }

        if (Interlocked.Exchange(ref _shutDown, 1) != 0)
            return true;

        int reserve = timeoutMilliseconds == Timeout.Infinite
            ? 0 : Math.Min(timeoutMilliseconds / 4, _spool is null ? Reserve : ReserveForDisk);
        Deadline deadline = new(_time, timeoutMilliseconds);
        Deadline sending = new(_time, timeoutMilliseconds - reserve);
        _entrance.Close();
        _timer.Dispose();
        _gate.Hurry();
        bool done = sending.Wait(_assembling.Ended.Unwrap()) && sending.Wait(ReplayAsync()) && _spool is not { IsEmpty: false };
        bool settled = deadline.Wait(DisposeAsync().AsTask());
        ReportLosses(settled);
        return done;
    }

    /// <summary>Ends whatever is still under way. <see cref="Shutdown"/> calls it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_spool is null)
            Statistics.Memory.RemoveLimit(_maxMemoryBytes);
        await _abort.CancelAsync().ConfigureAwait(false);
        await _assembling.Ended.Unwrap().ConfigureAwait(false);
        await _sending.DisposeAsync().ConfigureAwait(false);
        if (_replay is not null)
            await _replay.DisposeAsync().ConfigureAwait(false);
        _client.Dispose();
        _gate.Dispose();
        _abort.Dispose();
    }

    private void ReportLosses(bool settled)
    {
        // Where the time was too short to drop it, what is still there is lost too.
        (long traces, long spans, long scores) = Statistics.DroppedFor(DropReasons.Shutdown);
        traces += settled ? 0 : QueueLength;
        spans += settled ? 0 : Statistics.Held;
        if (traces + spans + scores == 0)
            return;

        _reporter.Report(
            DropReasons.Shutdown,
            $"{traces} traces, {spans} spans and {scores} scores could not be sent to PandaProbe before the end and are lost. Give the shutdown more time, or set SpoolDirectory to keep them for the next start.",
            reason: DropReasons.Shutdown, spans: (int)Math.Min(spans, int.MaxValue));
    }

    private void Tick()
    {
        _entrance.Wake(due: true);
        _replay?.RunAsync();
    }

    /// <summary>The backend may be back: what is on disk gets one chance.</summary>
    private async Task ReplayAsync()
    {
        // The round that is under way may have passed by what came last.
        for (int rounds = 0; rounds < 2 && _spool is { HasBacklog: true }; rounds++)
        {
            Task round = _replay!.RunAsync();
            do
            {
                _gate.Hurry();
            }
            while (await Task.WhenAny(round, Task.Delay(Nudge, _time)).ConfigureAwait(false) != round);

            if (_gate.IsFailing)
                return;
        }
    }
}

using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Transport;

/// <summary>
/// Lets requests through at the server's rate. While the backend is down, lets one request at a time try whether it is back, with growing
/// pauses.
/// </summary>
internal sealed class SendGate(PandaProbeExporterOptions options, TimeProvider time, Func<double> random) : IDisposable
{
    private const int FailuresThatCloseIt = 3;
    private static readonly TimeSpan UsedUpPause = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly SlidingWindow _traces = new(options.TracesPerMinute, time);
    private readonly SlidingWindow _others = new(options.OtherRequestsPerMinute, time);
    private readonly SemaphoreSlim _probe = new(1, 1);
    private TaskCompletionSource _hurry = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _pausedUntil;
    private int _failures;
    private volatile bool _failing;
    private volatile object? _usedUp;

    public bool IsFailing => _failing;

    /// <summary>The answer that said that the plan is used up, until it is time to ask again.</summary>
    public Answer? UsedUp => _usedUp is Answer answer && time.GetTimestamp() < Volatile.Read(ref _pausedUntil) ? answer : null;

    /// <summary>Waits until a request may go. Returns whether it is the one that tries.</summary>
    public async ValueTask<bool> EnterAsync(bool isTrace, CancellationToken abort)
    {
        bool probing = false;
        if (_failing)
        {
            await _probe.WaitAsync(abort).ConfigureAwait(false);
            probing = true;
        }

        try
        {
            while (_failing)
            {
                TimeSpan pause = time.GetElapsedTime(time.GetTimestamp(), Volatile.Read(ref _pausedUntil));
                if (pause <= TimeSpan.Zero)
                    break;
                if (!await WaitAsync(pause, abort).ConfigureAwait(false))
                    break;
            }

            SlidingWindow window = isTrace ? _traces : _others;
            while (window.TryTake() is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, time, abort).ConfigureAwait(false);
            return probing;
        }
        catch
        {
            if (probing)
                _probe.Release();
            throw;
        }
    }

    public void Leave(bool isTrace, bool probing, in Answer answer)
    {
        SlidingWindow window = isTrace ? _traces : _others;
        bool limited = answer.Kind == AnswerKind.Limited;
        window.Answered(limited, Sensible(answer.RetryAfter), limited ? Backoff.Delay(window.Refusals + 1, random()) : default);

        switch (answer)
        {
            case { Kind: AnswerKind.Unavailable or AnswerKind.Failed }:
                int failures = Interlocked.Increment(ref _failures);
                if (answer.Kind == AnswerKind.Unavailable || failures >= FailuresThatCloseIt)
                    Close(Sensible(answer.RetryAfter) ?? Backoff.Delay(failures, random()));
                break;
            case { Kind: AnswerKind.UsedUp }:
                _usedUp = answer;
                Close(UsedUpPause);
                break;
            case { Kind: AnswerKind.Missing, Status: >= 500 }:
                // A score that came before its trace: no sign of trouble, nor of the end of one.
                break;
            default:
                Volatile.Write(ref _failures, 0);
                _failing = false;
                _usedUp = null;
                break;
        }

        if (probing)
            _probe.Release();
    }

    /// <summary>Leaves without having sent anything.</summary>
    public void GiveBack(bool isTrace, bool probing)
    {
        (isTrace ? _traces : _others).GiveBack();
        if (probing)
            _probe.Release();
    }

    /// <summary>Waits for another attempt. False when somebody is in a hurry, and the attempt is to be made now.</summary>
    public async Task<bool> WaitAsync(TimeSpan delay, CancellationToken abort)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(abort);
        Task hurry = Volatile.Read(ref _hurry).Task;
        Task first = await Task.WhenAny(Task.Delay(delay, time, stop.Token), hurry).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        abort.ThrowIfCancellationRequested();
        return first != hurry;
    }

    /// <summary>Ends the pauses after failures, once. Those that the server asked for with a 429 stay.</summary>
    public void Hurry() =>
        Interlocked.Exchange(ref _hurry, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    public void Dispose() => _probe.Dispose();

    private void Close(TimeSpan pause)
    {
        Volatile.Write(ref _pausedUntil, time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency));
        _failing = true;
    }

    // Ignores a Retry-After of zero or in the past; obeying it would retry in a tight loop.
    private static TimeSpan? Sensible(TimeSpan? wait) =>
        wait is not { } asked || asked <= TimeSpan.Zero ? null : asked < LongestPause ? asked : LongestPause;
}

using System.Diagnostics;
using PandaProbe.Diagnostics;
using PandaProbe.Export.Outcomes;

namespace PandaProbe.Export.Otlp;

/// <summary>
/// Sends batches until the receiver has decided about each span: again after a failure that can pass, in halves when a batch is too large,
/// with shorter texts when one span is too large alone. The workers share one sender, so all of them wait when the receiver asks for it.
/// </summary>
internal sealed class OtlpSender(
    OtlpQueueSettings settings, OtlpReporter reporter, Action<int, string> drop, TimeProvider time, Func<double> random) : IDisposable
{
    /// <summary>A receiver that names a time may not stop the export for longer.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private const int MostPauses = 10;
    private const int SmallestSpanBytes = 16 * 1024;

    // Neither has a handle to dispose of, because nobody asks for one. A worker may still wait after the end.
    private readonly ManualResetEventSlim _stop = new();
    private readonly ManualResetEventSlim _abandon = new();
    private long _resumeAt;
    private long _deadline = long.MaxValue;

    public bool IsStopping => _stop.IsSet;

    /// <summary>Ends all waits. What fails later than <paramref name="timeoutMilliseconds"/> from now is dropped.</summary>
    public void Stop(int timeoutMilliseconds)
    {
        if (timeoutMilliseconds >= 0)
            Volatile.Write(ref _deadline, After(TimeSpan.FromMilliseconds(timeoutMilliseconds)));
        _stop.Set();
    }

    /// <summary>Ends all waits and attempts.</summary>
    public void Dispose()
    {
        _stop.Set();
        _abandon.Set();
    }

    /// <summary>Sends a batch. Returns when each of its spans has arrived or was dropped.</summary>
    public void Send(OtlpWorker worker, Activity[] batch)
    {
        Stack<Activity[]> parts = new([batch]);
        int? shortenTo = null;
        while (parts.TryPop(out Activity[]? part))
        {
            OtlpResponse response = Decide(worker, part, shortenTo);
            Answer answer = response.Answer;
            if (answer.Kind == AnswerKind.TooLarge && part.Length > 1)
            {
                parts.Push(part[(part.Length / 2)..]);
                parts.Push(part[..(part.Length / 2)]);
            }
            else if (answer is { Kind: AnswerKind.TooLarge, Reason: not DropReasons.Unwritable }
                && (shortenTo is null || shortenTo > SmallestSpanBytes))
            {
                reporter.Report(
                    "shortened",
                    $"{answer.Detail} It has one span, whose texts are shortened. Lower MaxContentLength to shorten at the start.");
                shortenTo = shortenTo is { } before ? Math.Max(before / 2, SmallestSpanBytes) : settings.MaxRequestBytes;
                parts.Push(part);
            }
            else
            {
                Finish(part, response);
                shortenTo = null;
            }
        }
    }

    private void Finish(Activity[] part, in OtlpResponse response)
    {
        Answer answer = response.Answer;
        if (answer.Kind != AnswerKind.Accepted)
        {
            // A failure that could pass has been said already.
            string reason = answer.Reason ?? DropReasons.ExportFailed;
            string what = answer.Reason is null ? "Spans could not be sent over OTLP in time." : answer.Detail!;
            reporter.Report(reason, $"{what} The spans are dropped and counted in pandaprobe.otlp.spans.dropped ({reason}).");
            drop(part.Length, reason);
            return;
        }

        int rejected = (int)Math.Min(response.Rejected, part.Length);
        if (rejected == 0)
            reporter.Recovered();
        else
            drop(rejected, DropReasons.Rejected);
        OtlpStatistics.Exported(part.Length - rejected);
        if (rejected > 0 || response.Message is not null)
        {
            reporter.Report(
                DropReasons.Rejected,
                $"The OTLP receiver took a request, but not {rejected} of its {part.Length} spans: \"{response.Message}\".");
        }
    }

    // Repeats what can pass.
    private OtlpResponse Decide(OtlpWorker worker, Activity[] part, int? shortenTo)
    {
        long start = time.GetTimestamp();
        TimeSpan paused = TimeSpan.Zero;
        for (int attempt = 1; ; attempt++)
        {
            paused += Pause();
            bool stopping = IsStopping;
            OtlpResponse response = Attempt(worker, part, shortenTo);
            Answer answer = response.Answer;
            if (answer.Kind is not (AnswerKind.Unavailable or AnswerKind.Limited))
                return response;

            reporter.Report(answer.Kind == AnswerKind.Limited ? "limited" : "unavailable", answer.Detail!);
            long retryAt = After(Backoff.Delay(attempt, random()) / 2);
            bool isNamed = answer.RetryAfter > TimeSpan.Zero && attempt <= MostPauses && settings.RetryFor > TimeSpan.Zero;
            if (isNamed)
                retryAt = Math.Max(retryAt, After(answer.RetryAfter < LongestPause ? answer.RetryAfter.Value : LongestPause));
            else if (time.GetElapsedTime(start, retryAt) - paused > settings.RetryFor)
                return response;

            if (retryAt > Volatile.Read(ref _deadline) || _abandon.IsSet)
                return response;

            OtlpStatistics.Retried();
            if (isNamed)
                Volatile.Write(ref _resumeAt, retryAt);

            // A shutdown ends the wait and has it tried at once; from then on the deadline above decides how often.
            if (stopping)
                _abandon.Wait(Until(retryAt));
            else if (!isNamed)
                _stop.Wait(Until(retryAt));
        }
    }

    // The receiver wants to be left alone by all workers.
    private TimeSpan Pause()
    {
        long start = time.GetTimestamp();
        TimeSpan rest = Until(Volatile.Read(ref _resumeAt));
        if (rest == TimeSpan.Zero)
            return rest;

        _stop.Wait(rest);
        return time.GetElapsedTime(start);
    }

    private OtlpResponse Attempt(OtlpWorker worker, Activity[] part, int? shortenTo)
    {
        try
        {
            // Only the receiver knows whether it takes one span that is larger than the bound.
            return worker.Export(part, part.Length > 1 ? settings.MaxRequestBytes : int.MaxValue, shortenTo);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.TelemetryFailed("OTLP export", exception);
            return new(new(AnswerKind.TooLarge, Reason: DropReasons.Unwritable, Detail: "A request could not be written."));
        }
    }

    private long After(TimeSpan wait) => time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);

    private TimeSpan Until(long timestamp)
    {
        long now = time.GetTimestamp();
        return timestamp > now ? time.GetElapsedTime(now, timestamp) : TimeSpan.Zero;
    }
}

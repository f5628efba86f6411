using System.Globalization;
using PandaProbe.Diagnostics;

namespace PandaProbe.Export.Outcomes;

/// <summary>
/// Tells people what goes wrong: each kind of trouble once in the log, again when it comes back after a success, but only every few
/// minutes, and every one to <see cref="PandaProbeExporterOptions.OnExportError"/>.
/// </summary>
internal sealed class ExportReporter(PandaProbeExporterOptions options, bool debug, ExportStatistics statistics, TimeProvider time)
{
    private const string Unavailable = "unavailable";

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Said> _said = new(StringComparer.Ordinal);
    private long _recoveries;

    public void Report(string kind, string message, Guid? traceId = null, int? status = null, bool willRetry = false, string? reason = null,
        int spans = 0, Exception? exception = null)
    {
        statistics.Failed(time.GetUtcNow(), message);
        int? since = TakeTurn(kind);
        if (debug || since is not null)
        {
            string line = willRetry ? message + " It will be tried again." : message;
            PandaProbeEventSource.Log.ExportProblem(
                since is > 0 ? string.Create(CultureInfo.InvariantCulture, $"{line} ({since} more since the message before.)") : line);
        }

        try
        {
            using (UserCode.Enter())
            {
                options.OnExportError?.Invoke(new()
                {
                    Message = message,
                    TraceId = traceId,
                    StatusCode = status,
                    WillRetry = willRetry,
                    DropReason = reason,
                    Spans = spans,
                    Exception = exception,
                });
            }
        }
        catch (Exception callback)
        {
            PandaProbeEventSource.Log.UserCodeFailed("OnExportError", callback);
        }
    }

    /// <summary>Counts an attempt that will be repeated, and tells people where the answer is a sign of trouble.</summary>
    public void Retried(in Answer answer, Guid traceId, int spans)
    {
        statistics.Retried();
        string? kind = answer.Kind switch
        {
            AnswerKind.Unavailable or AnswerKind.Failed => Unavailable,
            AnswerKind.Limited => "limited",
            AnswerKind.Misconfigured or AnswerKind.UsedUp => answer.Reason!,
            _ => null,
        };
        if (kind is not null)
            Report(kind, answer.Detail!, traceId, answer.Status, willRetry: true, spans: spans, exception: answer.Exception);
    }

    /// <summary>Trouble that is over may be said again when it comes back.</summary>
    public void Recovered() => Interlocked.Increment(ref _recoveries);

    /// <summary>How many of the kind came since the last message, when it is time for a message.</summary>
    private int? TakeTurn(string kind)
    {
        long recoveries = Interlocked.Read(ref _recoveries);
        lock (_said)
        {
            if (!_said.TryGetValue(kind, out Said said))
            {
                _said[kind] = new(time.GetTimestamp(), recoveries, 0);
                return 0;
            }

            if (said.Recoveries == recoveries || time.GetElapsedTime(said.At) < Pause)
            {
                _said[kind] = said with { Since = said.Since + 1 };
                return null;
            }

            _said[kind] = new(time.GetTimestamp(), recoveries, 0);
            return said.Since;
        }
    }

    private readonly record struct Said(long At, long Recoveries, int Since);
}

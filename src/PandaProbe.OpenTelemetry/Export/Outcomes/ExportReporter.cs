using System.Collections.Concurrent;
using PandaProbe.Diagnostics;

namespace PandaProbe.Export.Outcomes;

/// <summary>Tells people what goes wrong: each kind of trouble once in the log, every one to <see cref="PandaProbeExporterOptions.OnExportError"/>.</summary>
internal sealed class ExportReporter(PandaProbeExporterOptions options, bool debug, ExportStatistics statistics, TimeProvider time)
{
    private const string Unavailable = "unavailable";

    private readonly ConcurrentDictionary<string, bool> _said = new(StringComparer.Ordinal);

    public void Report(string kind, string message, Guid? traceId = null, int? status = null, bool willRetry = false, string? reason = null, int spans = 0, Exception? exception = null)
    {
        statistics.Failed(time.GetUtcNow(), message);
        if (debug || _said.TryAdd(kind, true))
            PandaProbeEventSource.Log.ExportProblem(willRetry ? message + " It will be tried again." : message);

        try
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
        catch (Exception callback)
        {
            PandaProbeEventSource.Log.TelemetryFailed("OnExportError", callback);
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
    public void Recovered() => _said.TryRemove(Unavailable, out _);
}

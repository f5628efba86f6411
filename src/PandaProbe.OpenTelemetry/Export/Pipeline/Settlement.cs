using System.Diagnostics;
using PandaProbe.Conventions;
using PandaProbe.Export.Assembling;
using PandaProbe.Export.Outcomes;
using PandaProbe.Export.Spooling;
using PandaProbe.Export.Writing;
using PandaProbe.Processing;
using PandaProbe.Values;

namespace PandaProbe.Export.Pipeline;

/// <summary>Takes a part out of its record as exported, on disk or dropped, counts it once, and tells people what was dropped.</summary>
internal sealed class Settlement(
    PandaProbeExporterOptions options, FieldScanners? scanner, ExportStatistics statistics, ExportReporter reporter, Spool? spool,
        TimeProvider time)
{
    public void Accept(TraceRecord record, TracePart part)
    {
        statistics.Succeeded(time.GetUtcNow());
        reporter.Recovered();
        if (part.Score is not null)
            statistics.ScoreExported();
        if (part.HasHead && record.TryCount())
            statistics.TraceExported();
        if (part.Count > 0)
            statistics.SpansExported(part.Count);
        record.Remove(part);
    }

    public void Drop(TraceRecord record, TracePart part, string reason)
    {
        if (part.HasHead && record.TryCount())
        {
            record.DropReason ??= reason;
            statistics.TraceDropped(reason);
        }

        if (part.Score is not null)
            statistics.ScoreDropped(reason);
        statistics.SpansDropped(part.Count, reason);
        record.Remove(part);
    }

    /// <summary>Drops what the server refuses. Without its head, nothing more of the trace is sent.</summary>
    public void Reject(TraceRecord record, TracePart part, in Answer answer, string reason)
    {
        reporter.Report(reason, answer.Detail!, record.Id, answer.Status, reason: reason, spans: part.Count, exception: answer.Exception);
        if (part.HasHead)
            record.DropReason = reason;
        Drop(record, part, reason);
    }

    public void Unwritable(TraceRecord record, TracePart part, Exception exception)
    {
        reporter.Report(
            DropReasons.Unwritable, "A trace could not be written and was dropped.", record.Id, reason: DropReasons.Unwritable,
            spans: part.Count, exception: exception);
        Drop(record, part, DropReasons.Unwritable);
    }

    public void QueueIsFull(TraceRecord record, int spans) => reporter.Report(
        DropReasons.QueueFull,
        $"The queue to PandaProbe is full ({options.MaxQueueSize} traces or {options.MaxMemoryBytes} bytes): new traces are dropped. Raise MaxQueueSize or MaxMemoryBytes, or set SpoolDirectory to keep them on disk.",
        record.Id, reason: DropReasons.QueueFull, spans: spans);

    /// <summary>
    /// Takes a part to disk, or drops it where the disk is full. False when the disk cannot be written to, and the part can wait in memory.
    /// </summary>
    public bool TrySpool(TraceRecord record, TracePart part, RequestBody body, bool canWait)
    {
        Activity? source = record.Root ?? (part.Count > 0 ? part.Spans[0].Activity : null);
        bool counts = part.HasHead && record.TryCount();
        SpoolEntry entry = new(
            record.Id, part.RequestId, part.HasHead, part.Count, part.Score is not null, counts,
            part.History.MayBeStored, part.IsAhead, NameOf(source), source?.StartTimeUtc ?? time.GetUtcNow().UtcDateTime);
        string? problem = spool!.Add(entry, body);
        if (problem is null)
        {
            statistics.Spooled(counts, part.Count);
            record.Remove(part);
            return true;
        }

        if (counts)
            record.Uncount();
        if (problem == DropReasons.SpoolFailed && canWait)
        {
            reporter.Report("spool", "The spool directory cannot be written to: what cannot be sent waits in memory.", record.Id,
                willRetry: true, spans: part.Count);
            return false;
        }

        Reject(record, part, new(AnswerKind.Rejected, Detail: problem == DropReasons.SpoolFull
            ? $"The spool directory holds {options.SpoolMaxBytes} bytes, as many as it may: new traces are dropped."
            : "The spool directory cannot be written to: traces are dropped."), problem);
        return true;
    }

    // A file of the spool contains the name beside the body, which is masked already.
    private string NameOf(Activity? source) =>
        string.IsNullOrWhiteSpace(source?.DisplayName)
            ? "trace"
            : JsonText.Cut(new TextMasking(scanner, SafetyFields.KindOf(source)).Name(source.DisplayName), FieldLimits.Name);
}

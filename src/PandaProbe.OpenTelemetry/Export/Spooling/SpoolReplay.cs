using System.Text.Json;
using PandaProbe.Content;
using PandaProbe.Export.Sending;
using PandaProbe.Export.Writing;
using PandaProbe.Values;

namespace PandaProbe.Export.Spooling;

/// <summary>Sends what is on disk, oldest first, as long as the backend takes it and no other process is at it.</summary>
internal sealed class SpoolReplay(
    Spool spool, SendGate gate, BackendClient client, PandaProbeOptions options, TimeProvider time, ExportStatistics statistics, ExportReporter reporter)
    : IDisposable
{
    private const int PoisonAfter = 5;
    private static readonly TimeSpan MissingPatience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly RequestBody _other = new();
    private readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);

    // Done with, but still there: the disk has become read-only, or the directory has another owner.
    private readonly HashSet<string> _undeleted = new(StringComparer.Ordinal);

    public async Task RunAsync(RequestBody body, CancellationToken abort)
    {
        using IDisposable? right = spool.TryLock();
        if (right is null)
            return;

        // What is added meanwhile is found by looking again.
        for (FileInfo[] files = spool.Scan(); files.Length > 0; files = spool.Scan())
        {
            bool any = false;
            foreach (FileInfo file in files)
            {
                if (_undeleted.Contains(file.Name))
                    spool.Delete(file);
                else if (!await ReplayAsync(file, body, abort).ConfigureAwait(false))
                    return;
                any |= !File.Exists(file.FullName);
            }

            if (!any)
                return;
        }
    }

    /// <summary>False when it is better to come back later.</summary>
    private async Task<bool> ReplayAsync(FileInfo file, RequestBody body, CancellationToken abort)
    {
        SpoolEntry? entry = spool.Read(file, body);
        if (entry is null)
            return true;

        if (spool.IsTooOld(file))
        {
            Lose(file, entry, DropReasons.Expired, $"Spooled traces are older than {options.SpoolMaxAge} and were dropped.");
            return true;
        }

        long? missingSince = null;
        for (int attempt = 1; ; attempt++)
        {
            bool probing = await gate.EnterAsync(entry.HasHead, abort).ConfigureAwait(false);
            RequestBody payload = body;
            if (options.CompressRequests)
            {
                _other.Clear();
                Compressor.Compress(body, _other);
                payload = _other;
            }

            string path = entry.IsScore ? BackendClient.ScoresPath : entry.HasHead ? BackendClient.TracesPath : BackendClient.SpansPath(entry.TraceId);
            Answer answer;
            try
            {
                answer = await client.PostAsync(path, payload, options.CompressRequests, entry.RequestId, abort).ConfigureAwait(false);
                gate.Leave(entry.HasHead, probing, answer);
            }
            catch (OperationCanceledException)
            {
                gate.GiveBack(entry.HasHead, probing);
                throw;
            }

            switch (answer.Kind)
            {
                case AnswerKind.Accepted:
                    statistics.Succeeded(time.GetUtcNow());
                    statistics.Replayed(entry.CountsAsTrace, entry.Spans, entry.IsScore);
                    reporter.Recovered("unavailable");
                    Delete(file);
                    return true;

                case AnswerKind.Limited:
                    statistics.Retried();
                    continue;

                // Its trace may be in a later file: the others go first.
                case AnswerKind.Missing when entry.IsScore && IsNew(file):
                    statistics.Retried();
                    return true;

                case AnswerKind.Missing when !entry.IsScore && (missingSince is null || time.GetElapsedTime(missingSince.Value) < MissingPatience):
                    missingSince ??= time.GetTimestamp();
                    statistics.Retried();
                    await gate.WaitAsync(Backoff.Delay(attempt, 0.5) / 4, abort).ConfigureAwait(false);
                    continue;

                case AnswerKind.Missing when !entry.IsScore:
                    entry = entry with { HasHead = true };
                    Wrap(entry, body);
                    continue;

                case AnswerKind.TooLarge when entry.Spans > 1:
                    if (Halve(file, entry, body) is not var (first, second))
                        goto default;

                    statistics.Retried();
                    Delete(file);
                    return await ReplayAsync(first, body, abort).ConfigureAwait(false)
                        && await ReplayAsync(second, body, abort).ConfigureAwait(false);

                case AnswerKind.TooLarge when !entry.IsScore && LargeBody.TryShorten(body):
                    statistics.Retried();
                    continue;

                case AnswerKind.Failed:
                    int failures = _failures[file.Name] = _failures.GetValueOrDefault(file.Name) + 1;
                    if (failures <= PoisonAfter)
                    {
                        statistics.Retried();
                        reporter.Report("unavailable", answer.Detail!, entry.TraceId, answer.Status, willRetry: true, spans: entry.Spans);
                        return false;
                    }

                    spool.SetAside(file);
                    statistics.Lost(entry.CountsAsTrace, entry.Spans, entry.IsScore, DropReasons.ServerError);
                    return true;

                case AnswerKind.Unavailable:
                    statistics.Retried();
                    reporter.Report("unavailable", answer.Detail!, entry.TraceId, answer.Status, willRetry: true, spans: entry.Spans, exception: answer.Exception);
                    continue;

                default:
                    Lose(file, entry, answer.Reason ?? DropReasons.Refused, answer.Detail!);
                    return true;
            }
        }
    }

    public void Dispose() => _other.Dispose();

    /// <summary>Two files in place of one. Null when they cannot be had.</summary>
    private (FileInfo First, FileInfo Second)? Halve(FileInfo file, SpoolEntry entry, RequestBody body)
    {
        int kept = entry.Spans / 2;
        _other.Clear();
        if (!LargeBody.TryTakeSpans(body, kept, _other)
            || spool.AddPiece(file, 0, entry with { Spans = kept }, body) is not { } first)
            return null;

        SpoolEntry rest = entry with { HasHead = false, CountsAsTrace = false, Spans = entry.Spans - kept, RequestId = Guid.NewGuid() };
        if (spool.AddPiece(file, 1, rest, _other) is { } second)
            return (first, second);

        spool.Delete(first);
        return null;
    }

    private bool IsNew(FileInfo score)
    {
        if (_missing.TryAdd(score.Name, time.GetTimestamp()))
            return true;
        return time.GetElapsedTime(_missing[score.Name]) < MissingPatience;
    }

    private void Delete(FileInfo file)
    {
        _missing.Remove(file.Name);
        if (!spool.Delete(file))
            _undeleted.Add(file.Name);
    }

    private void Lose(FileInfo file, SpoolEntry entry, string reason, string message)
    {
        reporter.Report(reason, message, entry.TraceId, reason: reason, spans: entry.Spans);
        Delete(file);
        statistics.Lost(entry.CountsAsTrace, entry.Spans, entry.IsScore, reason);
    }

    /// <summary>Spans whose trace nobody has sent become one, with as much of it as the file knows.</summary>
    private static void Wrap(SpoolEntry entry, RequestBody body)
    {
        byte[] spans = body.ToArray();
        body.Clear();
        using Utf8JsonWriter json = new(body, JsonValue.WriterOptions);
        json.WriteStartObject();
        json.WriteString("trace_id"u8, entry.TraceId);
        json.WriteString("name"u8, entry.Name);
        json.WriteString("status"u8, "RUNNING"u8);
        json.WriteString("started_at"u8, DateTime.SpecifyKind(entry.StartedAt, DateTimeKind.Utc));
        json.WritePropertyName("spans"u8);
        json.WriteRawValue(spans, skipInputValidation: true);
        json.WriteEndObject();
    }
}

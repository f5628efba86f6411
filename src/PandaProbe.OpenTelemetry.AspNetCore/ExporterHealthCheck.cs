using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PandaProbe.AspNetCore;

/// <summary>Turns the health of the exporters of the process into the result of a health check.</summary>
internal sealed class ExporterHealthCheck : IHealthCheck
{
    private long _droppedBefore;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<PandaProbeExporterHealth> exporters = Probe.ExporterHealth;
        bool isFailing = exporters.Any(exporter => exporter.IsFailing);
        long dropped = exporters.Sum(exporter => exporter.TracesDropped + exporter.SpansDropped + exporter.ScoresDropped);

        // Disposing an exporter removes its counts from the sum, so a lower sum is not a drop.
        long newlyDropped = dropped - Interlocked.Exchange(ref _droppedBefore, dropped);

        HealthCheckResult result = isFailing || newlyDropped > 0
            ? new(context.Registration.FailureStatus, Describe(exporters, isFailing, newlyDropped), data: Numbers(exporters))
            : HealthCheckResult.Healthy(
                exporters.Count == 0 ? "Nothing is exported to PandaProbe." : "Everything is exported to PandaProbe.", Numbers(exporters));
        return Task.FromResult(result);
    }

    private static string Describe(IReadOnlyList<PandaProbeExporterHealth> exporters, bool isFailing, long newlyDropped)
    {
        string? error = exporters.OrderByDescending(exporter => exporter.LastErrorAt).FirstOrDefault()?.LastError;
        string dropped = string.Create(
            CultureInfo.InvariantCulture, $"{newlyDropped} items (traces, spans, scores) were dropped since the check before.");
        return (isFailing, newlyDropped > 0) switch
        {
            (true, true) => $"PandaProbe does not accept the latest request: {error} {dropped}",
            (true, false) => $"PandaProbe does not accept the latest request: {error}",
            _ => $"{dropped} {error}",
        };
    }

    private static Dictionary<string, object> Numbers(IReadOnlyList<PandaProbeExporterHealth> exporters)
    {
        Dictionary<string, object> numbers = new()
        {
            ["exporters"] = exporters.Count,
            ["queue_length"] = exporters.Sum(exporter => exporter.QueueLength),
            ["spans_held"] = exporters.Sum(exporter => exporter.SpansHeld),
            ["spool_size"] = exporters.Sum(exporter => exporter.SpoolSize),
            ["traces_queued"] = exporters.Sum(exporter => exporter.TracesQueued),
            ["traces_exported"] = exporters.Sum(exporter => exporter.TracesExported),
            ["traces_dropped"] = exporters.Sum(exporter => exporter.TracesDropped),
            ["traces_spooled"] = exporters.Sum(exporter => exporter.TracesSpooled),
            ["spans_queued"] = exporters.Sum(exporter => exporter.SpansQueued),
            ["spans_exported"] = exporters.Sum(exporter => exporter.SpansExported),
            ["spans_dropped"] = exporters.Sum(exporter => exporter.SpansDropped),
            ["spans_spooled"] = exporters.Sum(exporter => exporter.SpansSpooled),
            ["scores_queued"] = exporters.Sum(exporter => exporter.ScoresQueued),
            ["scores_exported"] = exporters.Sum(exporter => exporter.ScoresExported),
            ["scores_dropped"] = exporters.Sum(exporter => exporter.ScoresDropped),
            ["retries"] = exporters.Sum(exporter => exporter.Retries),
        };

        if (exporters.Max(exporter => exporter.LastSuccess) is { } lastSuccess)
            numbers["last_success"] = lastSuccess;
        foreach ((string? reason, long count) in exporters.SelectMany(exporter => exporter.DroppedByReason))
            numbers[$"dropped.{reason}"] = count + (numbers.TryGetValue($"dropped.{reason}", out object? sum) ? (long)sum : 0);
        return numbers;
    }
}

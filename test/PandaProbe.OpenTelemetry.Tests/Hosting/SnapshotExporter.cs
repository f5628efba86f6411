using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace PandaProbe.Hosting;

/// <summary>Remembers spans as they were at the moment of their export.</summary>
internal sealed class SnapshotExporter : BaseExporter<Activity>
{
    private readonly ConcurrentQueue<(string Name, Dictionary<string, string?> Tags)> _exported = new();

    public IReadOnlyList<Dictionary<string, string?>> Named(string name) =>
        [.. _exported.Where(span => span.Name == name).Select(span => span.Tags)];

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (Activity span in batch)
        {
            _exported.Enqueue((span.DisplayName,
                span.TagObjects.ToDictionary(tag => tag.Key, tag => Convert.ToString(tag.Value, CultureInfo.InvariantCulture))));
        }

        return ExportResult.Success;
    }
}

using System.Diagnostics;
using OpenTelemetry.Resources;
using PandaProbe.Conventions;
using PandaProbe.Diagnostics;
using PandaProbe.Runtime;

namespace PandaProbe.Export.Assembling;

/// <summary>What the exporter takes from the options and the resource.</summary>
internal sealed class ExportSettings(PandaProbeOptions options, Func<Resource?> resource)
{
    // The resource is only there once the provider is built, which the exporter is a part of.
    private readonly Lazy<(string? Environment, string? Release)> _resource = new(() =>
    {
        Resource? known = resource();
        return (Find(known, "deployment.environment.name") ?? Find(known, "deployment.environment"), Find(known, "service.version"));
    });

    // The threads of the export belong to no group.
    private readonly ProviderGroup _group = ProviderGroup.Current;

    public PandaProbeExporterOptions Options => options.PandaProbe;

    public FieldScanners? Scanner { get; } = options.Scanner;

    public ContentPolicy Content => _group.Settings.Content;

    public bool Debug => options.Debug;

    public int MaxContentLength => options.MaxContentLength;

    public string? Environment => Options.Environment ?? _resource.Value.Environment;

    public string? Release => Options.Release ?? _resource.Value.Release;

    /// <summary>
    /// Before the user's filter: cheap enough for the thread that ends the span. A sampler or a processor that wants a span measured and
    /// not exported takes its flag away.
    /// </summary>
    public bool IsCandidate(Activity span) =>
        span.Recorded && (AISpans.Contains(span) || (Options.IncludeNonAISpans && span.GetTagItem(Scores.ScoreEvent.TraceId) is null));

    public bool PassesFilter(Activity span)
    {
        if (Options.SpanFilter is not { } filter)
            return true;

        try
        {
            using (UserCode.Enter())
                return filter(span);
        }
        catch (Exception exception)
        {
            PandaProbeEventSource.Log.UserCodeFailed("span filter", exception);
            return true;
        }
    }

    private static string? Find(Resource? resource, string name)
    {
        if (resource is null)
            return null;

        foreach ((string? key, object? value) in resource.Attributes)
        {
            if (key == name)
                return value.ToString();
        }

        return null;
    }
}

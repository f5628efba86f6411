using System.Diagnostics.Metrics;
using PandaProbe.Conventions;
using PandaProbe.Safety;

namespace PandaProbe.Inspection;

/// <summary>The metrics of what spans show. An attempt that a conversation repeats with each call counts once.</summary>
internal static class InspectionCounters
{
    private static readonly Counter<long> Injections = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.safety.injections", "{attempt}", "Texts from outside that try to give a model orders, by rule.");

    private static readonly Counter<long> Structures = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.safety.structures", "{finding}", "What only several spans show, by finding: leak, followed, shared.");

    private static readonly Counter<long> Verdicts = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.safety.verdicts", "{text}", "Texts that the classifier was asked about, by outcome.");

    private static readonly Counter<long> Skipped = Instruments.Exporter.CreateCounter<long>(
        "pandaprobe.safety.spans.skipped", "{span}", "Spans that were not looked at because too many waited.");

    public static void Count(InjectionScore score)
    {
        if (!score.IsAttempt)
            return;

        foreach (string rule in score.Rules)
            Injections.Add(1, new KeyValuePair<string, object?>("rule", rule));
    }

    public static void Structure(string finding, string kind) =>
        Structures.Add(1, new("finding", finding), new("kind", kind));

    /// <param name="outcome"><c>on_span</c>, <c>late</c>, or why there is no verdict.</param>
    public static void Verdict(string outcome) => Verdicts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public static void Skip() => Skipped.Add(1);
}

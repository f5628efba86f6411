using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PandaProbe.Runtime;

namespace PandaProbe.Conventions;

[Collection(LastCollection.Name)]
public sealed class WholeRunTests
{
    [Fact]
    public void No_span_and_no_measurement_of_these_tests_breaks_a_convention()
    {
        // Shows that spans and measurements are seen, whichever tests ran before.
        Activity span;
        using (ProviderGroup.KeepApart())
        using (Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None).Build())
        using (SpanScope last = Probe.StartLlmSpan("gpt-4o"))
        {
            last.SetTokenUsage(promptTokens: 1);
            span = last.Activity!;
        }

        WholeRun.Spans.ShouldContain(span);
        WholeRun.Measurements.ShouldBeGreaterThan(0);
        Console.WriteLine($"{WholeRun.Spans.Count} spans and {WholeRun.Measurements} measurements were compared with the conventions.");

        ConventionsChecker.CheckAll(WholeRun.Spans).Concat(WholeRun.FaultsOfMeasurements).Order(StringComparer.Ordinal).ShouldBeEmpty();
    }
}

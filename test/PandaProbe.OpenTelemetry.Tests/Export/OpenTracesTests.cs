using System.Diagnostics;

namespace PandaProbe.Tests.Export;

// Alone: every provider of the process sees each of them.
public sealed class OpenTracesTests
{
    [Fact]
    public void A_hundred_thousand_open_traces_hold_no_more_than_the_bound_when_nothing_can_be_sent()
    {
        using Exporting export = new(new Uri("http://127.0.0.1:1"), options => options.MaxSpanCount = 1000);

        const int Count = 100_000;
        for (int i = 0; i < Count; i++)
        {
            Activity.Current = null;
            using (Probe.StartTrace("trace").StartSpan("span"))
            {
            }
        }

        Activity.Current = null;
        Exporting.Eventually(() => export.Health is { SpansQueued: Count, SpansHeld: <= 1000 }, "what has ended is seen to");
        export.Health.SpansDropped.ShouldBeGreaterThanOrEqualTo(Count - 1000);

        // Nobody answers: the provider's end would wait.
        export.Exporter.Shutdown(0);
    }
}

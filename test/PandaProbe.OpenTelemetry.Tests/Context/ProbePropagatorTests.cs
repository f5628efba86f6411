using System.Diagnostics;
using PandaProbe.Context;

namespace PandaProbe.Tests.Context;

public sealed class ProbePropagatorTests
{
    [Fact]
    public void What_came_in_does_not_become_baggage_of_the_activity_and_others_entries_do()
    {
        ProbePropagator propagator = new(DistributedContextPropagator.CreateDefaultPropagator(), new());

        propagator.ExtractBaggage(null, Read).ShouldNotBeNull().ShouldBe([new("tenant", "a")]);

        static void Read(object? carrier, string name, out string? value, out IEnumerable<string>? values)
        {
            value = name == "baggage" ? "pandaprobe.session=s, tenant=a, PandaProbe.User=u" : null;
            values = null;
        }
    }
}

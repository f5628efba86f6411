using System.Collections.Concurrent;
using System.Diagnostics;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

// Alone: whoever listens to the client's calls hears those of every test.
public sealed class OwnCallsTests
{
    [Fact]
    public async Task The_exporters_own_calls_are_never_traced()
    {
        ConcurrentQueue<Activity> seen = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source =>
                source.Name.StartsWith("System.Net.Http", StringComparison.Ordinal)
                    || source.Name.StartsWith("Experimental.System.Net", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = seen.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using Backend backend = await Backend.StartAsync();
        using (HttpClient client = new())
            (await client.GetAsync(new Uri(backend.Address, "by-hand"))).Dispose();
        using Exporting export = new(backend);
        for (int i = 0; i < 3; i++)
            Probe.StartTrace("trace").Dispose();

        export.Flush().ShouldBeTrue();
        backend.Traces.Count.ShouldBe(3);

        // The client says where it calls since .NET 9.
        if (Environment.Version.Major >= 9)
        {
            Calls().ShouldContain(
                call => call.EndsWith("/by-hand", StringComparison.Ordinal), "the listener hears what is not the exporter's");
        }

        Calls().ShouldNotContain(call => call.EndsWith("/traces", StringComparison.Ordinal));

        string[] Calls() =>
            [.. seen.Select(activity => activity.GetTagItem("url.full") as string).OfType<string>()
                .Where(call => call.StartsWith(backend.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal))];
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace PandaProbe.AspNetCore;

[Collection(RecordedSpans.Tests)]
public sealed class EndingTests
{
    [Theory]
    [InlineData(ProbeExport.Otlp)]
    [InlineData(ProbeExport.PandaProbe)]
    public async Task A_web_application_whose_receiver_is_down_ends_within_the_time_for_it(ProbeExport export)
    {
        await using WebServer server = await WebServer.Start(
            app => app.MapGet("/ask", () => Probe.StartTrace("answer").Dispose()),
            services => services.AddPandaProbe(options =>
            {
                options.Export = export;
                (options.PandaProbe.ApiKey, options.PandaProbe.ProjectName) = ("key", "project");
                options.PandaProbe.Endpoint = new("http://127.0.0.1:1");
                options.Otlp.Configure = otlp => otlp.Endpoint = new("http://127.0.0.1:1");
                options.ShutdownTimeout = TimeSpan.FromSeconds(2);
            }));
        (await server.Client.GetAsync("/ask")).EnsureSuccessStatusCode();

        long start = Stopwatch.GetTimestamp();
        await server.EndAsync();

        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(4.5));
    }
}

using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Trace;

namespace PandaProbe.AspNetCore;

[Collection(RecordedSpans.Tests)]
public sealed class HealthCheckTests
{
    [Fact]
    public async Task It_is_degraded_while_PandaProbe_cannot_be_reached_and_once_after_a_drop()
    {
        Answers answers = new();
        ServiceCollection services = new();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddHealthChecks().AddPandaProbe(tags: ["telemetry"]);
        services.AddPandaProbe(options =>
        {
            options.PandaProbe.ApiKey = "key";
            options.PandaProbe.ProjectName = "project";
            options.PandaProbe.Endpoint = new Uri("http://127.0.0.1:1");
            options.PandaProbe.HttpMessageHandler = answers;
            options.PandaProbe.FlushInterval = TimeSpan.FromMilliseconds(50);
            options.PandaProbe.TracesPerMinute = null;
        });
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthCheckService checks = provider.GetRequiredService<HealthCheckService>();

        HealthReportEntry nothing = await CheckAsync(checks);
        (nothing.Status, nothing.Description).ShouldBe((HealthStatus.Healthy, "Nothing is exported to PandaProbe."));
        nothing.Tags.ShouldBe(["telemetry"]);

        provider.GetRequiredService<TracerProvider>();
        Probe.StartTrace("taken").Dispose();
        Probe.Flush().ShouldBeTrue();
        HealthReportEntry exported = await CheckAsync(checks);
        exported.Status.ShouldBe(HealthStatus.Healthy);
        ((long)exported.Data["traces_exported"]).ShouldBeGreaterThan(0);
        exported.Data["last_success"].ShouldBeOfType<DateTimeOffset>();

        answers.Status = null;
        Probe.StartTrace("kept").Dispose();
        await Eventually(async () => (await CheckAsync(checks)).Status == HealthStatus.Degraded);
        (await CheckAsync(checks)).Description!.ShouldStartWith("PandaProbe does not accept the latest request: ");
        answers.Status = HttpStatusCode.Accepted;
        await Eventually(async () => (await CheckAsync(checks)).Status == HealthStatus.Healthy);

        answers.Status = HttpStatusCode.UnprocessableEntity;
        Probe.StartTrace("refused").Dispose();
        Probe.Flush();
        HealthReportEntry dropped = await CheckAsync(checks);
        dropped.Status.ShouldBe(HealthStatus.Degraded);
        dropped.Description!.ShouldContain("were dropped since the check before.");
        dropped.Data.Keys.ShouldContain(key => key.StartsWith("dropped.traces."));
        answers.Status = HttpStatusCode.Accepted;
        await Eventually(async () => (await CheckAsync(checks)).Status == HealthStatus.Healthy);
    }

    private static async Task<HealthReportEntry> CheckAsync(HealthCheckService checks) =>
        (await checks.CheckHealthAsync()).Entries["pandaprobe"];

    /// <summary>Polls, with a bound.</summary>
    private static async Task Eventually(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 2000; i++)
        {
            if (await condition())
                return;

            await Task.Delay(10);
        }

        throw new ShouldAssertException("It did not come true in time.");
    }

    /// <summary>Answers every request with one status; without one it cannot be reached.</summary>
    private sealed class Answers : HttpMessageHandler
    {
        public HttpStatusCode? Status { get; set; } = HttpStatusCode.Accepted;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Status is { } status
            ? Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent("{}") })
            : Task.FromException<HttpResponseMessage>(new HttpRequestException("Connection refused"));
    }
}

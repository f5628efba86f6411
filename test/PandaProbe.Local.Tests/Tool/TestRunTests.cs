using System.Net;
using System.Text.Json;
using PandaProbe.Testing;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>A run of tests with the package for tests of agents is a run in the real viewer.</summary>
public sealed class TestRunTests(SharedTool shared) : IClassFixture<SharedTool>
{
    [Fact]
    public async Task The_link_of_a_failure_opens_its_trace_and_the_run_is_listed()
    {
        RunningTool tool = shared.Tool;
        string message;
        using (var capture = ProbeCapture.Start(options => options.ViewerDirectory = tool.Directory))
        {
            using (TraceScope trace = Probe.StartTrace("support", "Where is it?"))
                trace.StartSpan("refund", ProbeSpanKind.Tool).Dispose();
            CapturedTrace captured = await capture.WaitForTraceAsync();
            message = Should.Throw<ProbeAssertionException>(() => captured.Tools.Never("refund")).Message;
        }

        Uri link = new(message[(message.LastIndexOf(' ') + 1)..]);
        using HttpRequestMessage request = new(HttpMethod.Get, link) { Headers = { { "Accept", "text/html" } } };
        using HttpResponseMessage page = await tool.Client.SendAsync(request);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");

        JsonElement answer = await tool.GetAsync($"/api{link.AbsolutePath}");
        answer.GetProperty("trace").GetProperty("name").GetString().ShouldBe("support");
        answer.GetProperty("spans").GetProperty("count").GetInt32().ShouldBe(2);

        JsonElement run = (await tool.GetAsync("/api/runs")).EnumerateArray().ShouldHaveSingleItem();
        run.GetProperty("name").GetString().ShouldBe(TestRun.Name);
        JsonElement traces = await tool.GetAsync($"/api/traces?run={Uri.EscapeDataString(TestRun.Name)}");
        traces.GetProperty("items").EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe("support");
    }
}

using System.Diagnostics;
using System.IO.Pipelines;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PandaProbe.AI;

/// <summary>The real package, client and server in one process.</summary>
public sealed class ModelContextProtocolTests
{
    [Fact]
    public async Task A_tool_that_a_server_runs_is_a_tool_span_on_both_sides_of_one_trace()
    {
        using var capture = ProbeCapture.Start();
        Pipe toServer = new();
        Pipe toClient = new();
        using CancellationTokenSource stop = new();
        McpServerOptions options = new()
        {
            ToolCollection = [McpServerTool.Create((string city) => $"sunny in {city}", new() { Name = "weather" })],
        };
        await using var server = McpServer.Create(
            new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()), options);
        Task running = server.RunAsync(stop.Token);

        await using (McpClient client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream())))
        {
            using TraceScope trace = Probe.StartTrace("t", sessionId: "s-1");
            CallToolResult result = await client.CallToolAsync("weather", new Dictionary<string, object?> { ["city"] = "Paris" });
            ((TextContentBlock)result.Content[0]).Text.ShouldBe("sunny in Paris");
        }

        await stop.CancelAsync();
        await Should.NotThrowAsync(async () => await running.ContinueWith(_ => { }, TaskScheduler.Default));

        // The server's span ends after the client has its answer.
        CapturedTrace captured = await capture.WaitForTraceAsync(TimeSpan.FromMinutes(2));
        CapturedSpan root = captured.Span("t");
        IReadOnlyList<CapturedSpan> tools = captured.ToolCalls;
        tools.Count.ShouldBe(2);
        tools.ShouldAllBe(span => span.ToolName == "weather" && span.Attribute("pandaprobe.span.kind") as string == "TOOL");
        CapturedSpan called = tools.Single(span => span.Activity.Kind == ActivityKind.Client);
        called.Parent.ShouldBe(root);
        called.Attribute("session.id").ShouldBe("s-1");
        tools.Single(span => span.Activity.Kind == ActivityKind.Server).Parent.ShouldBe(called);
    }
}

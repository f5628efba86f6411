using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace PandaProbe.Testing.Cassettes;

/// <summary>The real package of the Model Context Protocol, client and server.</summary>
public sealed class McpTests
{
    [Fact]
    public async Task A_session_is_replayed_whatever_the_numbers_of_its_requests_are()
    {
        using CassetteFolder folder = new();
        string recorded;
        await using (WebApplication server = await StartAsync())
        {
            Uri address = new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            using Cassette cassette = folder.Record();
            using var capture = ProbeCapture.Start();
            recorded = await UseAsync(cassette, null, address, "Paris", "Rome");
        }

        recorded.ShouldContain("sunny in Paris");
        folder.Text.ShouldNotContain("traceparent");
        using Cassette replaying = folder.Replay();
        string again = await UseAsync(replaying, new NoNetwork(), new("http://localhost:1"), "Rome", "Paris");

        again.Split('\n').Order().ShouldBe(recorded.Split('\n').Order());
    }

    /// <summary>Calls the tool in the given order: the requests of the replay have other numbers, and no trace context.</summary>
    private static async Task<string> UseAsync(Cassette cassette, HttpMessageHandler? inner, Uri address, params string[] cities)
    {
        List<string> seen = [];
        using HttpClient http = cassette.CreateHttpClient(inner);
        await using HttpClientTransport transport = new(
            new() { Endpoint = new(address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }, http);
        await using McpClient client = await McpClient.CreateAsync(transport);
        seen.AddRange((await client.ListToolsAsync()).Select(tool => tool.Name));
        foreach (string city in cities)
        {
            using TraceScope trace = Probe.StartTrace("t");
            CallToolResult result = await client.CallToolAsync("weather", new Dictionary<string, object?> { ["city"] = city });
            seen.Add(((TextContentBlock)result.Content[0]).Text);
        }

        return string.Join('\n', seen);
    }

    private static async Task<WebApplication> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.MapPost("/mcp", AnswerAsync);
        await application.StartAsync();
        return application;
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        var type = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));
        JsonRpcMessage message = (await JsonSerializer.DeserializeAsync(context.Request.Body, type))!;
        McpServerOptions options = new()
        {
            ToolCollection = [McpServerTool.Create((string city) => $"sunny in {city}", new() { Name = "weather" })],
        };
        await using StreamableHttpServerTransport transport = new() { Stateless = true };
        await using var server = McpServer.Create(transport, options);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        Task running = server.RunAsync(ending.Token);
        context.Response.ContentType = "text/event-stream";
        if (!await transport.HandlePostRequestAsync(message, context.Response.Body, context.RequestAborted))
        {
            context.Response.Headers.ContentType = default;
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await ending.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

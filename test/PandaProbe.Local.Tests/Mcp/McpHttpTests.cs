using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using PandaProbe.Local.Mcp;

namespace PandaProbe.Local.Tests.Mcp;

public sealed class McpHttpTests
{
    [Fact]
    public async Task The_real_client_lists_and_calls_tools_over_HTTP()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using WebApplication application = builder.Build();
        application.UseRouting();
        new McpHttp(() => new McpServerOptions
        {
            ToolCollection = [McpServerTool.Create(
            (string city) => $"sunny in {city}", new() { Name = "weather" })]
        }).Map(application);
        application.UseEndpoints(static _ => { });
        await application.StartAsync();
        Uri address = new(new Uri(application.Urls.Single()), "/mcp");

        await using McpClient client = await McpClient.CreateAsync(
            new HttpClientTransport(new() { Endpoint = address, TransportMode = HttpTransportMode.StreamableHttp }));
        (await client.ListToolsAsync()).ShouldHaveSingleItem().Name.ShouldBe("weather");
        CallToolResult result = await client.CallToolAsync("weather", new Dictionary<string, object?> { ["city"] = "Paris" });
        ((TextContentBlock)result.Content[0]).Text.ShouldBe("sunny in Paris");

        using HttpClient http = new();
        using HttpResponseMessage refused = await http.PostAsync(address, new StringContent("{"));
        ((int)refused.StatusCode).ShouldBe(400);
        using HttpResponseMessage get = await http.GetAsync(address);
        ((int)get.StatusCode).ShouldBe(405);
    }
}

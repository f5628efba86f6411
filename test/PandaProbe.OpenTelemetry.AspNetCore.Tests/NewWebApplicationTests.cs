namespace PandaProbe.AspNetCore;

/// <summary>What <c>dotnet new web</c> makes, with one line and one call, as a process of its own.</summary>
[Collection(RecordedSpans.Tests)]
public sealed class NewWebApplicationTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task One_line_and_one_call_send_a_trace(string environment)
    {
        await using WireServer collector = await WireServer.StartAsync(context =>
        {
            context.Response.ContentType = context.Request.ContentType;
            return Task.CompletedTask;
        });
        await using (var process = WebProcess.Start(new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = environment,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        }))
        {
            using HttpClient client = new() { BaseAddress = await process.ReadyAsync() };
            (await client.GetStringAsync("/")).ShouldBe("Hello World!");
        }

        // A text is UTF-8 in Protobuf, too.
        string sent = collector.Bodies.ShouldHaveSingleItem();
        sent.ShouldContain("hello");
        sent.ShouldContain("invoke_workflow");
    }
}

using System.Net;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Local.Tests.Tool;

public sealed class SafetyTests
{
    [Fact]
    public async Task Web_pages_of_others_reach_nothing()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        (await StatusAsync(HttpMethod.Get, "/api/traces", host: "evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, "/api/traces", host: "127.0.0.1.evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Post, "/v1/traces", origin: "https://evil.example")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Post, "/v1/traces", origin: "null")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Post, "/v1/traces", origin: tool.Http.GetLeftPart(UriPartial.Authority))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Get, "/api/traces", host: $"127.0.0.1:{tool.Http.Port}")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Post, "/api/stop")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, "/api/traces/../../etc/passwd")).ShouldBe(HttpStatusCode.NotFound);

        async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? host = null, string? origin = null)
        {
            using HttpRequestMessage request = new(method, path);
            request.Headers.Host = host;
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            if (method == HttpMethod.Post)
                request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await tool.Client.SendAsync(request);
            response.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("default-src 'self'; img-src 'self' data:");
            response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_store_is_for_its_owner_only()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        if (OperatingSystem.IsWindows())
            return;

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (string file in (string[])["traces.db", "viewer.json"])
            (File.GetUnixFileMode(Path.Combine(tool.Directory, file)) & others).ShouldBe(UnixFileMode.None, file);
    }

    [Fact]
    public async Task Live_events_tell_what_was_committed_and_go_on_where_a_page_left()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        string first = new('1', 32), second = new('2', 32);
        using HttpResponseMessage response = await tool.Client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader events = new(await response.Content.ReadAsStreamAsync());
        await Payloads.SendAsync(tool, Payloads.Trace(first, 1, "s"));
        (string id, JsonElement data) = await NextAsync(events);
        data.GetProperty("traces")[0].GetString().ShouldBe(first);
        data.GetProperty("sessions")[0].GetString().ShouldBe("s");

        await Payloads.SendAsync(tool, Payloads.Trace(second, 1));
        using HttpRequestMessage again = new(HttpMethod.Get, "/api/events") { Headers = { { "Last-Event-ID", id } } };
        using HttpResponseMessage resumed = await tool.Client.SendAsync(again, HttpCompletionOption.ResponseHeadersRead);
        using StreamReader later = new(await resumed.Content.ReadAsStreamAsync());
        (await NextAsync(later)).Data.GetProperty("traces").EnumerateArray().Select(static trace => trace.GetString()).ShouldBe([second]);

        static async Task<(string Id, JsonElement Data)> NextAsync(StreamReader events)
        {
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(20));
            string id = "";
            while (await events.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return (id, JsonElement.Parse(line[6..]));
            }

            throw new InvalidOperationException("The events ended.");
        }
    }
}

using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PandaProbe.Local.Tests.Tool;

public sealed class SafetyTests(SharedTool shared) : IClassFixture<SharedTool>
{
    [Fact]
    public async Task Web_pages_of_others_reach_nothing()
    {
        RunningTool tool = shared.Tool;
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

    [Theory]
    [InlineData("/assets/../../../../../../etc/passwd")]
    [InlineData("/assets/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/assets/..%2f..%2f..%2fetc/passwd")]
    [InlineData("/assets//etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/assets/live.html")]
    [InlineData("/traces.db")]
    [InlineData("/viewer.json")]
    public async Task No_file_of_this_machine_can_be_asked_for(string path)
    {
        // HttpClient would take the dots out.
        using TcpClient client = new();
        await client.ConnectAsync("localhost", shared.Tool.Http.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(stream);
        string answer = await reader.ReadToEndAsync();
        answer.Split(' ')[1].ShouldBeOneOf("404", "400", "401");
        answer.ShouldNotContain("root:");
    }

    [Fact]
    public async Task It_writes_into_its_directory_only_and_listens_on_loopback_only()
    {
        string home = RunningTool.NewDirectory(), temporary = RunningTool.NewDirectory();
        await using (RunningTool tool = await RunningTool.StartAsync(null, start =>
        {
            start.Environment["HOME"] = home;
            start.Environment["TMPDIR"] = temporary;
            start.Environment["DOTNET_EnableDiagnostics"] = "0";
        }))
        {
            await Payloads.SendAsync(tool, Payloads.Trace(new('1', 32), 3, "s"));
            await tool.GetAsync($"/api/traces/{new string('1', 32)}");
            Directory.EnumerateFiles(home, "*", SearchOption.AllDirectories).ShouldBeEmpty();
            Directory.EnumerateFiles(temporary, "*", SearchOption.AllDirectories).ShouldBeEmpty();
            Directory.EnumerateFiles(tool.Directory).Select(Path.GetFileName)
                .ShouldBe(["traces.db", "traces.db-shm", "traces.db-wal", "viewer.json", "viewer.lock"], ignoreOrder: true);
            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
                .Where(listener => listener.Port == tool.Http.Port || listener.Port == tool.Grpc.Port)
                .ShouldAllBe(static listener => IPAddress.IsLoopback(listener.Address));
        }

        Directory.Delete(home, recursive: true);
        Directory.Delete(temporary, recursive: true);
    }

    [Fact]
    public async Task An_address_of_a_trace_is_a_page_for_a_browser_and_the_rest_api_for_who_has_a_key()
    {
        RunningTool tool = shared.Tool;
        string id = new('c', 32);
        await Payloads.SendAsync(tool, Payloads.Trace(id, 1));
        (await TypeAsync($"/traces/{id}", null)).ShouldBe((HttpStatusCode.OK, "text/html"));
        (await TypeAsync($"/traces/{Guid.Parse(id)}", "any")).ShouldBe((HttpStatusCode.OK, "application/json"));
        (await TypeAsync("/traces/users", null)).Status.ShouldBe(HttpStatusCode.Unauthorized);

        async Task<(HttpStatusCode Status, string? Type)> TypeAsync(string path, string? key)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { { "Accept", "text/html,*/*" } } };
            if (key is not null)
                request.Headers.Add("X-API-Key", key);
            using HttpResponseMessage response = await tool.Client.SendAsync(request);
            return (response.StatusCode, response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Fact]
    public void The_store_is_for_its_owner_only()
    {
        RunningTool tool = shared.Tool;
        if (OperatingSystem.IsWindows())
            return;

        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        foreach (string file in (string[])["traces.db", "viewer.json"])
            (File.GetUnixFileMode(Path.Combine(tool.Directory, file)) & others).ShouldBe(UnixFileMode.None, file);
    }

    [Fact]
    public async Task Live_events_tell_what_was_committed_and_go_on_where_a_page_left()
    {
        RunningTool tool = shared.Tool;
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

using System.Net;
using System.Net.Sockets;
using System.Text;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>The test backend behaves as PandaProbe's running backend does, where that differs from its OpenAPI document.</summary>
public class TestBackendTests
{
    private static readonly Guid Id = Guid.Parse("00000000-0000-0000-0000-000000000001");

    [Fact]
    public async Task Spans_get_404_and_scores_500_until_the_worker_has_stored_the_trace()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync(
            new() { StoreDelay = TimeSpan.FromSeconds(1), FailsFirst = _ => false, StoreTime = time });
        (await SendAsync(backend, "/traces", Trace())).ShouldBe(202);
        (await SendAsync(backend, $"/traces/{Id}/spans", $"[{Span()}]")).ShouldBe(404);
        (await SendAsync(backend, "/evaluations/trace-scores", Score())).ShouldBe(500);
        time.Advance(TimeSpan.FromSeconds(1));
        (await SendAsync(backend, $"/traces/{Id}/spans", $"[{Span()}]")).ShouldBe(201);
        (await SendAsync(backend, "/evaluations/trace-scores", Score())).ShouldBe(201);
        (await SendAsync(backend, "/evaluations/trace-scores", Score())).ShouldBe(201);
        backend.Scores.Count.ShouldBe(2, "nothing keeps it from being stored twice");
    }

    [Fact]
    public async Task What_the_worker_fails_on_at_first_is_stored_after_what_came_meanwhile()
    {
        FakeTime time = new();
        int left = 1;
        await using Backend backend = await Backend.StartAsync(
            new() { StoreDelay = TimeSpan.Zero, StoreTime = time, FailsFirst = _ => Interlocked.Decrement(ref left) >= 0 });
        await SendAsync(backend, "/traces", Trace(status: "RUNNING"));
        backend.StoredNow(Id).ShouldBeNull();
        await SendAsync(backend, "/traces", Trace(status: "COMPLETED"));
        backend.StoredNow(Id)!.Status.ShouldBe("COMPLETED");
        time.Advance(TimeSpan.FromSeconds(5));
        backend.StoredNow(Id)!.Status.ShouldBe("RUNNING");
        backend.Traces[Id].Status.ShouldBe("RUNNING");
    }

    [Fact]
    public async Task By_default_the_worker_takes_its_time_and_fails_on_one_trace_in_five_at_first()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync();
        backend.Follow(time);
        Guid[] ids = [.. Enumerable.Range(0, 6).Select(_ => Guid.NewGuid())];
        foreach (Guid id in ids)
            await SendAsync(backend, "/traces", Trace(id: id));
        Stored().ShouldBe([false, false, false, false, false, false]);
        time.Advance(TimeSpan.FromSeconds(1));
        Stored().ShouldBe([false, true, true, true, true, false]);
        time.Advance(TimeSpan.FromSeconds(5));
        Stored().ShouldBe([true, true, true, true, true, true]);

        bool[] Stored() => [.. ids.Select(id => backend.StoredNow(id) is not null)];
    }

    [Fact]
    public async Task By_default_a_hundred_traces_a_minute_are_taken_and_two_hundred_other_requests()
    {
        FakeTime time = new();
        await using Backend backend = await Backend.StartAsync();
        backend.Follow(time);
        for (int minute = 1; minute <= 2; minute++)
        {
            (await CountAsync("/traces", Trace(), 202)).ShouldBe(100);
            (await CountAsync("/evaluations/trace-scores", Score(), minute == 1 ? 500 : 201)).ShouldBe(200);
            time.Advance(TimeSpan.FromMinutes(1));
        }

        async Task<int> CountAsync(string path, string body, int status)
        {
            for (int taken = 0; ; taken++)
            {
                int answer = await SendAsync(backend, path, body);
                if (answer == 429)
                    return taken;
                answer.ShouldBe(status);
            }
        }
    }

    [Fact]
    public async Task After_a_500_the_connection_is_closed_without_a_word()
    {
        await using Backend backend = await Backend.StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, backend.Address.Port);
        NetworkStream stream = client.GetStream();
        string body = Score();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /evaluations/trace-scores HTTP/1.1\r\nHost: {backend.Address.Authority}\r\nX-API-Key: {BackendOptions.DefaultApiKey}\r\n"
            + $"X-Project-Name: {BackendOptions.DefaultProject}\r\nX-Request-ID: {Guid.NewGuid()}\r\nUser-Agent: test\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        using StreamReader reader = new(stream);
        string answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        answer.ShouldStartWith("HTTP/1.1 500");
        answer.ShouldNotContain("Connection:", Case.Insensitive);
    }

    [Fact]
    public async Task A_span_whose_tokens_pass_32_bits_makes_the_project_unreadable()
    {
        await using Backend backend = await Backend.StartAsync();
        await SendAsync(backend, "/traces", Trace(Span(int.MaxValue - 1, 1)));
        (await SendAsync(backend, "/traces", null)).ShouldBe(200);
        (await SendAsync(backend, "/traces", Trace(Span(int.MaxValue, 1)))).ShouldBe(202);
        (await SendAsync(backend, "/traces", null)).ShouldBe(500);
    }

    [Theory]
    [InlineData(4300, 202)]
    [InlineData(4301, 400)]
    public async Task A_whole_number_of_too_many_digits_costs_the_trace(int digits, int status)
    {
        await using Backend backend = await Backend.StartAsync();
        (await SendAsync(backend, "/traces", $$"""{"trace_id":"{{Id}}","name":"n","started_at":"2026-01-01T00:00:00Z","input":{{new string('7', digits)}}}""")).ShouldBe(status);
    }

    [Theory]
    [InlineData("0.5", "name", 201)]
    [InlineData("1.01", "name", 422)]
    [InlineData("-0.01", "name", 422)]
    [InlineData("0.5", null, 500)]
    public async Task A_score_is_from_0_to_1_and_fits_its_columns(string value, string? name, int status)
    {
        await using Backend backend = await Backend.StartAsync(new() { StoresAtOnce = true });
        await SendAsync(backend, "/traces", Trace());
        (await SendAsync(backend, "/evaluations/trace-scores", Score(value, name ?? new string('n', 256)))).ShouldBe(status);
    }

    [Theory]
    [InlineData("test-project", 202)]
    [InlineData("another", 403)]
    [InlineData("a/b", 422)]
    [InlineData("", 422)]
    public async Task A_projects_name_has_only_some_characters(string project, int status)
    {
        await using Backend backend = await Backend.StartAsync();
        (await SendAsync(backend, "/traces", Trace(), project)).ShouldBe(status);
    }

    private static async Task<int> SendAsync(
        Backend backend, string path, string? body, string project = BackendOptions.DefaultProject)
    {
        using HttpClient client = new();
        using HttpRequestMessage request = new(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(backend.Address, path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("X-API-Key", BackendOptions.DefaultApiKey);
        request.Headers.Add("X-Project-Name", project);
        request.Headers.Add("X-Request-ID", Guid.NewGuid().ToString());
        request.Headers.Add("User-Agent", "test");
        using HttpResponseMessage response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static string Trace(string? span = null, string status = "COMPLETED", Guid? id = null) =>
        $$"""{"trace_id":"{{id ?? Id}}","name":"trace","status":"{{status}}","started_at":"2026-01-01T00:00:00Z","spans":[{{span}}]}""";

    private static string Span(int prompt = 1, int completion = 1) =>
        $$"""
        {
            "span_id": "{{Guid.NewGuid()}}", "name": "span", "started_at": "2026-01-01T00:00:00Z",
            "token_usage": { "prompt_tokens": {{prompt}}, "completion_tokens": {{completion}} }
        }
        """;

    private static string Score(string value = "0.5", string name = "helpful") =>
        $$"""{"trace_id":"{{Id}}","name":"{{name}}","value":"{{value}}","data_type":"NUMERIC"}""";
}

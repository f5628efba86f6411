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
        await using Backend backend = await Backend.StartAsync(new() { StoreDelay = TimeSpan.FromSeconds(1), StoreTime = time });
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
            new() { StoreTime = time, FailsFirst = _ => Interlocked.Decrement(ref left) >= 0 });
        await SendAsync(backend, "/traces", Trace(status: "RUNNING"));
        backend.Traces.ShouldBeEmpty();
        await SendAsync(backend, "/traces", Trace(status: "COMPLETED"));
        backend.Traces[Id].Status.ShouldBe("COMPLETED");
        time.Advance(TimeSpan.FromSeconds(5));
        backend.Traces[Id].Status.ShouldBe("RUNNING");
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
        await using Backend backend = await Backend.StartAsync();
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
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        request.Headers.Add("X-API-Key", BackendOptions.DefaultApiKey);
        request.Headers.Add("X-Project-Name", project);
        request.Headers.Add("X-Request-ID", Guid.NewGuid().ToString());
        request.Headers.Add("User-Agent", "test");
        using HttpResponseMessage response = await client.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static string Trace(string? span = null, string status = "COMPLETED") =>
        $$"""{"trace_id":"{{Id}}","name":"trace","status":"{{status}}","started_at":"2026-01-01T00:00:00Z","spans":[{{span}}]}""";

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

using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;
using PandaProbe.Local.Receiving.Rest;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>PandaProbe's own SDK and command line work against the viewer.</summary>
[Collection(RunningTool.ExportsOfThisProcess)]
public sealed class RestTests
{
    [Theory]
    [InlineData(ProbeExport.PandaProbe)]
    [InlineData(ProbeExport.Both)]
    public async Task A_trace_of_the_sdk_is_one_trace_whichever_ways_it_comes(ProbeExport export)
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        string name = $"sdk-{export}";
        using ActivitySource outside = new(name);
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddSource(name).AddPandaProbe(options =>
        {
            options.Export = export;
            options.PandaProbe.ApiKey = "any";
            options.PandaProbe.ProjectName = "local";
            options.PandaProbe.Endpoint = tool.Http;
            options.Otlp.Configure = otlp => otlp.Endpoint = tool.Grpc;
        }).Build())
        {
            using (TraceScope trace = Probe.StartTrace(name, input: "Where is my order?", sessionId: "s1", userId: "u1", tags: ["test"]))
            {
                Call(trace);
                trace.SetOutput("It is on its way.");
                trace.Score("helpful", 0.5);
            }

            // A trace within the activity of somebody else has another id over REST than over OTLP.
            using (outside.StartActivity($"{name}-request"))
            {
                using TraceScope inner = Probe.StartTrace($"{name}-inner");
                Call(inner);
            }

            provider.ForceFlush();
        }

        // Other tests of this process start traces of their own.
        JsonElement[] traces = [.. (await tool.GetAsync($"/api/traces?order=asc&name={name}")).GetProperty("items").EnumerateArray()];
        traces.Length.ShouldBe(2);
        traces[0].GetProperty("session").GetString().ShouldBe("s1");
        traces[0].GetProperty("user").GetString().ShouldBe("u1");
        traces[0].GetProperty("input").GetString().ShouldBe("Where is my order?");
        traces[0].GetProperty("output").GetString().ShouldBe("It is on its way.");
        traces[0].GetProperty("scores")[0].GetProperty("name").GetString().ShouldBe("helpful");
        foreach (JsonElement trace in traces)
        {
            JsonElement sums = trace.GetProperty("sums");
            sums.GetProperty("calls").GetInt64().ShouldBe(1);
            sums.GetProperty("inputTokens").GetInt64().ShouldBe(150);
            sums.GetProperty("cost").GetDouble().ShouldBe(0.002, 1e-9);
        }

        static void Call(TraceScope trace)
        {
            using SpanScope span = trace.StartSpan("generate", ProbeSpanKind.Llm, model: "gpt-5.4");
            span.SetInput([ProbeMessage.User("Where is my order?")]);
            span.SetOutput([ProbeMessage.Assistant("It is on its way.")]);
            span.SetTokenUsage(promptTokens: 150, completionTokens: 80);
            span.SetCost(total: 0.002m);
        }
    }

    [Fact]
    public async Task Every_answer_is_as_the_contract_has_it()
    {
        await using RunningTool tool = await RunningTool.StartAsync();
        using ActivitySource source = new("contract");
        string otlp;
        using (TracerProvider provider = tool.Provider("contract", OtlpExportProtocol.Grpc))
            otlp = Guid.ParseExact(Traces.Agent(source, "s1"), "N").ToString();

        string id = Guid.NewGuid().ToString(), span = Guid.NewGuid().ToString();
        await CheckAsync(HttpMethod.Post, "/traces", HttpStatusCode.Accepted, "TraceAccepted", $$$"""
            {"trace_id":"{{{id}}}","name":"chat","status":"RUNNING","started_at":"2026-02-23T10:00:00Z","session_id":"s2","user_id":"u2","tags":["a"],"metadata":{"k":1},
             "input":{"messages":[{"role":"user","content":"Hi"}]},"spans":[{"span_id":"{{{span}}}","name":"llm","kind":"LLM","started_at":"2026-02-23T10:00:00Z",
             "input":{"messages":[{"role":"user","content":"Hi"}]},"model":"gpt-5.4","token_usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15},"cost":{"total":0.1}}]}
            """);
        await CheckAsync(HttpMethod.Post, $"/traces/{id}/spans", HttpStatusCode.Created, "SpansAccepted", """[{"name":"search","kind":"TOOL","started_at":"2026-02-23T10:00:01Z","input":{"q":"x"}}]""");
        JsonElement patched = await CheckAsync(HttpMethod.Patch, $"/traces/{id}/spans/{span}", HttpStatusCode.OK, "SpanResponse", """
            {"status":"ERROR","error":"It broke","ended_at":"2026-02-23T10:00:02Z","output":{"messages":[{"role":"assistant","content":"Hello"}]}}
            """);
        patched.GetProperty("error").GetString().ShouldBe("It broke");
        patched.GetProperty("latency_ms").GetDouble().ShouldBe(2000);
        patched.GetProperty("output").GetProperty("messages")[0].GetProperty("content").GetString().ShouldBe("Hello");
        JsonElement whole = await CheckAsync(HttpMethod.Patch, $"/traces/{id}", HttpStatusCode.OK, "TraceResponse", """{"status":"COMPLETED","tags":["b"],"ended_at":"2026-02-23T10:00:03Z"}""");
        whole.GetProperty("tags")[0].GetString().ShouldBe("b");
        whole.GetProperty("metadata").GetProperty("k").GetInt32().ShouldBe(1);
        whole.GetProperty("spans").GetArrayLength().ShouldBe(2);
        await CheckAsync(HttpMethod.Post, "/evaluations/trace-scores", HttpStatusCode.Created, "TraceScoreResponse", $$"""{"trace_id":"{{id}}","name":"good","value":"0.9"}""");

        JsonElement list = await CheckAsync(
            HttpMethod.Get, "/traces?limit=1&sort_by=started_at&sort_order=asc", HttpStatusCode.OK, "PaginatedResponse_TraceListItem_");
        list.GetProperty("total").GetInt32().ShouldBe(2);
        list.GetProperty("items")[0].GetProperty("total_tokens").GetInt32().ShouldBe(15);
        (await CheckAsync(HttpMethod.Get, "/traces?tags=b", HttpStatusCode.OK, "PaginatedResponse_TraceListItem_")).GetProperty("total")
            .GetInt32().ShouldBe(1);
        await CheckAsync(HttpMethod.Get, $"/traces/{otlp}", HttpStatusCode.OK, "TraceResponse");
        await CheckAsync(HttpMethod.Get, "/traces/users", HttpStatusCode.OK, "PaginatedResponse_UserSummary_");
        (await CheckAsync(HttpMethod.Get, "/sessions?sort_by=cost", HttpStatusCode.OK, "PaginatedResponse_SessionSummary_"))
            .GetProperty("total").GetInt32().ShouldBe(2);
        await CheckAsync(HttpMethod.Get, "/sessions/s1", HttpStatusCode.OK, "SessionDetail");
        (await CheckAsync(HttpMethod.Get, $"/evaluations/trace-scores?trace_id={id}", HttpStatusCode.OK,
            "PaginatedResponse_TraceScoreResponse_")).GetProperty("total").GetInt32().ShouldBe(1);
        const string period = "started_after=2020-01-01T00:00:00Z&started_before=2100-01-01T00:00:00Z";
        await CheckAsync(HttpMethod.Get, $"/traces/analytics?metric=latency&{period}", HttpStatusCode.OK, "AnalyticsBucket");
        await CheckAsync(HttpMethod.Get, $"/traces/analytics?metric=tokens&granularity=week&{period}", HttpStatusCode.OK,
            "TokenCostBucket");
        await CheckAsync(HttpMethod.Get, $"/traces/analytics?metric=models&{period}", HttpStatusCode.OK, "TopModel");

        await CheckAsync(HttpMethod.Post, "/traces", HttpStatusCode.UnprocessableEntity, "HTTPValidationError", """{"name":""}""");
        await CheckAsync(HttpMethod.Post, "/evaluations/trace-scores", HttpStatusCode.UnprocessableEntity, "HTTPValidationError", $$"""{"trace_id":"{{id}}","name":"good","value":"7"}""");
        await CheckAsync(HttpMethod.Get, "/traces?limit=201", HttpStatusCode.UnprocessableEntity, "HTTPValidationError");
        await CheckAsync(HttpMethod.Post, $"/traces/{Guid.NewGuid()}/spans", HttpStatusCode.NotFound, null, """[{"name":"x","started_at":"2026-02-23T10:00:01Z"}]""");
        await CheckAsync(HttpMethod.Get, $"/traces/{Guid.NewGuid()}", HttpStatusCode.NotFound, null);
        await CheckAsync(HttpMethod.Get, "/evaluations/monitors", HttpStatusCode.NotImplemented, null);
        await CheckAsync(HttpMethod.Post, "/evaluations/trace-runs", HttpStatusCode.NotImplemented, null, "{}");
        using HttpResponseMessage withoutKey = await tool.Client.GetAsync("/traces");
        withoutKey.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        async Task<JsonElement> CheckAsync(HttpMethod method, string path, HttpStatusCode status, string? schema, string? body = null)
        {
            using HttpRequestMessage request = new(method, path) { Headers = { { "X-API-Key", "any" } } };
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage response = await tool.Client.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(status, $"{method} {path}: {text}");
            var answer = JsonElement.Parse(text);
            if (schema is not null)
            {
                foreach (JsonElement item in answer.ValueKind == JsonValueKind.Array
                    ? answer.EnumerateArray() : Enumerable.Repeat(answer, 1))
                {
                    Schema.Check(item, schema).ShouldBeEmpty($"{method} {path}: {text}");
                }
            }

            return answer;
        }
    }
}

using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace PandaProbe.Local.Tests.Tool;

/// <summary>What applications send with OpenTelemetry's own exporter arrives, in all three forms of OTLP.</summary>
public sealed class OtlpTests(SharedTool shared) : IClassFixture<SharedTool>
{
    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task A_trace_of_the_official_exporter_is_shown_with_its_sums(OtlpExportProtocol protocol)
    {
        RunningTool tool = shared.Tool;
        string name = $"official-{protocol}";
        using ActivitySource source = new(name);
        string id;
        using (TracerProvider provider = tool.Provider(name, protocol))
        {
            id = Traces.Agent(source, session: "s1");
            provider.ForceFlush().ShouldBeTrue();
        }

        JsonElement answer = await tool.GetAsync($"/api/traces/{id}");
        JsonElement trace = answer.GetProperty("trace");
        trace.GetProperty("name").GetString().ShouldBe("invoke_agent support");
        trace.GetProperty("status").GetString().ShouldBe("COMPLETED");
        trace.GetProperty("session").GetString().ShouldBe("s1");
        trace.GetProperty("service").GetString().ShouldBe("shop");
        trace.GetProperty("environment").GetString().ShouldBe("test");
        JsonElement sums = trace.GetProperty("sums");
        sums.GetProperty("calls").GetInt64().ShouldBe(2);
        sums.GetProperty("tools").GetInt64().ShouldBe(1);
        sums.GetProperty("inputTokens").GetInt64().ShouldBe(300, "the agent's own 300 are the sum of its calls");
        sums.GetProperty("outputTokens").GetInt64().ShouldBe(30);
        JsonElement spans = answer.GetProperty("spans");
        spans.GetProperty("count").GetInt32().ShouldBe(4);
        spans.GetProperty("depth").EnumerateArray().Select(static depth => depth.GetInt32()).ShouldBe([0, 1, 1, 1]);
    }

    [Fact]
    public async Task The_conversation_of_a_session_shows_messages_once()
    {
        RunningTool tool = shared.Tool;
        using ActivitySource source = new("conversation");
        using (TracerProvider provider = tool.Provider("conversation", OtlpExportProtocol.Grpc))
        {
            Traces.Agent(source, session: "conversation");
            Traces.Agent(source, session: "conversation");
        }

        JsonElement session = await tool.GetAsync("/api/sessions/conversation");
        session.GetProperty("session").GetProperty("traces").GetInt64().ShouldBe(2);
        JsonElement[] traces = [.. session.GetProperty("traces").EnumerateArray()];
        JsonElement[] steps = [.. traces[0].GetProperty("steps").EnumerateArray()];
        steps.Select(static step => step.GetProperty("kind").GetString()).ShouldBe(["LLM", "TOOL", "LLM"]);
        steps[0].GetProperty("input")[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldBe(Traces.Question);
        steps[2].GetProperty("earlier").GetInt32().ShouldBe(1);
        steps[2].TryGetProperty("input", out _).ShouldBeFalse("the second call of the agent repeats the question only");
    }

    [Fact]
    public async Task Json_takes_hexadecimal_ids_numbers_as_text_and_fields_that_nobody_knows()
    {
        RunningTool tool = shared.Tool;
        using HttpResponseMessage response = await tool.Client.PostAsync("/v1/traces", Json("""
            {"resourceSpans":[{"unknown":1,"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},"scopeSpans":[{"spans":[
              {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","name":"chat gpt-5.4","kind":"SPAN_KIND_CLIENT","startTimeUnixNano":"1544712660000000000",
               "endTimeUnixNano":1544712661000000000,"futureField":{"a":[1]},"attributes":[
                 {"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
                 {"key":"gen_ai.usage.input_tokens","value":{"intValue":"12"}},
                 {"key":"gen_ai.usage.output_tokens","value":{"intValue":3}},
                 {"key":"score","value":{"doubleValue":"NaN"}}]},
              {"traceId":"5B8E","spanId":"EEE19B7EC3C1B175","name":"short id"},
              {"traceId":"not hexadecimal at all, you see!","spanId":"EEE19B7EC3C1B175","name":"no id"}]}]}]}
            """));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        answer.GetProperty("partialSuccess").GetProperty("rejectedSpans").GetString().ShouldBe("2");
        answer.GetProperty("partialSuccess").GetProperty("errorMessage").GetString()!.ShouldContain("short id");
        JsonElement sums = (await tool.GetAsync("/api/traces/5b8efff798038103d269b633813fc60c")).GetProperty("trace").GetProperty("sums");
        sums.GetProperty("inputTokens").GetInt64().ShouldBe(12);
        sums.GetProperty("outputTokens").GetInt64().ShouldBe(3);
        JsonElement span = await tool.GetAsync("/api/traces/5b8efff798038103d269b633813fc60c/spans/eee19b7ec3c1b174");
        span.GetProperty("attributes").EnumerateArray().Single(static pair => pair.GetProperty("key").GetString() == "score")
            .GetProperty("value").GetString().ShouldBe("NaN");
        span.GetProperty("otelKind").GetString().ShouldBe("Client");
    }

    [Fact]
    public async Task Requests_that_are_compressed_too_large_or_nonsense_are_answered_as_the_specification_says()
    {
        RunningTool tool = shared.Tool;
        (await PostAsync(tool, Gzip("{}"u8.ToArray()), "application/json")).ShouldBe(HttpStatusCode.OK);
        (await PostAsync(tool, Gzip(new byte[65 << 20]), "application/x-protobuf")).ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await PostAsync(tool, [1, 2, 3], "application/x-protobuf", compressed: false)).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(tool, "[]"u8.ToArray(), "application/json", compressed: false)).ShouldBe(HttpStatusCode.BadRequest);
        (await PostAsync(tool, "{}"u8.ToArray(), "text/plain", compressed: false)).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await PostAsync(tool, "no gzip"u8.ToArray(), "application/json")).ShouldBe(HttpStatusCode.BadRequest);
        using HttpResponseMessage metrics = await tool.Client.PostAsync("/v1/metrics", Json("{\"resourceMetrics\":[]}"));
        metrics.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Messages_in_log_records_join_their_span_in_either_order()
    {
        RunningTool tool = shared.Tool;
        string early = new('a', 32), late = new('b', 32);
        await tool.Client.PostAsync("/v1/logs", Json(Log(early)));
        await tool.Client.PostAsync("/v1/traces", Json(Span(early)));
        await tool.Client.PostAsync("/v1/traces", Json(Span(late)));
        await tool.Client.PostAsync("/v1/logs", Json(Log(late)));
        foreach (string trace in (string[])[early, late])
        {
            JsonElement span = await tool.GetAsync($"/api/traces/{trace}/spans/00000000000000a1");
            span.GetProperty("input")[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldBe("Where is my order?");
            (await tool.GetAsync($"/api/traces/{trace}")).GetProperty("trace").GetProperty("input").GetString()
                .ShouldBe("Where is my order?");
        }

        static string Span(string trace) => $$$"""
            {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"{{{trace}}}","spanId":"00000000000000a1","name":"chat","startTimeUnixNano":"1000","endTimeUnixNano":"2000",
            "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}
            """;

        static string Log(string trace) => $$$"""
            {"resourceLogs":[{"scopeLogs":[{"logRecords":[{"traceId":"{{{trace}}}","spanId":"00000000000000a1","timeUnixNano":"1500","eventName":"gen_ai.client.inference.operation.details",
            "attributes":[{"key":"gen_ai.input.messages","value":{"stringValue":"[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Where is my order?\"}]}]"}}]}]}]}]}
            """;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream zip = new(packed, CompressionLevel.Fastest))
            zip.Write(bytes);
        return packed.ToArray();
    }

    private static async Task<HttpStatusCode> PostAsync(RunningTool tool, byte[] body, string type, bool compressed = true)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (compressed)
            content.Headers.ContentEncoding.Add("gzip");
        using HttpResponseMessage response = await tool.Client.PostAsync("/v1/traces", content);
        return response.StatusCode;
    }
}

using System.Text.Json;
using OpenTelemetry.Trace;
using PandaProbe.TestBackend;

namespace PandaProbe.Tests.Export;

/// <summary>What spans carry for other backends does not change what PandaProbe gets.</summary>
public sealed class RepetitionTests
{
    [Theory]
    [InlineData(ProbeDialects.None)]
    [InlineData((ProbeDialects)127)]
    public async Task PandaProbe_gets_objects_documents_and_metadata_once(ProbeDialects dialects)
    {
        await using Backend backend = await Backend.StartAsync();
        using Exporting export = new(
            backend, tracing: builder => builder.AddPandaProbeInstrumentation(options => options.Otlp.Dialects = dialects));
        using (TraceScope trace = Probe.StartTrace("trace", sessionId: "session", userId: "user", metadata: new() { ["key"] = "of trace" }))
        {
            using (SpanScope call = trace.StartSpan("call", ProbeSpanKind.Llm, "gpt-4o", new() { ["key"] = "of call" }))
            {
                call.SetInput(new { question = "why" });
                call.SetOutput(new { answer = 42 });
                call.SetCost(0.5m);
            }

            using (SpanScope search = trace.StartSpan("search", ProbeSpanKind.Retriever))
            {
                search.SetInput("why");
                search.SetDocuments([new("text", "doc-1", 0.9)]);
            }
        }

        export.Flush().ShouldBeTrue();
        backend.Violations.ShouldBeEmpty();
        StoredTrace stored = backend.Traces.Values.ShouldHaveSingleItem();
        stored.Fields["metadata"]!.AsObject().Select(entry => entry.Key).ShouldBe(["key", "sdk_name", "sdk_version"], ignoreOrder: true);

        JsonElement called = stored.Span("call");
        called.GetProperty("input").GetRawText().ShouldBe("""{"question":"why"}""");
        called.GetProperty("output").GetRawText().ShouldBe("""{"answer":42}""");
        Names(called).ShouldBe(["cost_source", "key", "provider"]);

        JsonElement searched = stored.Span("search");
        searched.GetProperty("input").GetString().ShouldBe("why");
        searched.GetProperty("output").GetRawText().ShouldBe("""[{"id":"doc-1","score":0.9,"content":"text"}]""");
        Names(searched).ShouldBeEmpty();
    }

    private static string[] Names(JsonElement span) =>
        span.TryGetProperty("metadata", out JsonElement metadata)
            ? [.. metadata.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal)] : [];
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PandaProbe.Conventions;

/// <summary>Applies to a span the rule that each backend has published for reading it.</summary>
public sealed class BridgesTests
{
    [Fact]
    public void Without_a_dialect_only_what_several_backends_read_is_written()
    {
        Activity call = Recorded(ProbeDialects.None).Call;

        string[] bridged = [.. Bridges.All.Where(
            bridge => call.TagObjects.Any(tag => tag.Key.StartsWith(bridge.Name, StringComparison.Ordinal)))
            .Select(bridge => bridge.Name)];
        bridged.ShouldBe(["metadata", "gen_ai.usage.cost"]);
        Bridges.All.Where(bridge => bridge.Dialect == ProbeDialects.None).ShouldAllBe(bridge => bridge.ReadBy.Contains(','));
    }

    [Theory]
    [InlineData(ProbeExport.PandaProbe, "key", ProbeDialects.None, false)]
    [InlineData(ProbeExport.PandaProbe, "key", ProbeDialects.Langfuse, true)]
    [InlineData(ProbeExport.Auto, "key", ProbeDialects.None, false)]
    [InlineData(ProbeExport.Auto, "", ProbeDialects.None, true)]
    [InlineData(ProbeExport.None, "key", ProbeDialects.None, true)]
    public void Spans_that_only_PandaProbe_gets_carry_nothing_for_others(
        ProbeExport export, string key, ProbeDialects dialects, bool written)
    {
        using SpanRecording recording = new(options =>
        {
            options.Export = export;
            options.PandaProbe.ApiKey = key;
            options.PandaProbe.ProjectName = "project";
            options.PandaProbe.Endpoint = new("http://127.0.0.1:9");
            options.ShutdownTimeout = TimeSpan.FromMilliseconds(1);
            options.Otlp.Dialects = dialects;
        });
        Probe.StartSpan("span", metadata: new() { ["key"] = 1 }).Dispose();

        recording.Span("span").HasTag("metadata").ShouldBe(written);
    }

    // Phoenix, Opik, LangSmith and Datadog parse one JSON object.
    [Fact]
    public void Metadata_is_one_json_object()
    {
        JsonElement metadata = Json(Recorded(ProbeDialects.None).Call, "metadata");

        metadata.GetProperty("plan").GetString().ShouldBe("pro");
        metadata.GetProperty("attempt").GetInt32().ShouldBe(2);
        metadata.GetProperty("labels")[1].GetString().ShouldBe("b");
    }

    [Theory]
    [InlineData(ProbeDialects.OpenInference)]
    [InlineData(ProbeDialects.Langfuse)]
    [InlineData(ProbeDialects.Laminar)]
    [InlineData(ProbeDialects.LangSmith)]
    [InlineData(ProbeDialects.MLflow)]
    [InlineData(ProbeDialects.Weave)]
    [InlineData(ProbeDialects.Logfire)]
    public void A_dialect_writes_every_line_of_the_table_that_names_it_and_no_other(ProbeDialects dialect)
    {
        (Activity trace, Activity call, Activity embedding) = Recorded(dialect);

        string[] written = [.. Bridges.All.Select(bridge => bridge.Name).Where(name => new[] { trace, call, embedding }
            .Any(span => span.TagObjects.Any(tag => tag.Key.StartsWith(name, StringComparison.Ordinal))))];
        written.ShouldBe(Bridges.All.Where(bridge => bridge.Dialect is ProbeDialects.None || bridge.Dialect == dialect)
            .Select(bridge => bridge.Name));
    }

    // Langfuse: every gen_ai.usage.* but the cost and every llm.token_count.* is a kind of tokens. It takes the kinds that it knows as
    // parts from the input and the output, and adds up all kinds.
    [Theory]
    [InlineData(ProbeDialects.None, 120)]
    [InlineData(ProbeDialects.Langfuse, 120)]
    [InlineData(ProbeDialects.OpenInference, 195)]
    public void Langfuse_counts_the_tokens_of_a_call_once_unless_OpenInferences_details_are_switched_on(ProbeDialects dialect, int total)
    {
        Dictionary<string, long> kinds = [];
        foreach ((string name, object? value) in Recorded(dialect).Call.TagObjects)
        {
            if ((name.StartsWith("gen_ai.usage.", StringComparison.Ordinal) && name != "gen_ai.usage.cost")
                || name.StartsWith("llm.token_count", StringComparison.Ordinal))
            {
                kinds[name.Replace("gen_ai.usage.", "").Replace("llm.token_count.", "")] =
                    Convert.ToInt64(value, CultureInfo.InvariantCulture);
            }
        }

        kinds["input_tokens"] -= kinds["cache_read.input_tokens"] + kinds["cache_creation.input_tokens"];
        kinds["output_tokens"] -= kinds["reasoning.output_tokens"];
        kinds.Values.Sum().ShouldBe(total);
    }

    // OpenInference's semantic conventions: integers.
    [Fact]
    public void OpenInference_reads_details_of_tokens_and_the_texts_of_embeddings()
    {
        (_, Activity call, Activity embedding) = Recorded(ProbeDialects.OpenInference);

        call.Tag("llm.token_count.prompt_details.cache_read").ShouldBe(30L);
        call.Tag("llm.token_count.prompt_details.cache_write").ShouldBe(40L);
        call.Tag("llm.token_count.completion_details.reasoning").ShouldBe(5L);
        embedding.Tag("embedding.embeddings.0.embedding.text").ShouldBe("one");
        embedding.Tag("embedding.embeddings.1.embedding.text").ShouldBe("two");
        embedding.HasTag("embedding.embeddings.2.embedding.text").ShouldBeFalse();
    }

    // Langfuse parses cost_details as JSON, takes the start of the answer where it is a date, and metadata by its prefix.
    [Fact]
    public void Langfuse_reads_cost_metadata_and_the_start_of_the_answer()
    {
        (Activity trace, Activity call, _) = Recorded(ProbeDialects.Langfuse);

        JsonElement cost = Json(call, "langfuse.observation.cost_details");
        cost.GetProperty("input").GetDouble().ShouldBe(0.3);
        cost.GetProperty("total").GetDouble().ShouldBe(0.5);
        DateTimeOffset.Parse(call.Text("langfuse.observation.completion_start_time")!, CultureInfo.InvariantCulture)
            .UtcDateTime.ShouldBe(call.StartTimeUtc.AddSeconds(1), TimeSpan.FromMilliseconds(1));
        ByPrefix(call, "langfuse.observation.metadata.").ShouldBe(["attempt=2", "labels=System.String[]", "plan=pro"]);
        ByPrefix(call, "langfuse.trace.metadata.").ShouldBeEmpty();
        ByPrefix(trace, "langfuse.trace.metadata.").ShouldBe(["pipeline=docs"]);
        ByPrefix(trace, "langfuse.observation.metadata.").ShouldBeEmpty();

        // Each of these it takes for a further kind of tokens, and adds it to the sum.
        ByPrefix(call, "llm.token_count.").ShouldBeEmpty();
    }

    // Laminar reads association properties: session_id, user_id, tags as a list, metadata by its prefix.
    [Fact]
    public void Laminar_reads_its_association_properties()
    {
        Activity call = Recorded(ProbeDialects.Laminar).Call;

        call.Tag("lmnr.association.properties.session_id").ShouldBe("session");
        call.Tag("lmnr.association.properties.user_id").ShouldBe("user");
        call.Tag("lmnr.association.properties.tags").ShouldBe(new[] { "a", "b" });
        ByPrefix(call, "lmnr.association.properties.metadata.").ShouldContain("plan=pro");
    }

    // LangSmith splits its tags at commas, and groups threads by metadata.
    [Fact]
    public void LangSmith_reads_session_user_and_tags()
    {
        Activity call = Recorded(ProbeDialects.LangSmith).Call;

        call.Tag("langsmith.trace.session_id").ShouldBe("session");
        call.Tag("langsmith.metadata.thread_id").ShouldBe("session");
        call.Tag("langsmith.metadata.user_id").ShouldBe("user");
        call.Text("langsmith.span.tags")!.Split(',').ShouldBe(["a", "b"]);
    }

    [Fact]
    public void MLflow_reads_session_and_user()
    {
        Activity trace = Recorded(ProbeDialects.MLflow).Trace;

        trace.Tag("mlflow.trace.session").ShouldBe("session");
        trace.Tag("mlflow.trace.user").ShouldBe("user");
    }

    [Fact]
    public void Weave_and_Logfire_read_thread_and_cost()
    {
        Activity call = Recorded(ProbeDialects.Weave | ProbeDialects.Logfire).Call;

        call.Tag("wandb.thread_id").ShouldBe("session");
        call.Tag("operation.cost").ShouldBe(0.5);
        call.HasTag("mlflow.trace.session").ShouldBeFalse();
    }

    [Fact]
    public void What_another_library_has_set_stays()
    {
        using ActivitySource source = new("Experimental.Microsoft.Extensions.AI.Bridged");
        using SpanRecording recording = new(options => options.Otlp.Dialects = ProbeDialects.MLflow);
        using (Probe.Session("session"))
        using (Activity? call = source.StartActivity("chat"))
        {
            call!.SetTag("gen_ai.operation.name", "chat").SetTag("mlflow.trace.session", "its own");
        }

        recording.Span("chat").Tag("mlflow.trace.session").ShouldBe("its own");
        recording.Span("chat").Count("mlflow.trace.session").ShouldBe(1);
    }

    private static (Activity Trace, Activity Call, Activity Embedding) Recorded(ProbeDialects dialects)
    {
        using SpanRecording recording = new(options => options.Otlp.Dialects = dialects);
        using (TraceScope trace = Probe.StartTrace(
            "trace", sessionId: "session", userId: "user", tags: ["a", "b"], metadata: new() { ["pipeline"] = "docs" }))
        {
            using (SpanScope call = trace.StartSpan("call", ProbeSpanKind.Llm, "gpt-4o"))
            {
                call.SetTokenUsage(100, 20, new() { ["cache_read_tokens"] = 30, ["cache_write_tokens"] = 40, ["reasoning_tokens"] = 5 });
                call.SetCost(0.5m, new() { ["input"] = 0.3m });
                call.SetCompletionStartTime(call.Activity!.StartTimeUtc.AddSeconds(1));
                call.SetMetadata(new() { ["plan"] = "pro", ["attempt"] = 2, ["labels"] = (string[])["a", "b"] });
            }

            using (SpanScope embedding = trace.StartSpan("embedding", ProbeSpanKind.Embedding))
                embedding.SetInput(["one", "two"]);
        }

        return (recording.Span("trace"), recording.Span("call"), recording.Span("embedding"));
    }

    private static JsonElement Json(Activity span, string name) => JsonDocument.Parse(span.Text(name)!).RootElement;

    private static string[] ByPrefix(Activity span, string prefix) =>
        [.. span.TagObjects.Where(tag => tag.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(tag => $"{tag.Key[prefix.Length..]}={tag.Value}").Order(StringComparer.Ordinal)];
}

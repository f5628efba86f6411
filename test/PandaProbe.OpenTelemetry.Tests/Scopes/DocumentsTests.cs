using System.Diagnostics;
using System.Text.Json;

namespace PandaProbe.Scopes;

public sealed class DocumentsTests
{
    private static readonly ProbeDocument[] Found =
    [
        new("first secret", "doc-1", 0.93) { Metadata = new Dictionary<string, object?> { ["page"] = 2, ["file"] = "secret.md" } },
        new("second"),
    ];

    [Fact]
    public void Documents_are_there_for_the_conventions_for_OpenInference_and_as_the_output()
    {
        Activity span = Retrieved(span =>
        {
            span.SetInput("question");
            span.SetDocuments(Found);
        });

        span.Tag("gen_ai.retrieval.query.text").ShouldBe("question");
        span.Text("gen_ai.retrieval.documents").ShouldBe("""[{"id":"doc-1","score":0.93}]""");
        span.Tag("retrieval.documents.0.document.id").ShouldBe("doc-1");
        span.Tag("retrieval.documents.0.document.content").ShouldBe("first secret");
        span.Tag("retrieval.documents.0.document.score").ShouldBe(0.93);
        span.Tag("retrieval.documents.0.document.metadata").ShouldBe("""{"page":2,"file":"secret.md"}""");
        span.TagObjects.Where(tag => tag.Key.StartsWith("retrieval.documents.1.", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .Value.ShouldBe("second");
        span.Text("output.value").ShouldBe(
            """[{"id":"doc-1","score":0.93,"content":"first secret","metadata":{"page":2,"file":"secret.md"}},{"content":"second"}]""");
        span.Tag("output.mime_type").ShouldBe("application/json");
    }

    [Fact]
    public void An_output_of_the_callers_stays_and_a_second_call_replaces_the_first()
    {
        Activity span = Retrieved(span =>
        {
            span.SetOutput("mine");
            span.SetDocuments(Found);
            span.SetDocuments([new("third")]);
            span.SetDocuments(null);
        });

        span.Tag("output.value").ShouldBe("mine");
        span.HasTag("gen_ai.retrieval.documents").ShouldBeFalse();
        span.TagObjects.Where(tag => tag.Key.StartsWith("retrieval.documents.", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .Value.ShouldBe("third");
    }

    [Fact]
    public void Documents_fall_under_the_content_policy()
    {
        Retrieved(span => span.SetDocuments(Found), options => options.Redact = text => text.Replace("secret", "[gone]"))
            .TagObjects.ShouldAllBe(tag => !tag.Value!.ToString()!.Contains("secret"));
        Retrieved(span => span.SetDocuments(Found), options => options.CaptureContent = false)
            .TagObjects.Select(tag => tag.Key)
            .ShouldBe(["pandaprobe.span.kind", "openinference.span.kind", "gen_ai.operation.name"]);

        Activity cut = Retrieved(
            span => span.SetDocuments([new(new string('a', 1000)), new("short")]), options => options.MaxContentLength = 100);
        cut.Text("retrieval.documents.0.document.content")!.Length.ShouldBe(95);
        cut.Tag("retrieval.documents.1.document.content").ShouldBe("short");
        cut.Tag("pandaprobe.metadata.output_original_length").ShouldBe(1005L);
    }

    [Fact]
    public void Endless_and_broken_sequences_and_odd_values_are_borne()
    {
        Activity endless = Retrieved(span => span.SetDocuments(Endless()));
        endless.TagObjects.Count(tag => tag.Key.StartsWith("retrieval.documents.", StringComparison.Ordinal)).ShouldBe(100);
        endless.Tag("pandaprobe.metadata.documents_left_out_after").ShouldBe(100L);
        JsonDocument.Parse(endless.Text("output.value")!).RootElement.GetArrayLength().ShouldBe(100);

        Activity broken = Retrieved(span => span.SetDocuments(Broken()));
        broken.Tag("retrieval.documents.0.document.content").ShouldBe("before");
        broken.Status.ShouldBe(ActivityStatusCode.Unset);

        Activity odd = Retrieved(span => span.SetDocuments([null!, new(null, "id", double.NaN)]));
        odd.Text("output.value").ShouldBe("""[{"id":"id"}]""");
        odd.HasTag("retrieval.documents.0.document.score").ShouldBeFalse();

        static IEnumerable<ProbeDocument> Endless()
        {
            while (true)
                yield return new("again");
        }

        static IEnumerable<ProbeDocument> Broken()
        {
            yield return new("before");
            throw new InvalidOperationException();
        }
    }

    private static Activity Retrieved(Action<SpanScope> record, Action<PandaProbeOptions>? options = null)
    {
        using SpanRecording recording = new(options);
        using (SpanScope span = Probe.StartSpan("search", ProbeSpanKind.Retriever))
            record(span);
        return recording.Span("search");
    }
}

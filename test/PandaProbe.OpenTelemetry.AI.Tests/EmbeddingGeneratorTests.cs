using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace PandaProbe.AI;

public sealed class EmbeddingGeneratorTests
{
    [Fact]
    public async Task A_call_is_a_span_with_its_texts_and_tokens()
    {
        using var capture = ProbeCapture.Start();
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator().WithPandaProbe();

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(["one", "two"]);

        embeddings.Count.ShouldBe(2);
        CapturedSpan span = capture.Span("embeddings text-embedding-3-small");
        span.Activity.Kind.ShouldBe(ActivityKind.Client);
        span.Attribute("pandaprobe.span.kind").ShouldBe("EMBEDDING");
        span.Attribute("gen_ai.operation.name").ShouldBe("embeddings");
        span.Attribute("gen_ai.usage.input_tokens").ShouldBe(12L);
        span.Attribute("gen_ai.embeddings.dimension.count").ShouldBe(3L);
        span.Text("input.value").ShouldBe("""["one","two"]""");
    }

    [Theory]
    [InlineData(100, 0, null)]
    [InlineData(101, 0, 101L)]
    [InlineData(50, 50, null)]
    [InlineData(50, 51, 108L)]
    public async Task Texts_beyond_the_limit_are_shortened_and_say_so(int first, int second, long? noted)
    {
        using var capture = ProbeCapture.Start(options => options.Recording.MaxContentLength = 100);
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator().WithPandaProbe();
        string[] texts = second == 0 ? [new('a', first)] : [new('a', first), new('b', second)];

        await generator.GenerateAsync(texts);

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.Attribute("pandaprobe.metadata.input_original_length").ShouldBe(noted);
        span.Text("input.value")!.Contains('…').ShouldBe(noted is not null);
        span.Text("input.mime_type").ShouldBe(second == 0 ? "text/plain" : "application/json");
    }

    [Fact]
    public async Task Texts_are_redacted_whether_one_or_several()
    {
        using var capture = ProbeCapture.Start(options => options.Recording.Redact = text => text.Replace("4111", "[card]"));
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator().WithPandaProbe();

        await generator.GenerateAsync(["card 4111"]);
        await generator.GenerateAsync(["card 4111", "two"]);

        capture.Spans.Select(span => span.Text("input.value")).ShouldBe(["card [card]", """["card [card]","two"]"""]);
        capture.Spans.ShouldAllBe(span => span.Attribute("pandaprobe.metadata.input_original_length") == null);
    }

    [Fact]
    public async Task An_error_passes_unchanged()
    {
        using var capture = ProbeCapture.Start();
        HttpRequestException failure = new("gone");
        IEmbeddingGenerator<string, Embedding<float>> generator = new ScriptedGenerator { Failure = failure }.WithPandaProbe();

        (await Should.ThrowAsync<HttpRequestException>(async () => await generator.GenerateAsync(["one"]))).ShouldBeSameAs(failure);

        CapturedSpan span = capture.Spans.ShouldHaveSingleItem();
        span.IsError.ShouldBeTrue();
        span.Text("input.value").ShouldBe("one");
    }
}

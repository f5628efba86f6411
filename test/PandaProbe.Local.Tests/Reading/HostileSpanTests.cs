using System.Text;
using OpenTelemetry.Proto.Common.V1;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

public sealed class HostileSpanTests
{
    private static readonly string[] Contents =
    [
        "gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions",
            "gen_ai.retrieval.documents",
        "gen_ai.response.finish_reasons", "llm.invocation_parameters", "metadata", "input.value", "output.value", "ai.prompt",
        "ai.prompt.messages",
        "ai.response.toolCalls", "ai.response.providerMetadata", "ai.telemetry.metadata.langfusePrompt", "pydantic_ai.all_messages",
        "events", "request_data",
        "response_data", "model_request_parameters", "langfuse.observation.input", "langfuse.observation.output",
        "langfuse.observation.usage_details",
        "langfuse.observation.cost_details", "langfuse.observation.metadata", "traceloop.entity.input", "traceloop.entity.output",
        "gen_ai.prompt.0.content",
        "llm.tools.0.tool.json_schema", "retrieval.documents.0.document.metadata", "tag.tags", "gen_ai.usage.input_tokens",
        "gen_ai.usage.cost",
        "langfuse.observation.completion_start_time", "gen_ai.request.temperature", "pandaprobe.metadata.x", "session.id",
        "mlflow.spanInputs",
    ];

    public static TheoryData<string, object> Values => new()
    {
        { "depth of 1,000 lists", new string('[', 1_000) + new string(']', 1_000) },
        { "depth of 1,000 objects", Repeat("{\"messages\":", 1_000) + "1" + new string('}', 1_000) },
        { "depth of 1,000 messages", Repeat("[{\"role\":\"user\",\"content\":", 1_000) + "1" + Repeat("}]", 1_000) },
        { "depth of 1,000 wrapped messages", Repeat("{\"message\":", 1_000) + "1" + new string('}', 1_000) },
        { "depth of 100,000 lists", new string('[', 100_000) },
        { "an escaped half of a surrogate pair", "[{\"role\":\"user\",\"content\":\"a\\ud800b\",\"na\\udfffme\":1}]" },
        { "half of a surrogate pair", "[{\"role\":\"us\ud800er\",\"content\":\"\udfff\"}]" },
        { "an empty text", "" },
        { "one bracket", "[" },
        { "one brace", "{" },
        { "a quote", "\"" },
        { "a quoted bracket", "\"[" },
        { "no JSON", "[not json}" },
        { "a list of everything",
        "[1,null,true,\"x\",[],{},[[]],{\"role\":1},{\"role\":\"user\"},{\"type\":{}},{\"content\":{\"a\":1}},{\"parts\":1},{\"message\":{}}]" },
        { "an object of wrong types",
        "{\"messages\":{\"0\":1},\"system\":[1],\"choices\":1,\"usage\":[],\"total\":\"x\",\"input\":1e999,\"name\":[]}" },
        { "a part of wrong types",
        "[{\"role\":\"user\",\"parts\":[1,null,{\"type\":\"image\",\"image\":1},{\"type\":\"tool_call\",\"name\":[]},{\"type\":\"blob\",\"content\":{}},{\"type\":\"file\",\"source\":{\"data\":\"data:,\"}}]}]" },
        { "the largest number", long.MaxValue },
        { "a negative number", -1L },
        { "not a number", double.NaN },
        { "infinity", double.PositiveInfinity },
        { "truth", true },
        { "bytes", new byte[] { 0, 255 } },
        { "nothing", new AnyValue() },
        { "an empty list", Array.Empty<object>() },
        { "a list of nothing", new object[] { new AnyValue(), new Dictionary<string, object>() } },
        { "a map", new Dictionary<string, object> { ["role"] = 1L, [""] = "x", ["content"] = new object[] { 1L, "x" } } },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Any_value_in_any_attribute_is_read_without_a_failure(string description, object value)
    {
        foreach (string kind in (string[])["LLM", "TOOL", "AGENT", "RETRIEVER", "OTHER"])
        {
            TestSpan span = new("x", "ai") { { "pandaprobe.span.kind", kind } };
            foreach (string name in Contents)
                span.Add(name, value);
            span.Event("gen_ai.choice", ("message", value), ("content", value)).Event("exception", ("exception.type", value)).Failed("x");
            span.Log("gen_ai.user.message", value)
                .Log("gen_ai.client.inference.operation.details", value, ("gen_ai.input.messages", value));

            ReadSpan read = span.Read();

            read.Readers.ShouldNotContain(reader => reader.Contains(':'), description);
            (read.InputPreview, read.OutputPreview).ShouldNotBe(("", ""));
        }
    }

    [Fact]
    public void A_number_in_a_name_is_no_size()
    {
        TestSpan span = new("x") { { "openinference.span.kind", "LLM" } };
        foreach (string index in (string[])["999999999", "99999999999999999999999999", "3", "00000000000000000000000000000001", "-1", "1x"])
            span.Add($"llm.input_messages.{index}.message.content", index);
        span.Add("llm.input_messages." + string.Join('.', Enumerable.Repeat("0", 5_000)), "deep");

        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadSpan read = span.Read();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5_000_000);
        read.Readers.ShouldBe(["openinference"]);
    }

    [Fact]
    public void Numbers_of_messages_beyond_any_integer_are_still_in_order()
    {
        ReadSpan read = new TestSpan("x")
        {
            { "openinference.span.kind", "LLM" },
            { "llm.input_messages.99999999999999999999999999.message.content", "last" },
            { "llm.input_messages.999999999.message.content", "second" },
            { "llm.input_messages.2.message.content", "first" },
        }.Read();

        read.Input.Select(message => message.Text).ShouldBe(["first", "second", "last"]);
    }

    [Fact]
    public void A_text_of_ten_megabytes_is_kept_and_its_preview_is_short()
    {
        string text = new StringBuilder().Insert(0, "0123456789 ", 1_000_000).ToString();

        ReadSpan read = new TestSpan("x") { { "gen_ai.operation.name", "chat" }, { "gen_ai.input.messages", $$"""[{"role":"user","parts":[{"type":"text","content":"{{text}}"}]}]""" } }.Read();

        read.Input.ShouldHaveSingleItem().Text.ShouldBe(text);
        read.InputPreview!.Length.ShouldBeLessThanOrEqualTo(Preview.Length);
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello, how can I he""", "Hello, how can I he…")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"caf\u00e""", "caf…")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"a\""", "a…")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"whole"},{"ro""", "whole")]
    [InlineData("""[{"role":"user","content":"Hi"},{"role":"assistant","content":"whole","n":12""", "whole")]
    public void Messages_that_were_cut_off_show_what_is_there(string json, string last)
    {
        ReadSpan read = new TestSpan("x") { { "gen_ai.operation.name", "chat" }, { "gen_ai.input.messages", json } }.Read();

        read.Input.Select(message => message.Text).ShouldBe(["Hi", last]);
    }

    [Fact]
    public void Binary_content_is_a_size_and_a_type_and_a_small_picture_an_address()
    {
        string small = Convert.ToBase64String(new byte[300]);
        string large = Convert.ToBase64String(new byte[300_000]);

        ReadSpan read = new TestSpan("x")
        {
            { "gen_ai.operation.name", "chat" },
            { "gen_ai.input.messages", $$$"""
                [{"role":"user","parts":[{"type":"blob","modality":"image","mime_type":"image/png","content":"{{{small}}}"},
                 {"type":"blob","modality":"image","mime_type":"image/png","content":"{{{large}}}"},
                 {"type":"image_url","image_url":{"url":"data:image/jpeg;base64,{{{small}}}"}},
                 {"type":"file","modality":"document","file_id":"file-1","mime_type":"application/pdf"},
                 {"type":"input_audio","input_audio":{"data":"{{{small}}}","format":"wav"}}]}]
                """ },
        }.Read();

        IReadOnlyList<ReadPart> parts = read.Input.ShouldHaveSingleItem().Parts;
        parts.ShouldAllBe(part => part.Kind == ReadPartKind.Media && part.Text == null);
        parts.Select(part => part.Size).ShouldBe([300, 300_000, 300, null, 300]);
        parts.Select(part => part.MimeType).ShouldBe(["image/png", "image/png", "image/jpeg", "application/pdf", "audio/*"]);
        parts[0].Uri.ShouldBe($"data:image/png;base64,{small}");
        parts[1].Uri.ShouldBeNull();
        parts[2].Uri.ShouldBe($"data:image/jpeg;base64,{small}");
        parts[3].Id.ShouldBe("file-1");
        parts[4].Uri.ShouldBeNull();
    }

    [Fact]
    public void What_no_reader_understands_is_named()
    {
        ReadSpan read = new TestSpan("GET /orders") { { "http.request.method", "GET" }, { "url.full", "https://example.com" } }.Read();

        (read.Kind, read.Name).ShouldBe((StepKind.Other, "GET /orders"));
        read.Readers.ShouldBeEmpty();
        read.Rest.ShouldBe(["http.request.method", "url.full"]);
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}

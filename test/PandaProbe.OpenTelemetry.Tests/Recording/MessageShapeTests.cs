using PandaProbe.Content;
using PandaProbe.Interception;
using PandaProbe.Values;

namespace PandaProbe.Tests.Recording;

/// <summary>Messages that an argument or a result of a method with an attribute is made of.</summary>
public sealed class MessageShapeTests
{
    [Theory]
    [InlineData("""{"type":"text","text":"a"}""", """{"type":"text","content":"a"}""")]
    [InlineData("""{"type":"text","content":"a"}""", """{"type":"text","content":"a"}""")]
    [InlineData("""{"type":"input_text","text":"a"}""", """{"type":"text","content":"a"}""")]
    [InlineData("""{"type":"output_text","text":"a"}""", """{"type":"text","content":"a"}""")]
    [InlineData("\"a\"", """{"type":"text","content":"a"}""")]
    [InlineData("""{"type":"reasoning","content":"hm"}""", """{"type":"reasoning","content":"hm"}""")]
    [InlineData("""{"type":"tool_call","id":"1","name":"f","arguments":{"a":1}}""", """{"type":"tool_call","id":"1","name":"f","arguments":{"a":1}}""")]
    [InlineData("""{"type":"tool_call","name":"f","arguments":null}""", """{"type":"tool_call","name":"f"}""")]
    [InlineData("""{"type":"tool_use","id":"1","name":"f","input":{"a":1}}""", """{"type":"tool_call","id":"1","name":"f","arguments":{"a":1}}""")]
    [InlineData("""{"type":"tool_call_response","id":"1","response":"r"}""", """{"type":"tool_call_response","id":"1","response":"r"}""")]
    [InlineData("""{"type":"tool_call_response","id":"1","result":[1]}""", """{"type":"tool_call_response","id":"1","response":[1]}""")]
    [InlineData("""{"type":"tool_result","tool_use_id":"1","content":"r"}""", """{"type":"tool_call_response","id":"1","response":"r"}""")]
    [InlineData("""{"type":"uri","modality":"image","uri":"https://x/a.png","mime_type":"image/png"}""", """{"type":"uri","modality":"image","mime_type":"image/png","uri":"https://x/a.png"}""")]
    [InlineData("""{"type":"uri","modality":"document","uri":"https://x/a.pdf","mime_type":"application/pdf"}""", """{"type":"uri","modality":"document","mime_type":"application/pdf","uri":"https://x/a.pdf"}""")]
    [InlineData("""{"type":"file","file_id":"f1","mime_type":"image/png"}""", """{"type":"file","modality":"image","mime_type":"image/png","file_id":"f1"}""")]
    [InlineData("""{"type":"blob","content":"AQID","mime_type":"image/png"}""", """{"type":"blob","modality":"image","mime_type":"image/png","content":"AQID"}""")]
    [InlineData("""{"type":"image_url","image_url":"https://x/a.png"}""", """{"type":"uri","modality":"image","mime_type":"image/*","uri":"https://x/a.png"}""")]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://x/a.png"}}""", """{"type":"uri","modality":"image","mime_type":"image/*","uri":"https://x/a.png"}""")]
    [InlineData("""{"TYPE":"text","Text":"a"}""", """{"type":"text","content":"a"}""")]
    public void A_part_of_any_format_becomes_the_part_of_the_conventions(string part, string expected)
    {
        foreach (string name in new[] { "content", "contents", "parts", "Content" })
        {
            // Two parts, because one part of text is the same as the text.
            Recorded($$"""[{"role":"user","{{name}}":[{{part}},{"type":"text","text":"b"}]}]""")
                .ShouldBe($$"""[{"role":"user","parts":[{{expected}},{"type":"text","content":"b"}]}]""");
        }
    }

    [Theory]
    [InlineData("""{"type":"text","text":"a","cache_control":{}}""")]
    [InlineData("""{"type":"text","text":1}""")]
    [InlineData("""{"type":"reasoning","content":"hm","signature":"s"}""")]
    [InlineData("""{"type":"tool_call","id":"1"}""")]
    [InlineData("""{"type":"tool_use","id":"1"}""")]
    [InlineData("""{"type":"uri","modality":"image"}""")]
    [InlineData("""{"type":"file"}""")]
    [InlineData("""{"type":"blob","content":"AQID"}""")]
    [InlineData("""{"type":"blob","content":"not base64!","mime_type":"image/png"}""")]
    [InlineData("""{"type":"image_url","image_url":"data:image/png;base64,AQID"}""")]
    [InlineData("""{"type":"image_url","image_url":{}}""")]
    [InlineData("""{"type":"new","x":1}""")]
    [InlineData("""{}""")]
    [InlineData("1")]
    public void A_call_to_a_model_keeps_the_JSON_whose_parts_would_lose_something(string part)
    {
        string json = $$"""[{"role":"user","content":[{"type":"text","text":"b"},{{part}}]}]""";

        MessageShape.TryRead(json, ProbeSpanKind.Llm, out _).ShouldBeFalse();
        MessageShape.TryRead(json, kind: null, out ProbeMessage[]? lastOfTrace).ShouldBeTrue();
        lastOfTrace!.ShouldHaveSingleItem().Content.ShouldStartWith("b");
    }

    [Theory]
    [InlineData("""{"role":"user","content":"a"}""", """{"role":"user","parts":[{"type":"text","content":"a"}]}""")]
    [InlineData("""{"role":"user","content":[{"type":"text","text":"a"}]}""", """{"role":"user","parts":[{"type":"text","content":"a"}]}""")]
    [InlineData("""{"role":"user","content":null}""", """{"role":"user","parts":[{"type":"text","content":""}]}""")]
    [InlineData("""{"role":"user","content":"a","name":"ada"}""", """{"role":"user","name":"ada","parts":[{"type":"text","content":"a"}]}""")]
    [InlineData("""{"role":"user","content":"a","name":null,"tool_calls":null,"tool_call_id":null}""", """{"role":"user","parts":[{"type":"text","content":"a"}]}""")]
    [InlineData("""{"role":"tool","content":"r","tool_call_id":"1"}""", """{"role":"tool","parts":[{"type":"tool_call_response","id":"1","response":"r"}]}""")]
    [InlineData("""{"role":"tool","content":"r","tool_call_id":"1","name":"f"}""", """{"role":"tool","name":"f","parts":[{"type":"tool_call_response","id":"1","response":"r"}]}""")]
    [InlineData("""{"role":"assistant","content":"a","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}""", """{"role":"assistant","parts":[{"type":"text","content":"a"},{"type":"tool_call","id":"1","name":"f","arguments":{"a":1}}]}""")]
    [InlineData("""{"role":"assistant","content":"","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]}""", """{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":{}}]}""")]
    public void A_message_keeps_its_name_its_tool_calls_and_its_result(string message, string expected)
    {
        Recorded($"[{message}]").ShouldBe($"[{expected}]");
        Recorded(message).ShouldBe($"[{expected}]");
        Recorded($$"""{"messages":[{{message}}]}""").ShouldBe($"[{expected}]");
    }

    [Theory]
    [InlineData("""[{"role":"user","content":"a","more":1}]""")]
    [InlineData("""[{"role":"user","content":1}]""")]
    [InlineData("""[{"role":"user","content":"a","name":1}]""")]
    [InlineData("""[{"role":"user","content":"a","tool_call_id":"1"}]""")]
    [InlineData("""[{"role":"tool","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"tool_call_id":"1"}]""")]
    [InlineData("""[{"role":"assistant","content":"a","tool_calls":[{"id":"1"}]}]""")]
    [InlineData("""[{"role":"assistant","content":"a","tool_calls":[{"id":"1","function":{}}]}]""")]
    [InlineData("""[{"role":"assistant","content":"a","tool_calls":{}}]""")]
    public void A_call_to_a_model_keeps_the_JSON_whose_messages_would_lose_something(string json) =>
        MessageShape.TryRead(json, ProbeSpanKind.Llm, out _).ShouldBeFalse();

    [Fact]
    public void A_trace_keeps_the_words_of_a_user_whose_message_names_a_tool_call()
    {
        MessageShape.TryRead("""[{"role":"user","content":"a","tool_call_id":"1"}]""", kind: null, out ProbeMessage[]? messages).ShouldBeTrue();

        messages!.ShouldHaveSingleItem().ShouldBe(ProbeMessage.User("a"));
    }

    [Theory]
    [InlineData("1", "1")]
    [InlineData("""{"a":[1,null]}""", """{"a":[1,null]}""")]
    [InlineData("null", "")]
    [InlineData("""["a",1,{"type":"new","Content":"b"},{"x":1}]""", "ab")]
    public void A_trace_keeps_content_of_another_shape_as_JSON_and_the_text_of_a_list(string content, string expected)
    {
        string json = $$"""{"role":"user","content":{{content}},"more":1}""";

        MessageShape.TryRead(json, kind: null, out ProbeMessage[]? messages).ShouldBeTrue();

        messages!.ShouldHaveSingleItem().Content.ShouldBe(expected);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("\"role\"")]
    [InlineData("""{"role":"user"}""")]
    [InlineData("""{"role":1,"content":"a"}""")]
    [InlineData("""[{"role":"user","content":"a"},1]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user"}]""")]
    [InlineData("""{"role":"user","content":""")]
    public void Other_JSON_is_not_messages(string json)
    {
        MessageShape.TryRead(json, ProbeSpanKind.Llm, out _).ShouldBeFalse();
        MessageShape.TryRead(json, kind: null, out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, "two")]
    [InlineData(true, "three")]
    public void A_trace_keeps_the_last_message_of_the_user_or_of_the_assistant(bool output, string expected)
    {
        const string Json = """[{"role":"user","content":"one"},{"role":"User","content":"two"},{"role":"assistant","content":"three"},{"role":"system","content":"four"}]""";

        MessageShape.TryRead(Json, kind: null, out ProbeMessage[]? messages, output).ShouldBeTrue();

        messages!.ShouldHaveSingleItem().Content.ShouldBe(expected);
        MessageShape.TryRead("""[{"role":"system","content":"four"}]""", kind: null, out _, output).ShouldBeFalse();
    }

    [Fact]
    public void A_trace_keeps_several_texts_of_a_message_as_one_and_other_parts_as_parts()
    {
        MessageShape.TryRead("""[{"role":"user","content":["a",{"type":"text","text":"b"}]}]""", kind: null, out ProbeMessage[]? texts).ShouldBeTrue();
        MessageShape.TryRead(
            """[{"role":"user","content":["a",{"type":"file","file_id":"f"}]}]""", kind: null, out ProbeMessage[]? parts).ShouldBeTrue();

        texts!.ShouldHaveSingleItem().Parts.ShouldBeNull();
        texts![0].Content.ShouldBe("ab");
        parts!.ShouldHaveSingleItem().Parts!.Select(part => part.Type).ShouldBe(["text", "file"]);
    }

    private static string Recorded(string json)
    {
        MessageShape.TryRead(json, ProbeSpanKind.Llm, out ProbeMessage[]? messages).ShouldBeTrue(json);
        return new ConversationContent([.. messages!.Select(message => MessageContent.Of(message))], isOutput: false).ToString();
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Tests.Reading;

/// <summary>Requests and responses of providers, which several instrumentations record whole.</summary>
public sealed class MessageReaderTests
{
    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"developer","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""")]
    [InlineData("""{"model":"claude","system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":"Hi"}],"max_tokens":10}""")]
    [InlineData("""{"model":"gpt-5","instructions":"Be brief.","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}]}""")]
    [InlineData("""{"model":"gpt-5","instructions":"Be brief.","input":"Hi"}""")]
    [InlineData("""{"systemInstruction":{"parts":[{"text":"Be brief."}]},"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""")]
    [InlineData("""[[{"lc":1,"type":"constructor","id":["a","SystemMessage"],"kwargs":{"content":"Be brief."}},{"lc":1,"type":"constructor","id":["a","HumanMessage"],"kwargs":{"content":"Hi"}}]]""")]
    [InlineData("""{"messages":[{"type":"system","content":"Be brief."},{"type":"human","content":"Hi"}]}""")]
    [InlineData(
        "\"{\\\"messages\\\":[{\\\"role\\\":\\\"system\\\",\\\"content\\\":\\\"Be brief.\\\"},{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"Hi\\\"}]}\"")]
    public void Requests_of_all_providers_are_the_same_messages(string request) =>
        Read(request, "user").ShouldBe(["system: Be brief.", "user: Hi"]);

    [Theory]
    [InlineData("""{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""")]
    [InlineData("""{"role":"assistant","content":[{"type":"text","text":"Hello"},{"type":"tool_use","id":"1","name":"f","input":{}}],"stop_reason":"tool_use"}""")]
    [InlineData("""{"candidates":[{"content":{"role":"model","parts":[{"text":"Hello"},{"functionCall":{"id":"1","name":"f","args":{}}}]},"finishReason":"tool_calls"}]}""")]
    [InlineData("""{"generations":[[{"text":"Hello","message":{"lc":1,"type":"constructor","id":["a","AIMessage"],"kwargs":{"content":"Hello","additional_kwargs":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}}}]]}""")]
    [InlineData("""[{"role":"assistant","parts":[{"type":"text","content":"Hello"},{"type":"tool_call","id":"1","name":"f","arguments":{}}],"finish_reason":"tool_call"}]""")]
    public void Responses_of_all_providers_are_the_same_message(string response)
    {
        ReadMessage message = MessageReader.Read(LenientJson.Parse(response)!.Value, "assistant").ShouldHaveSingleItem();

        (message.Role, message.FinishReason).ShouldBe(("assistant", "tool_call"));
        message.Parts.ShouldBe([new ReadPart(ReadPartKind.Text, "Hello"), new ReadPart(ReadPartKind.ToolCall, "{}", "1", "f")]);
    }

    [Fact]
    public void Items_of_the_Responses_API_are_messages()
    {
        const string Items = """
            [{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}]},
             {"type":"function_call","call_id":"1","name":"f","arguments":"{}"},
             {"type":"function_call_output","call_id":"1","output":"4"},
             {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Four."}]}]
            """;

        Read(Items, "assistant").ShouldBe(["assistant: (thought) Hm.", "assistant: → f({})", "tool: ← 4", "assistant: Four."]);
    }

    [Fact]
    public void Messages_of_the_conventions_are_read_the_same_beside_messages_of_other_shapes()
    {
        string[] history =
        [
            """{"role":"system","parts":[{"type":"text","content":"Be brief."}]}""",
            """{"role":"Human","parts":[{"type":"text","content":"Hi"},{"type":"reasoning","content":"Hm."}]}""",
            """{"role":"assistant","parts":[{"type":"tool_call","id":"1","name":"f","arguments":{"a":1}}],"finish_reason":"tool_calls"}""",
            """{"role":"user","parts":[{"type":"tool_call_response","id":"1","response":"4"}]}""",
        ];
        string[] expected = ["system: Be brief.", "user: Hi\n(thought) Hm.", "assistant: → f({\"a\":1})", "tool: ← 4"];
        Read($"[{string.Join(',', history)}]", "user").ShouldBe(expected);
        Read($$"""[{{string.Join(',', history)}},{"role":"tool","parts":[{"type":"text","content":"5"}]}]""", "user")
            .ShouldBe([.. expected, "tool: ← 5"]);
        Read($$"""[{{string.Join(',', history)}},{"role":"","content":"Why?"}]""", "user").ShouldBe([.. expected, "user: Why?"]);
    }

    [Fact]
    public void A_message_in_a_list_is_the_same_by_its_position_and_in_its_turn()
    {
        IReadOnlyList<ReadMessage> messages = MessageReader.Read(
            LenientJson.Parse("""[{"role":"user","parts":[{"type":"text","content":"Hi"}]},{"role":"assistant","parts":[]}]""")!.Value, "user");
        messages = ((PlainMessages)messages).After(ReadMessage.Of(ReadMessage.System, "Be brief."));
        messages.Count.ShouldBe(3);
        messages.Select(static message => (message.Role, message.Text))
            .ShouldBe([("system", "Be brief."), ("user", "Hi"), ("assistant", "")]);
        Enumerable.Range(0, 3).Select(index => (messages[index].Role, messages[index].Text))
            .ShouldBe([("system", "Be brief."), ("user", "Hi"), ("assistant", "")]);
    }

    [Theory]
    [InlineData("""{"question":"Why?"}""")]
    [InlineData("""{"data":{"rows":[1,2]}}""")]
    [InlineData("""[1,2]""")]
    [InlineData("""{"system":"only"}""")]
    public void Other_JSON_is_no_message(string json) => Read(json, "user").ShouldBeEmpty();

    [Fact]
    public void Messages_that_were_written_are_read_as_they_were()
    {
        ReadMessage[] messages =
        [
            new("user", [new(ReadPartKind.Text, "Hi \"there\""),
                new(ReadPartKind.Media, MimeType: "image/png", Uri: "https://example.com/a.png")], Name: "ada"),
            new("assistant", [new(ReadPartKind.Reasoning, "Hm."), new(ReadPartKind.ToolCall, """{"a":1}""", "1", "f")], FinishReason: "tool_call"),
            new("tool", [new(ReadPartKind.ToolResult, "no JSON", "1", "f")]),
        ];
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
            MessageJson.Write(json, messages);

        IReadOnlyList<ReadMessage> read = MessageReader.Read(LenientJson.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan))!.Value, "user");

        read.Count.ShouldBe(3);
        for (int i = 0; i < 3; i++)
        {
            (read[i].Role, read[i].Name, read[i].FinishReason).ShouldBe((messages[i].Role, messages[i].Name, messages[i].FinishReason));
            read[i].Parts.ShouldBe(messages[i].Parts);
        }
    }

    private static IEnumerable<string> Read(string json, string role) =>
        MessageReader.Read(LenientJson.Parse(json)!.Value, role).Select(PandaProbe.Local.Concluding.MessageText.Of);
}

namespace PandaProbe.Testing.Trajectories;

public sealed class OtlpTrajectoryTests
{
    private const string First = "0af7651916cd43dd8448eb211c80319c";
    private const string Second = "1af7651916cd43dd8448eb211c80319c";

    private const string Arguments = """{"key":"gen_ai.tool.call.arguments","value":{"stringValue":"{\"order_id\":\"A-1042\"}"}}""";
    private const string Input = """{"key":"input.value","value":{"stringValue":"{\"amount\":12.5}"}}""";

    // Lines as the viewer's export writes them: spans of one trace over two lines, a line of logs, and one of another kind.
    private static readonly string Export = string.Join(
        "\n",
        Line(Span(First, 3, "refund", "TOOL", Input) + "," + Span(First, 1, "turn", "TRACE", "")),
        Line(Span(First, 2, "lookup_order", "TOOL", Arguments)),
        """{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"x"}}]}]}]}""",
        """{"pandaprobe":{"scores":[]}}""",
        "");

    [Fact]
    public void The_calls_of_tools_come_in_the_order_of_their_start() =>
        Trajectory.FromOtlp(Export).Steps.ShouldBe(
            [new("lookup_order", """{"order_id":"A-1042"}"""), new("refund", """{"amount":12.5}""")]);

    [Fact]
    public void Spans_of_other_libraries_are_known_by_their_operation()
    {
        const string Values = """
            {"key":"gen_ai.tool.call.arguments","value":{"kvlistValue":{"values":[{"key":"q","value":{"stringValue":"panda"}},
            {"key":"n","value":{"intValue":"3"}},{"key":"tags","value":{"arrayValue":{"values":[{"boolValue":true},{"doubleValue":0.5}]}}}]}}}
            """;
        string line = Line(
            """{"traceId":"0a","name":"execute_tool search","startTimeUnixNano":5,"attributes":[""" + Values.ReplaceLineEndings("")
            + ",{\"key\":\"gen_ai.operation.name\",\"value\":{\"stringValue\":\"execute_tool\"}}]}");

        Trajectory.FromOtlp(line).Steps.ShouldBe([new("search", """{"q":"panda","n":3,"tags":[true,0.5]}""")]);
    }

    [Fact]
    public void One_of_several_traces_is_chosen_by_its_id()
    {
        string both = Export + Line(Span(Second, 1, "search", "TOOL", ""));

        Trajectory.FromOtlp(both, Second.ToUpperInvariant()).Steps.ShouldBe([new("search")]);
        Should.Throw<FormatException>(() => Trajectory.FromOtlp(both)).Message
            .ShouldBe($"There are 2 traces in the text. Name one of them: {First}, {Second}");
        Should.Throw<FormatException>(() => Trajectory.FromOtlp(both, "beef"))
            .Message.ShouldStartWith("There is no trace beef in the text.");
    }

    [Theory]
    [InlineData("", "There is no span in the text")]
    [InlineData("{\"resourceSpans\":[]}", "There is no span in the text")]
    [InlineData("\nnot json", "Line 2 is not JSON: not json")]
    public void A_text_that_is_no_export_is_refused(string text, string complaint) =>
        Should.Throw<FormatException>(() => Trajectory.FromOtlp(text)).Message.ShouldContain(complaint);

    private static string Line(string spans) => "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + spans + "]}]}]}";

    private static string Span(string trace, int start, string name, string kind, string attribute) =>
        $"{{\"traceId\":\"{trace}\",\"spanId\":\"00f067aa0ba902b{start}\",\"name\":\"{name}\",\"startTimeUnixNano\":\"{start}\","
        + $"\"attributes\":[{{\"key\":\"pandaprobe.span.kind\",\"value\":{{\"stringValue\":\"{kind}\"}}}}{(attribute.Length == 0 ? "" : "," + attribute)}]}}";
}

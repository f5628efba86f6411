namespace PandaProbe.Testing.Evaluations;

public sealed class CaseReaderTests
{
    [Fact]
    public void Cases_are_read_from_json_lines()
    {
        IReadOnlyList<EvaluationCase> cases = EvaluationCase.Parse("""
            {"id":"refund-1","input":"I want my money back","expected":"12.50 €","trajectory":["lookup_order",{"tool":"refund","arguments":{"amount":12.5}}],"language":"en","weight":2}

            {"input":{"order":"A-1042"},"expected":["a","b"]}
            {"input":"only a question","expected":null}
            """);

        cases.Select(one => one.Id).ShouldBe(["refund-1", "line 3", "line 4"]);
        cases[0].Expected.ShouldBe("12.50 €");
        cases[0].Trajectory!.Steps.ShouldBe([new("lookup_order"), new("refund", """{"amount":12.5}""")]);
        cases[0].Metadata["language"].GetString().ShouldBe("en");
        cases[0].Metadata["weight"].GetInt32().ShouldBe(2);
        cases[1].Input.ShouldBe("""{"order":"A-1042"}""");
        cases[1].Expected.ShouldBe("""["a","b"]""");
        cases[2].Expected.ShouldBeNull();
        cases[2].Trajectory.ShouldBeNull();
    }

    [Theory]
    [InlineData("{\"input\":\"a\"}\n{", "Line 2 is not a case, because it is not JSON: {")]
    [InlineData("{\"id\":\"a\"}", "Line 1 is not a case, because it needs a property \"input\": {\"id\":\"a\"}")]
    [InlineData("[]", "Line 1 is not a case")]
    [InlineData("{\"input\":\"a\",\"trajectory\":\"x\"}", "\"trajectory\" must be a list of steps")]
    [InlineData("{\"id\":\"a\",\"input\":\"a\"}\n{\"id\":\"a\",\"input\":\"b\"}",
        "Line 2 has the id \"a\", which an earlier line has as well.")]
    public void A_line_that_is_no_case_is_named(string lines, string complaint) =>
        Should.Throw<FormatException>(() => EvaluationCase.Parse(lines)).Message.ShouldContain(complaint);
}

namespace PandaProbe.Testing;

public sealed class PatternTests
{
    private const string Tools = "lookup_order,check_stock,refund";

    [Theory]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM answer\n    TOOL lookup_order\n    LLM answer", true)]
    [InlineData("lookup_order", "TRACE\n  AGENT\n    LLM * model:gpt-5*\n    TOOL\n    LLM", true)]
    [InlineData("lookup_order", "* *\n  * *\n    * *\n    * *\n    * *", true)]
    [InlineData("lookup_order", "trace support\n  agent helper\n    ...", true)]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM\n    TOOL lookup_order", false)]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM\n    TOOL lookup_order\n    LLM\n    LLM", false)]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM\n    TOOL refund\n    LLM", false)]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM model:claude*\n    TOOL lookup_order\n    LLM", false)]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM provider:openai\n    TOOL *_order ok\n    LLM", true)]
    [InlineData("lookup_order", "TRACE support\n  AGENT helper\n    LLM error:*\n    TOOL\n    LLM", false)]
    [InlineData("lookup_order", "# a comment\n  TRACE support\n\n      AGENT helper\n          ...", true)]
    [InlineData("", "TRACE\n  AGENT\n    LLM ×2", true)]
    [InlineData("", "TRACE\n  AGENT\n    LLM x2", true)]
    [InlineData("", "TRACE\n  AGENT\n    LLM ×1", false)]
    [InlineData("", "TRACE\n  AGENT\n    LLM ×1..3", true)]
    [InlineData("", "TRACE\n  AGENT\n    LLM ×3..", false)]
    [InlineData("", "TRACE\n  AGENT\n    LLM ×1..\n    LLM", true)]
    [InlineData("", "TRACE\n  AGENT\n    ? TOOL\n    LLM ×2\n    ? LLM", true)]
    [InlineData("refund", "TRACE\n  AGENT\n    LLM\n    ? TOOL refund\n    LLM", true)]
    [InlineData("refund,refund", "TRACE\n  AGENT\n    LLM\n    ? TOOL refund\n    LLM", false)]
    [InlineData(
        Tools, "TRACE\n  AGENT\n    LLM\n    unordered\n      TOOL refund\n      TOOL check_stock\n      TOOL lookup_order\n    LLM", true)]
    [InlineData(Tools, "TRACE\n  AGENT\n    LLM\n    unordered\n      TOOL *\n      TOOL refund\n      TOOL lookup_order\n    LLM", true)]
    [InlineData(Tools, "TRACE\n  AGENT\n    LLM\n    unordered\n      TOOL refund\n      TOOL ×2\n      ? TOOL\n    LLM", true)]
    [InlineData(Tools, "TRACE\n  AGENT\n    LLM\n    unordered\n      TOOL refund\n      TOOL check_stock\n    LLM", false)]
    [InlineData(Tools, "TRACE\n  AGENT\n    LLM\n    unordered\n      TOOL refund\n      TOOL *_stock\n    TOOL lookup_order\n    LLM",
        false)]
    [InlineData(Tools, "TRACE\n  AGENT\n    LLM\n    TOOL lookup_order\n    unordered\n      TOOL refund\n      TOOL *_stock\n    LLM",
        true)]
    [InlineData(Tools, "TRACE\n  AGENT\n    ...\n    TOOL refund\n    ...", true)]
    [InlineData(Tools, "TRACE\n  AGENT\n    ...\n    TOOL refund\n    ...\n    TOOL lookup_order\n    ...", false)]
    public async Task A_pattern_matches_or_does_not(string tools, string pattern, bool matches)
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync(tools.Split(',', StringSplitOptions.RemoveEmptyEntries));
        CapturedTrace trace = await capture.WaitForTraceAsync();

        if (matches)
            trace.ShouldMatch(pattern);
        else
            Should.Throw<ProbeAssertionException>(() => trace.ShouldMatch(pattern));
    }

    [Theory]
    [InlineData("", "no line")]
    [InlineData("TOL refund", "'TOL' is not a kind of span")]
    [InlineData("LLM a b", "'b' is no condition")]
    [InlineData("LLM \"a b", "a quote is not closed")]
    [InlineData("TRACE\n\tLLM", "Line 2 of the pattern is not understood: indent with spaces")]
    [InlineData("...\n  LLM", "'...' has no children")]
    public async Task A_broken_pattern_says_where(string pattern, string message)
    {
        using var capture = ProbeCapture.Start();
        await Support.RunAsync();
        CapturedTrace trace = await capture.WaitForTraceAsync();

        Should.Throw<ArgumentException>(() => trace.ShouldMatch(pattern)).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_span_can_be_matched_by_itself_and_a_name_with_spaces_stands_in_quotes()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("run"))
        using (Probe.StartSpan("find documents", ProbeSpanKind.Retriever))
            Support.Ask("a", "b");

        await capture.WaitForTraceAsync();
        capture.Span("find documents").ShouldMatch("RETRIEVER \"find documents\"\n  LLM");
    }

    [Fact]
    public void Only_the_star_stands_for_other_characters()
    {
        using var capture = ProbeCapture.Start();
        Probe.StartTrace("""C:\Which one?""").Dispose();

        capture.Trace.ShouldMatch(""" TRACE "C:\Which one?" """).ShouldMatch(""" TRACE "C:\*" """);
        Should.Throw<ProbeAssertionException>(() => capture.Trace.ShouldMatch(""" TRACE "C:\Which one??" """));
        Should.Throw<ProbeAssertionException>(() => capture.Trace.ShouldMatch(""" TRACE "C:\Which ????" """));
    }

    [Fact]
    public void Many_children_are_compared_in_polynomial_time()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("run"))
        {
            for (int i = 0; i < 120; i++)
                Probe.StartSpan("step", ProbeSpanKind.Tool).Dispose();
        }

        capture.Trace.ShouldMatch("TRACE run\n  TOOL step ×1..\n  ? TOOL step\n  ...\n  TOOL step ×1..50\n  TOOL step");
    }
}

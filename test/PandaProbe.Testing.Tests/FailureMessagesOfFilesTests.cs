using Microsoft.Extensions.AI;
using PandaProbe.Testing.Cassettes;
using PandaProbe.Testing.Cassettes.Masking;
using PandaProbe.Testing.Evaluations;
using PandaProbe.Testing.Snapshots;

namespace PandaProbe.Testing;

/// <summary>What a user reads when a pattern, a file or an option cannot be used. Each snapshot has all messages of one area.</summary>
public sealed class FailureMessagesOfFilesTests
{
    [Fact]
    public void Patterns_and_arguments()
    {
        using var capture = ProbeCapture.Start();
        Probe.StartTrace("support").Dispose();
        CapturedTrace trace = capture.Trace;

        Shown(
            () => trace.ShouldMatch("# nothing"),
            () => trace.ShouldMatch("TRACE support\n  TOL refund"),
            () => trace.ShouldMatch("LLM a b"),
            () => trace.ShouldMatch("LLM \"a b"),
            () => trace.ShouldMatch("TRACE\n\tLLM"),
            () => trace.ShouldMatch("...\n  LLM"),
            () => trace.Root.ShouldMatch("TRACE other"),
            () => trace.Tools.Called("refund", "{}"),
            () => trace.Tools.Exactly("refund"),
            () => SnapshotFile.Of("/_/elsewhere/NoSuchTests.cs", "test", null)).ShouldMatchSnapshot();
    }

    [Fact]
    public async Task Arguments_that_are_no_JSON_and_long_ones()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("support"))
            await Support.CallAsync("refund", $$"""{"order":"{{new string('A', 400)}}"}""");
        CapturedTrace trace = await capture.WaitForTraceAsync();

        Shown(
            () => trace.Tools.Called("refund", "order A1"),
            () => trace.Tools.Called("refund", """{"order":"A1"}"""),
            () => trace.Tools.Never("refund")).ShouldMatchSnapshot();
    }

    [Fact]
    public void Several_spans_of_one_name()
    {
        using var capture = ProbeCapture.Start();
        using (Probe.StartTrace("support"))
        {
            Probe.StartSpan("step").Dispose();
            Probe.StartSpan("step").Dispose();
        }

        Shown(() => capture.Span("step")).ShouldMatchSnapshot();
    }

    [Fact]
    public async Task Cassettes()
    {
        using CassetteFolder folder = new();
        string file = Path.Combine(folder.Path, "AgentTests.agent.cassette.json");
        using IChatClient alone = folder.Record(name: "alone").CreateChatClient();
        CassetteMask mask = new(null);
        mask.Know("Bearer 0123456789abcdef");
        ChatOptions unwritable = new() { AdditionalProperties = new() { ["type"] = typeof(string) } };
        Exception noClient = await Should.ThrowAsync<CassetteException>(() => alone.GetResponseAsync("Hi"));
        Exception notJson = await Should.ThrowAsync<CassetteException>(() => alone.GetResponseAsync("Hi", unwritable));

        Shown(
            () => Opened("nothing"),
            () => Opened("{}"),
            () => Opened("""{"cassette":1}"""),
            () => Opened("""{"cassette":1,"recordings":[{"request":{}}]}"""),
            () => Opened("""{"cassette":2,"recordings":[]}"""),
            () => folder.Replay(options => options.ComparedHeaders.Add("X-Api-Key")),
            () => Cassette.Open("x", new(), "/_/elsewhere/NoSuchTests.cs", _ => null),
            () => Cassette.Open("x", new() { Folder = folder.Path }, "AgentTests.cs", _ => "rekord"),
            () => mask.Check("""{"key":"0123456789abcdef"}"""),
            () => throw noClient,
            () => throw notJson,
            () => throw RecordedEnd.Failure(),
            () => throw RecordedException.Make(new() { ["type"] = "Gone.GoneException, Gone", ["message"] = "No pictures." }))
            .Replace(folder.Path, "<folder>", StringComparison.Ordinal).Replace('\\', '/').ShouldMatchSnapshot();

        void Opened(string content)
        {
            File.WriteAllText(file, content);
            folder.Replay(name: "agent").Dispose();
        }
    }

    [Fact]
    public void Trajectories() => Shown(
        () => Trajectory.Parse("{\"tool\":\"search\"}\nnothing"),
        () => Trajectory.Parse("""{"arguments":{}}"""),
        () => Trajectory.FromOtlp("nothing"),
        () => Trajectory.FromOtlp("{}"),
        () => Trajectory.FromOtlp(Span("a") + "\n" + Span("b")),
        () => Trajectory.FromOtlp(Span("a"), "c")).ShouldMatchSnapshot();

    [Fact]
    public async Task Evaluations()
    {
        EvaluationReport report = await Reports.OfAsync(("exact", Reports.Passed(0, 20)));
        string baseline = Path.Combine(Directory.CreateTempSubdirectory("baseline-").FullName, "support.baseline.json");
        (await Reports.OfAsync(("exact", Reports.Passed(20, 20)))).SaveBaseline(baseline);
        EvaluationAttempt attempt = new(new("case", "in") { Expected = new string('b', 20_001) }, 1, "out", [], TimeSpan.Zero);
        string folder = Path.GetDirectoryName(baseline)!;

        Shown(
            () => EvaluationCase.Parse("nothing"),
            () => EvaluationCase.Parse("""{"id":"a"}"""),
            () => EvaluationCase.Parse("""{"input":"a","trajectory":"search"}"""),
            () => EvaluationCase.Parse("""{"input":"a","trajectory":[{"name":"search"}]}"""),
            () => EvaluationCase.Parse("{\"id\":\"a\",\"input\":\"\"}\n{\"id\":\"a\",\"input\":\"\"}"),
            () => Run(new("support", [], (_, _) => Task.FromResult(""))),
            () => Run(new("support", [new("a", ""), new("a", "")], (_, _) => Task.FromResult("")) { Evaluators = { Evaluators.Exact() } }),
            () => Evaluators.JsonSchema("nothing"),
            () => Evaluators.JsonSchema("""{"properties":{"a":{"dependentRequired":{}}}}"""),
            () => Evaluators.JsonSchema("""{"type":"text"}"""),
            () => Evaluators.Judge("tone", new ScriptedJudge(), "It is friendly.", new() { BestGrade = 1 }),
            () => Evaluators.EditDistance().EvaluateAsync(attempt, default).AsTask().GetAwaiter().GetResult(),
            () => EvaluationBaseline.Parse("nothing"),
            () => EvaluationBaseline.Parse("{}"),
            () => EvaluationBaseline.Load(Path.Combine(folder, "none.json")),
            () => _ = report["tone"],
            () => report.ShouldNotRegress(baseline)).Replace(folder, "<folder>", StringComparison.Ordinal).ShouldMatchSnapshot();

        static void Run(Evaluation evaluation) => evaluation.RunAsync().GetAwaiter().GetResult();
    }

    [Fact]
    public async Task Problems_in_reports()
    {
        Evaluation evaluation = new("support", [new EvaluationCase("scored", "") { Expected = "yes" }], (_, _) =>
        {
            Support.Ask("a", "b", "house-model");
            return Task.FromResult("no");
        })
        {
            Evaluators =
            {
                Evaluators.Exact(), Evaluators.Regex("^yes$"), Evaluators.JsonSchema("{}"), Evaluators.MaxCost(1),
                    Evaluators.MaxDuration(default),
                Evaluators.NoLoops(0), Evaluators.Judge("tone", new ScriptedJudge("No idea."), "It is friendly."),
                new("wild", (_, _) => new(new EvaluatorScore(1.5))),
                new("broken", (_, _) => throw new InvalidOperationException("The index is gone.")),
            },
        };

        EvaluationReport report = await evaluation.RunAsync();
        string problems = string.Join("\n", ReportText.Problems(report.Results.ShouldHaveSingleItem()));
        System.Text.RegularExpressions.Regex.Replace(problems, "took [0-9.]+ s", "took <time>").ShouldMatchSnapshot();
    }

    private static string Span(string trace) =>
        $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"{{trace}}","name":"chat"}]}]}]}""";

    private static string Shown(params Action[] failing) => string.Join("\n\n---\n\n", failing.Select(Message));

    private static string Message(Action failing)
    {
        Exception thrown = Should.Throw<Exception>(failing);
        return $"{thrown.GetType().Name}\n\n{thrown.Message}";
    }
}

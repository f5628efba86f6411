using System.Globalization;
using System.Text.RegularExpressions;
using PandaProbe.Otlp;
using PandaProbe.TestBackend;

namespace PandaProbe.Examples;

public sealed partial class QuickstartTests(QuickstartRuns runs) : IClassFixture<QuickstartRuns>
{
    [Fact]
    public async Task Prints_every_conversation_as_a_tree_of_all_kinds()
    {
        QuickstartProcess.Run run = await runs.WithoutSettings;

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Error.ShouldBeEmpty();
        string[] steps = [.. run.Lines.Select(line => Step().Match(line)).Where(match => match.Success).Select(match => match.Value)];
        steps.ShouldBe(
        [
            "TRACE support-turn", "└─ AGENT support-agent", "   ├─ RETRIEVER search-help-center", "   ├─ LLM chat",
                "   ├─ TOOL lookup_order",
            "   ├─ TOOL lookup_order", "   └─ LLM chat",
            "TRACE support-turn", "└─ AGENT support-agent", "   ├─ RETRIEVER search-help-center", "   └─ LLM chat",
            "TRACE support-turn", "└─ AGENT support-agent", "   ├─ RETRIEVER search-help-center", "   └─ LLM chat",
        ]);
        Sessions(run).Select(session => session.Heading)
            .ShouldBe(["Session conversation-1041 · user ada", "Session conversation-1042 · user grace"]);
    }

    [Fact]
    public async Task Shows_the_step_that_failed_and_the_one_that_recovered()
    {
        QuickstartProcess.Run run = await runs.WithoutSettings;

        int failed = Array.FindIndex(run.Lines, line => line.Contains("TOOL lookup_order", StringComparison.Ordinal));
        run.Lines[failed + 1].ShouldContain("✗ System.TimeoutException: The order system did not answer in time.");
        run.Lines[failed + 2].ShouldContain("TOOL lookup_order");
        run.Lines.Count(line => line.Contains('✗'))
            .ShouldBe(1, "nothing else failed: not the second attempt, not the agent, not the trace");
        Sessions(run).Select(session => session.Total.Split(", ")[^1]).ShouldBe(["1 failed step", "0 failed steps"]);
    }

    [Fact]
    public async Task Totals_are_the_sum_of_the_model_calls()
    {
        QuickstartProcess.Run run = await runs.WithoutSettings;

        foreach (Session session in Sessions(run))
        {
            Usage calls = Sum(session.Lines.Where(line => line.Contains(" LLM ", StringComparison.Ordinal)));
            calls.Cost.ShouldBeGreaterThan(0);
            Sum(session.Lines.Where(line => line.StartsWith("TRACE ", StringComparison.Ordinal)))
                .ShouldBe(calls with { Count = session.Traces });
            session.Total.ShouldContain(string.Create(
                CultureInfo.InvariantCulture,
                $"{calls.Count} model call{(calls.Count == 1 ? "" : "s")}, {calls.Input:N0} tokens in, {calls.Output:N0} out, ${calls.Cost:0.000000},"));
        }
    }

    [Fact]
    public async Task Sends_to_PandaProbe_what_its_schema_accepts_and_says_so()
    {
        await using Backend backend = await Backend.StartAsync();

        QuickstartProcess.Run run = await QuickstartProcess.RunAsync(
            ("PANDAPROBE_API_KEY", BackendOptions.DefaultApiKey), ("PANDAPROBE_PROJECT_NAME", BackendOptions.DefaultProject),
            ("PANDAPROBE_ENDPOINT", backend.Address.ToString()));

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Lines.ShouldContain(line => line.StartsWith($"Exported to {backend.Address}", StringComparison.Ordinal));
        backend.Violations.ShouldBeEmpty();
        backend.Traces.Values.Select(trace => (string?)trace.Fields["session_id"]).Order()
            .ShouldBe(["conversation-1041", "conversation-1041", "conversation-1042"]);
        backend.SpansStored.ShouldBe(12);
        backend.Traces.Values.ShouldAllBe(trace => trace.Posts == 1 && trace.Status == "COMPLETED");
    }

    [Fact]
    public async Task Does_not_claim_an_export_to_a_collector_that_is_not_there() => ShouldNotExport(await runs.ToNobody);

    [Fact]
    public async Task Does_not_wait_for_a_collector_that_never_answers() => ShouldNotExport(await runs.ToSilence);

    [Fact]
    public async Task Says_where_it_exported_to()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();

        QuickstartProcess.Run run = await QuickstartProcess.RunAsync(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.HttpEndpoint.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        run.Output.ShouldContain($"Exported to {collector.HttpEndpoint}");
        collector.Spans.Count.ShouldBe(
            Sessions(run).SelectMany(session => session.Lines).Count(line => Step().IsMatch(line)), "every step of the trees");
    }

    [Fact]
    public async Task Fails_loudly_when_nothing_is_recorded()
    {
        QuickstartProcess.Run run = await QuickstartProcess.RunAsync(("PANDAPROBE_ENABLED", "false"));

        run.ExitCode.ShouldBe(1);
        run.Error.ShouldContain("Nothing was recorded");
    }

    private static void ShouldNotExport(QuickstartProcess.Run run)
    {
        run.ExitCode.ShouldBe(1, run.Output + run.Error);
        run.Error.ShouldContain("NOT exported");
        run.Output.ShouldNotContain("Exported to");
        run.Output.ShouldContain("TRACE support-turn", customMessage: "the tree needs no collector");
    }

    private static List<Session> Sessions(QuickstartProcess.Run run)
    {
        List<Session> sessions = [];
        foreach (string line in run.Lines)
        {
            if (line.StartsWith("Session conversation", StringComparison.Ordinal))
                sessions.Add(new(line, []));
            else if (sessions.Count > 0)
                sessions[^1].Lines.Add(line);
        }

        return sessions;
    }

    private static Usage Sum(IEnumerable<string> rows) => rows.Select(row => Numbers().Match(row)).Aggregate(new Usage(), (sum, match) =>
    {
        match.Success.ShouldBeTrue();
        return new(
            sum.Count + 1,
            sum.Input + int.Parse(match.Groups["input"].Value, NumberStyles.Number, CultureInfo.InvariantCulture),
            sum.Output + int.Parse(match.Groups["output"].Value, NumberStyles.Number, CultureInfo.InvariantCulture),
            sum.Cost + decimal.Parse(match.Groups["cost"].Value, CultureInfo.InvariantCulture));
    });

    [GeneratedRegex("^[ │├└─]*(TRACE|AGENT|RETRIEVER|LLM|TOOL) [a-z_-]+")]
    private static partial Regex Step();

    [GeneratedRegex(@"(?<input>[\d,]+) → (?<output>[\d,]+) +\$(?<cost>\d+\.\d{6})")]
    private static partial Regex Numbers();

    private sealed record Session(string Heading, List<string> Lines)
    {
        public int Traces => Lines.Count(line => line.StartsWith("TRACE ", StringComparison.Ordinal));

        public string Total => Lines.Single(line => line.StartsWith("Session total:", StringComparison.Ordinal));
    }

    private readonly record struct Usage(int Count, int Input, int Output, decimal Cost);
}

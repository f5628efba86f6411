using System.Globalization;
using System.Text.Json;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Commands;

/// <summary>Lists the latest traces, or sessions.</summary>
internal static class ListCommand
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error, TimeProvider time)
    {
        if (CommandOptions.TryParse(
            args, ["--limit", "--after", "--session", "--name", "--user", "--model", "--tag", "--run", "--store"],
            ["--json", "--errors", "--sessions"], 0, out CommandOptions options) is { } problem)
        {
            await error.WriteLineAsync(problem);
            return 2;
        }

        if (options.Number("--limit", 20) is not { } limit)
        {
            await error.WriteLineAsync("--limit needs a number from 1 on.");
            return 2;
        }

        using var file = StoreFile.TryOpen(options["--store"], error);
        if (file is null)
            return 1;

        bool? errors = options.Has("--errors") ? true : null;
        if (options.Has("--sessions"))
        {
            Page<SessionItem> sessions = SessionList.Read(
                file.Connection, new(options["--user"], options["--name"], errors, null, null), limit, options["--after"]);
            if (options.Has("--json"))
                await output.WriteLineAsync(JsonSerializer.Serialize(sessions, ApiJson.Default.PageSessionItem));
            else
                Write(output, sessions, time.GetUtcNow());
            return 0;
        }

        TraceFilter filter = new()
        {
            Session = options["--session"],
            Name = options["--name"],
            User = options["--user"],
            Model = options["--model"],
            Tag = options["--tag"],
            Run = options["--run"],
            HasErrors = errors,
        };
        Page<TraceItem> traces = TraceList.Read(file.Connection, filter, limit, options["--after"]);
        if (options.Has("--json"))
            await output.WriteLineAsync(JsonSerializer.Serialize(traces, ApiJson.Default.PageTraceItem));
        else
            Write(output, traces, time.GetUtcNow());
        return 0;
    }

    private static void Write(TextWriter output, Page<TraceItem> page, DateTimeOffset now)
    {
        output.WriteLine(Row("trace", "age", "name", "time", "tokens", "cost", "input"));
        foreach (TraceItem trace in page.Items)
        {
            string mark = trace.Status == "ERROR" ? "✗ " : trace.Status is "RUNNING" or "PENDING" ? "… " : "";
            output.WriteLine(Row(
                trace.Id[..8], Age(now, trace.Start), mark + (trace.Name ?? ""), Words.Time(TimeSpan.FromMilliseconds(trace.Duration)),
                Tokens(trace.Sums), Cost(trace.Sums), trace.Input ?? ""));
        }

        WriteNext(output, page.Next);
    }

    private static void Write(TextWriter output, Page<SessionItem> page, DateTimeOffset now)
    {
        output.WriteLine(Row("turns", "age", "session", "time", "tokens", "cost", "input"));
        foreach (SessionItem session in page.Items)
        {
            output.WriteLine(Row(
                session.Traces.ToString("N0", Culture), Age(now, session.Last), (session.Failed > 0 ? "✗ " : "") + session.Id,
                Words.Time(TimeSpan.FromMilliseconds(session.Duration)),
                Tokens(session.Sums), Cost(session.Sums), session.Input ?? ""));
        }

        WriteNext(output, page.Next);
    }

    private static void WriteNext(TextWriter output, string? next)
    {
        if (next is not null)
            output.WriteLine($"More: --after {next}");
    }

    private static string Row(string id, string age, string name, string time, string tokens, string cost, string text) =>
        $"{id,-8}  {age,6}  {Words.Cut(TreeText.Line(name), 32),-32}  {time,8}  {tokens,15}  {cost,9}  {Words.Cut(TreeText.Line(text), 60)}".TrimEnd();

    private static string Tokens(SumItem sums) =>
        sums.InputTokens + sums.OutputTokens == 0 ? "" : Words.Tokens(sums.InputTokens, sums.OutputTokens);

    private static string Cost(SumItem sums) =>
        sums.Calls == 0 ? "" : sums.Cost is { } cost ? (sums.CostIsEstimated ? "~" : "") + Words.Dollars((decimal)cost) : "–";

    private static string Age(DateTimeOffset now, double milliseconds)
    {
        TimeSpan age = now - DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
        return age.TotalSeconds switch
        {
            < 60 => string.Create(Culture, $"{Math.Max(0, age.TotalSeconds):0} s"),
            < 3_600 => string.Create(Culture, $"{age.TotalMinutes:0} min"),
            < 172_800 => string.Create(Culture, $"{age.TotalHours:0} h"),
            _ => string.Create(Culture, $"{age.TotalDays:0} d"),
        };
    }
}

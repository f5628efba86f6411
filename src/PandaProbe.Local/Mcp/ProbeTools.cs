using System.ComponentModel;
using Microsoft.Data.Sqlite;
using ModelContextProtocol;
using PandaProbe.Local.Commands;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Mcp;

/// <summary>The tools of the Model Context Protocol. They only read, and they conclude: facts in sentences before lists of spans.</summary>
internal sealed class ProbeTools(Func<SqliteConnection> open, Func<Uri> pages, TimeProvider time)
{
    private const string Cursor = "What the answer before said after \"cursor\"; leave it out for the first page.";
    private const string TraceHelp = "A trace id, the beginning of one (4 digits at least), or \"latest\".";
    private const int MostItems = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Description("What failed lately in the traced agents, newest first: where, with which error, whether it was retried and recovered.")]
    public string WhatFailed(
        [Description("Only in this session.")] string? session = null,
        [Description("Only in the last minutes.")] double? minutes = null,
        [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        TraceFilter filter = new() { HasErrors = true, Session = session, From = Since(minutes) };
        Page<TraceItem> page = TraceList.Read(connection, filter, MostItems, cursor);
        DateTimeOffset now = time.GetUtcNow();
        IEnumerable<string> items = page.Items.Select(item =>
        {
            Conclusion conclusion = Conclude(connection, item).Conclusion;
            string error = conclusion.Failure is { Error: { } said } failure
                ? $"\n  span {failure.StepId}: {Words.Cut(TreeText.Line(said), 300)}" : "";
            return $"{item.Id} {item.Name} · {Age(now, item.Start)} ago: {conclusion.Sentence}{error}";
        });
        return AnswerText.List(
            page.Items.Count == 0 ? "Nothing failed." : "Traces with failures, newest first:", items, count =>
                TraceList.Read(connection, filter, count, cursor).Next, page.Next,
            new Uri(pages(), "search?q=error"));
    }

    [Description("What one trace did: the outcome in one sentence, then the tree of its steps with time, model, tokens, cost and errors.")]
    public string DescribeTrace([Description(TraceHelp)] string trace = TraceFinder.Latest, [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        TraceItem item = Find(connection, trace);
        (TraceHeads heads, Conclusion conclusion) = Conclude(connection, item);
        using StringWriter text = new() { NewLine = "\n" };
        text.WriteLine($"{item.Name} {item.Id}: {conclusion.Sentence}");
        if (item.Input is { } input)
            text.WriteLine($"input: {input}");
        if (item.Output is { } output)
            text.WriteLine($"output: {output}");
        if (conclusion.Failure is { } failure)
            text.WriteLine($"failed span {failure.StepId}: {failure.Error}");
        text.WriteLine();
        TreeText.WriteHeading(text, item.Session, item.User);
        TreeText.Write(text, heads.Facts);
        return AnswerText.Page(text.ToString(), cursor, Link(item));
    }

    [Description(
        "Compares two traces: what changed from the first to the second (model, parameters, prompts first), differences of time, tokens and cost, and steps side by side.")]
    public string CompareRuns(
        [Description(TraceHelp + " The later one.")] string trace = TraceFinder.Latest,
        [Description("The earlier trace. Without it, the one before with the same name.")] string? before = null,
        [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        TraceItem after = Find(connection, trace);
        TraceItem earlier = before is null ? Previous(connection, after) : Find(connection, before);
        using StoredSpans spans = new(connection);
        var comparison = Comparison.Of(Side(earlier), Side(after));
        using StringWriter text = new() { NewLine = "\n" };
        RunComparison.Write(text, earlier, after, comparison);
        return AnswerText.Page(text.ToString(), cursor, new Uri(pages(), $"compare?a={earlier.Id}&b={after.Id}"));

        (TraceFacts, Func<string, ReadSpan?>) Side(TraceItem item)
        {
            UInt128 id = TraceFinder.IdOf(item);
            return (TraceHeads.Read(connection, id, item).Facts, key => Ids.TryParse(key, out UInt128 span)
                ? spans.Find(id, span)?.Read() : null);
        }
    }

    [Description("The messages of a trace's model calls, tools with arguments and results, as text.")]
    public string GetMessages(
        [Description(TraceHelp)] string trace = TraceFinder.Latest,
        [Description(
        "Only of this span (its id is in the failures and in the pages). Without it, the conversation of the whole trace.")] string? span =
            null,
        [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        TraceItem item = Find(connection, trace);
        UInt128 id = TraceFinder.IdOf(item);
        using StoredSpans spans = new(connection);
        using StringWriter text = new() { NewLine = "\n" };
        if (span is null)
        {
            Conversation.Write(text, TraceHeads.Read(connection, id, item), key => spans.Find(id, key)?.Read());
            return AnswerText.Page(text.ToString(), cursor, Link(item));
        }

        UInt128? key = Ids.TryParse(span, out UInt128 whole) ? whole
            : span.Length == 16 && ulong.TryParse(
                span, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture,
            out ulong half)
            ? Ids.Span(id, half)
            : null;
        if (key is not { } known || spans.Find(id, known) is not { } stored)
            throw new McpException($"The trace has no span {span}.");

        Conversation.Write(text, stored.Read());
        return AnswerText.Page(text.ToString(), cursor, new Uri(pages(), $"traces/{item.Id}?span={Ids.Hex(known)}"));
    }

    [Description(
        "Finds spans by words in contents, names and errors, and by conditions: error, running, kind:llm, model:gpt-5*, tool:name, name:text, session:id, user:id, tag:x, run:name, cost>0.01, tokens>1000, duration>2000 (ms).")]
    public string Find(
        [Description("Words, \"quoted text\" and conditions; all of them must hold.")] string query,
        [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        var parsed = SearchQuery.Parse(query);
        SearchPage page = Search.Run(connection, parsed, MostItems, cursor, Patience, time);
        DateTimeOffset now = time.GetUtcNow();
        IEnumerable<string> items = page.Items.Select(hit =>
            $"{StepKinds.Name(TraceHeads.Kind(hit.Kind))} {hit.Name} · trace {hit.Trace} · span {hit.Span} · {Age(now, hit.Start)} ago: {hit.Snippet}");
        string heading = page.Items.Count > 0 ? "Found, the latest traces first:" : page.IsComplete
            ? "Nothing was found." : "Nothing was found yet: the time ran out.";
        return AnswerText.List(
            heading, items, count =>
                Search.Run(connection, parsed, count, cursor, Patience, time).Next, page.Next,
                new Uri(pages(), $"search?q={Uri.EscapeDataString(query)}"));
    }

    [Description("The conversations that were traced, the latest first: who, how many turns, tokens, cost, failures, first words.")]
    public string ListSessions(
        [Description("Only of this user.")] string? user = null,
        [Description("Only those with failures.")] bool errors = false,
        [Description("Only with these words in the id, the question or the answer.")] string? text = null,
        [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        SessionFilter filter = new(user, text, errors ? true : null, null, null);
        Page<SessionItem> page = SessionList.Read(connection, filter, MostItems, cursor);
        DateTimeOffset now = time.GetUtcNow();
        IEnumerable<string> items = page.Items.Select(session =>
            $"{session.Id} · {(session.User is { } name ? $"user {name} · " : "")}{Words.Count(session.Traces, "turn")}{(session.Failed > 0 ? $", {session.Failed} failed" : "")} · "
            + $"{Used(session.Sums)} · {Age(now, session.Last)} ago: {session.Input}");
        return AnswerText.List(
            page.Items.Count == 0 ? "There are no sessions." : "Sessions, the latest first:", items, count =>
                SessionList.Read(connection, filter, count, cursor).Next, page.Next, pages());
    }

    [Description("What calls cost, in groups: tokens, cached part, cost, failures and durations.")]
    public string CostReport(
        [Description("model, tool, user, run, name, session, day or all.")] string by = "model",
        [Description("Only in the last minutes.")] double? minutes = null,
        [Description("Only in this session.")] string? session = null,
        [Description(Cursor)] string? cursor = null)
    {
        using SqliteConnection connection = open();
        TraceFilter filter = new() { Session = session, From = Since(minutes) };
        if (Analytics.Read(connection, by, filter) is not { } groups)
            throw new McpException("\"by\" is one of model, tool, user, run, name, session, day, all.");

        SumItem total = Analytics.Read(connection, "all", filter) is [{ Sums: { } sums }, ..] ? sums : SumItem.Of(default);
        using StringWriter text = new() { NewLine = "\n" };
        text.WriteLine($"Total: {Used(total)}");
        foreach (GroupItem group in groups.OrderByDescending(group => group.Sums.Cost ?? 0)
            .ThenByDescending(group => group.Sums.InputTokens))
        {
            string failed = group.Failed > 0 ? $", {group.Failed:N0} failed" : "";
            string times = group.P50 is { } half && group.P95 is { } most
                ? $", p50 {Words.Time(TimeSpan.FromMilliseconds(half))}, p95 {Words.Time(TimeSpan.FromMilliseconds(most))}"
                : "";
            string cached = group.Sums is { CacheReadTokens: > 0, InputTokens: > 0 }
                ? $", {100.0 * group.Sums.CacheReadTokens / group.Sums.InputTokens:0} % cached" : "";
            text.WriteLine($"{group.Name ?? "(none)"}: {Used(group.Sums)}{cached}{times}{failed}");
        }

        return AnswerText.Page(text.ToString(), cursor, new Uri(pages(), $"search?by={Uri.EscapeDataString(by)}"));
    }

    private static string Used(SumItem sums) =>
        $"{Words.Count(sums.Calls, "call")}, {Words.Tokens(sums.InputTokens, sums.OutputTokens)}, {(sums.Cost is { } cost ? Words.Dollars((decimal)cost) + (sums.CostIsEstimated ? " estimated" : "") : "no price known")}";

    private (TraceHeads Heads, Conclusion Conclusion) Conclude(SqliteConnection connection, TraceItem item)
    {
        UInt128 id = TraceFinder.IdOf(item);
        var heads = TraceHeads.Read(connection, id, item);
        return (heads, TraceApi.Conclude(connection, id, heads, time));
    }

    private static TraceItem Find(SqliteConnection connection, string text) =>
        TraceFinder.Find(connection, text) is var (trace, problem) && trace is not null
            ? trace : throw new McpException(problem ?? "There is no such trace.");

    private static TraceItem Previous(SqliteConnection connection, TraceItem after)
    {
        using Statement rows = new(connection, """
            SELECT trace_id FROM trace WHERE name = ?1 AND (start, id) < (SELECT start, id FROM trace WHERE trace_id = ?2) ORDER BY start DESC, id DESC LIMIT 1
            """);
        UInt128 id = TraceFinder.IdOf(after);
        rows.Bind(1, after.Name).Bind(2, id);
        return rows.Step() && TraceList.Find(connection, rows.Id(0)) is { } before
            ? before : throw new McpException($"There is no earlier trace named {after.Name}: give one as \"before\".");
    }

    private double? Since(double? minutes) =>
        minutes is { } past ? time.GetUtcNow().AddMinutes(-Math.Clamp(past, 0, 1e6)).ToUnixTimeMilliseconds() : null;

    private static string Age(DateTimeOffset now, double milliseconds) =>
        Words.Time(now - DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds));

    private Uri Link(TraceItem item) => new(pages(), $"traces/{item.Id}");
}

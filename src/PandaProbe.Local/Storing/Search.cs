using System.Globalization;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Storing;

/// <summary>A span that was found.</summary>
internal sealed record SearchHit(string Trace, string? TraceName, string Span, string Kind, string Name, double Start, string Snippet);

/// <summary>What was found.</summary>
/// <param name="Items">The spans, those of the latest traces first.</param>
/// <param name="Next">The key of what comes behind them; <see langword="null"/> when everything was looked at.</param>
/// <param name="IsComplete">Whether the page is full or everything was looked at. Otherwise the time ran out, and the next page goes
/// on.</param>
internal sealed record SearchPage(IReadOnlyList<SearchHit> Items, string? Next, bool IsComplete);

/// <summary>
/// Looks for spans. Conditions narrow the traces, which SQLite does; words are looked for in the contents of their spans, one trace after
/// the other.
/// </summary>
internal static class Search
{
    private const int MostItems = 500;
    private const int SnippetLength = 160;

    public static SearchPage Run(
        SqliteConnection connection, SearchQuery query, int limit, string? after, TimeSpan patience, TimeProvider time)
    {
        limit = Math.Clamp(limit, 1, MostItems);
        long begin = time.GetTimestamp();
        (long Start, long Trace, long Span)? key = Key(after);
        List<SearchHit> hits = [];
        using StoredSpans spans = new(connection);
        using Statement traces = Traces(query, key).Prepare(connection, "ORDER BY t.start DESC, t.id DESC");
        while (traces.Step())
        {
            (long start, long row) = (traces.Long(1), traces.Long(0));
            UInt128 trace = traces.Id(2);
            long from = key is { } resumed && resumed.Trace == row ? resumed.Span : 0;
            foreach ((long id, SearchHit? hit) in InTrace(connection, spans, query, row, trace, traces.Text(3), from))
            {
                if (hit is not null)
                {
                    if (hits.Count == limit)
                        return new(hits, Behind(start, row, from), true);
                    hits.Add(hit);
                }

                from = id;
                if (time.GetElapsedTime(begin) > patience)
                    return new(hits, Behind(start, row, from), false);
            }
        }

        return new(hits, null, true);
    }

    private static string Behind(long start, long trace, long span) =>
        string.Create(CultureInfo.InvariantCulture, $"{start}.{trace}.{span}");

    private static Query Traces(SearchQuery query, (long Start, long Trace, long Span)? key)
    {
        TraceFilter filter = new()
        {
            Session = query.Session,
            User = query.User,
            Tag = query.Tag,
            Run = query.Run,
            Model = query.Model,
            HasErrors = query.IsError ? true : null,
            CostAbove = query.CostAbove,
        };
        Query traces = TraceList.Filtered(new Query("SELECT t.id, t.start, t.trace_id, t.name FROM trace t"), filter)
            .AndIf("EXISTS (SELECT 1 FROM span m WHERE m.trace = t.id AND m.tool GLOB ?)", query.Tool)
            .AndIf("t.input + t.output > ?", query.TokensAbove)
            .AndIf("t.end - t.start > ?", query.DurationAbove is { } duration ? Times.Nanoseconds(duration) : null);
        if (query.IsRunning)
            traces.And("t.status IN ('RUNNING', 'PENDING')");
        if (key is { } behind)
            traces.And("(t.start, t.id) <= (?, ?)", behind.Start, behind.Trace);
        return traces;
    }

    /// <summary>Returns each span that the conditions leave, and what was found in it.</summary>
    private static IEnumerable<(long Id, SearchHit? Hit)> InTrace(
        SqliteConnection connection, StoredSpans spans, SearchQuery query, long row, UInt128 trace, string? traceName, long from)
    {
        Query select = new Query("SELECT s.id, s.key, s.kind, s.name, s.start, s.error FROM span s").And("s.trace = ?", row)
            .And("s.id > ?", from)
            .AndIf("s.kind = ?", query.Kind).AndIf("s.name LIKE ? ESCAPE '\\'", Query.Like(query.Name));

        // Without words, the spans are those that the conditions speak of; with none of these, the first of the trace.
        if (query.Words.Count == 0)
        {
            select.AndIf("s.tool GLOB ?", query.Tool);
            if (query.Tool is null)
                select.AndIf("s.model GLOB ?", query.Model);
            if (query.IsError && query.Tool is null)
                select.And($"s.flags & {(long)SpanFlags.IsError}");
            if (query is { Tool: null, Model: null, IsError: false, Kind: null, Name: null })
                select.And("s.id = (SELECT min(id) FROM span WHERE trace = ?)", row);
        }

        using Statement rows = select.Prepare(connection, "ORDER BY s.id");
        while (rows.Step())
        {
            string name = rows.Text(3) ?? "";
            string? error = rows.Text(5);
            SearchHit? hit = Snippet(spans, query, trace, rows.Id(1), name, error) is { } snippet
                ? new(Ids.Hex(trace), traceName, Ids.Hex(rows.Id(1)), rows.Text(2) ?? "OTHER", name, Times.Milliseconds(rows.Long(4)),
                snippet)
                : null;
            yield return (rows.Long(0), hit);
        }
    }

    /// <summary>Returns the text around the first word; <see langword="null"/> when the span does not have all words.</summary>
    private static string? Snippet(StoredSpans spans, SearchQuery query, UInt128 trace, UInt128 key, string name, string? error)
    {
        if (query.Words.Count == 0)
            return error ?? name;

        ReadSpan? read = spans.Find(trace, key)?.Read();
        List<string> texts = [name];
        if (error is not null)
            texts.Add(error);
        if (read is not null)
            texts.AddRange(Texts(read));
        string? first = null;
        foreach (string word in query.Words)
        {
            string? found = texts.Find(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
            if (found is null)
                return null;
            first ??= Around(found, word);
        }

        return first;
    }

    private static IEnumerable<string> Texts(ReadSpan read)
    {
        // Agents resend their history with every call: what a span said itself tells it from the others, and then what was said last.
        foreach (ReadMessage message in read.Output.Concat(read.Input.Reverse()))
        {
            foreach (ReadPart part in message.Parts)
                yield return MessageText.Of(part);
        }

        foreach (string? text in (
            string?[])[read.InputValue, read.OutputValue, read.ToolArguments, read.ToolResult, read.Query, read.ErrorMessage])
        {
            if (text is not null)
                yield return text;
        }

        foreach (ReadDocument document in read.Documents)
        {
            if (document.Content is not null)
                yield return document.Content;
        }

        foreach (ReadField field in read.Metadata)
            yield return $"{field.Key}: {field.Json}";
    }

    private static string Around(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        int start = Math.Max(0, at - (SnippetLength / 3));
        if (start > 0 && char.IsLowSurrogate(text[start]))
            start--;
        int end = Math.Min(text.Length, start + SnippetLength + word.Length);
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end++;
        string line = Preview.Line(text[start..end]) ?? "";
        return (start > 0 ? "…" : "") + line + (end < text.Length && !line.EndsWith('…') ? "…" : "");
    }

    private static (long Start, long Trace, long Span)? Key(string? text) =>
        text?.Split('.') is [var start, var trace, var span] && long.TryParse(start, CultureInfo.InvariantCulture, out long first)
        && long.TryParse(trace, CultureInfo.InvariantCulture, out long second)
        && long.TryParse(span, CultureInfo.InvariantCulture, out long third)
            ? (first, second, third)
            : null;
}

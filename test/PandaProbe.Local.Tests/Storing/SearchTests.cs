using System.Text;
using Microsoft.Data.Sqlite;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Tests.Storing;

public sealed class SearchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public void Words_quoted_texts_and_conditions_are_told_apart()
    {
        var query = SearchQuery.Parse("""error model:gpt-5* tool:lookup_order cost>0.01 "two  words" refund name:"a b" cost>x http://a "error" duration>2000 kind:llm """);

        query.Words.ShouldBe(["two  words", "refund", "cost>x", "http://a", "error"]);
        (query.IsError, query.IsRunning, query.Model, query.Tool, query.Name, query.Kind)
            .ShouldBe((true, false, "gpt-5*", "lookup_order", "a b", "LLM"));
        (query.CostAbove, query.TokensAbove, query.DurationAbove).ShouldBe((0.01, null, 2000));
        SearchQuery.Parse(null).Words.ShouldBeEmpty();
        SearchQuery.Parse("\"").Words.ShouldBeEmpty();
    }

    [Fact]
    public async Task Spans_are_found_by_content_and_condition_page_by_page()
    {
        await using Store store = await NewStoreAsync(10);
        using SqliteConnection connection = store.OpenReader();

        SearchPage all = Run("\"HAYSTACK needle\"", 50);
        all.Items.Select(hit => hit.Name).ShouldBe(Enumerable.Range(0, 10).Reverse().Select(i => $"chat m{i}"));
        all.Items[0].Snippet.ShouldContain("haystack needle 9");
        all.Items[0].Snippet.Length.ShouldBeLessThan(300);
        (all.Next, all.IsComplete).ShouldBe((null, true));

        List<string> paged = [];
        string? next = null;
        do
        {
            SearchPage page = Run("needle", 3, next);
            paged.AddRange(page.Items.Select(hit => hit.Span));
            next = page.Next;
        }
        while (next is not null);
        paged.ShouldBe(all.Items.Select(hit => hit.Span));

        Run("needle model:m3", 50).Items.ShouldHaveSingleItem().Name.ShouldBe("chat m3");
        Run("model:m*", 50).Items.Count.ShouldBe(10);
        Run("kind:tool needle", 50).Items.ShouldBeEmpty();
        Run("tokens>105", 50).Items.Count.ShouldBe(4);
        Run("session:s1", 50).Items.Count.ShouldBe(5);
        Run("nothing like this", 50).Items.ShouldBeEmpty();

        SearchPage Run(string query, int limit, string? after = null) =>
            Search.Run(connection, SearchQuery.Parse(query), limit, after, Patience, TimeProvider.System);
    }

    [Fact]
    public async Task A_search_that_runs_out_of_time_goes_on_where_it_ended()
    {
        await using Store store = await NewStoreAsync(10);
        using SqliteConnection connection = store.OpenReader();

        List<string> found = [];
        int pages = 0;
        string? next = null;
        do
        {
            SearchPage page = Search.Run(connection, SearchQuery.Parse("needle"), 50, next, TimeSpan.FromSeconds(1.5), new Clock());
            found.AddRange(page.Items.Select(hit => hit.Name));
            page.IsComplete.ShouldBe(page.Next is null);
            next = page.Next;
            pages++;
        }
        while (next is not null && pages < 20);
        pages.ShouldBeGreaterThan(3);
        found.ShouldBe(Enumerable.Range(0, 10).Reverse().Select(i => $"chat m{i}"));
    }

    private static async Task<Store> NewStoreAsync(int traces)
    {
        var store = Store.Open(new(StoreOptions.InMemory));
        OtlpIntake intake = new(store);
        for (int i = 0; i < traces; i++)
        {
            string json = $$$"""
                {"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"{{{i + 1:x32}}}","spanId":"{{{i + 1:x16}}}","name":"chat m{{{i}}}","startTimeUnixNano":"{{{1780000000000000000 + (i * 1000)}}}",
                "endTimeUnixNano":"{{{1780000000000000000 + (i * 1000) + 500}}}","attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},
                {"key":"gen_ai.request.model","value":{"stringValue":"m{{{i}}}"}},{"key":"gen_ai.usage.input_tokens","value":{"intValue":"{{{100 + i}}}"}},
                {"key":"session.id","value":{"stringValue":"s{{{i % 2}}}"}},
                {"key":"gen_ai.output.messages","value":{"stringValue":"[{\"role\":\"assistant\",\"content\":\"{{{new string('x', 500)}}} haystack needle {{{i}}} {{{new string('y', 500)}}}\"}]"}}]}]}]}]}
                """;
            byte[] body = Encoding.UTF8.GetBytes(json);
            await intake.TakeAsync(OtlpJson.ReadTraces(body), body.Length);
        }

        return store;
    }

    /// <summary>A clock that is a second later whenever somebody looks.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds++;
    }
}

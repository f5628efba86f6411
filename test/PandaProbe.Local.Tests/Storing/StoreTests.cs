using System.Text;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Storing;
using PandaProbe.Local.Tests.Tool;

namespace PandaProbe.Local.Tests.Storing;

/// <summary>The file: what it keeps, for how long, and what happens when it is not as it should be.</summary>
public sealed class StoreTests : IDisposable
{
    private readonly string _directory = RunningTool.NewDirectory();
    private readonly List<string> _said = [];

    private string StorePath => System.IO.Path.Combine(_directory, "traces.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Spans_come_out_byte_by_byte_as_they_came()
    {
        string history = $"[{string.Join(',', Enumerable.Range(0, 30).Select(i => $$"""{"role":"user","parts":[{"type":"text","content":"{{new string((char)('a' + (i % 26)), 200)}} \"]} {{i}}"}]}"""))}]";
        Span[] spans =
        [
            Payloads.Span(new('1', 32), 1, 0, ("gen_ai.input.messages", history), ("short", "x"), ("text", new string('y', 5000))),
            Payloads.Span(new('1', 32), 2, 1, ("gen_ai.input.messages", history),
            ("broken", "[{\"a\":" + new string('z', 300)), ("object", $$"""{"messages":{{history}}}""")),
        ];
        spans[0].Events.Add(new Span.Types.Event
        {
            Name = "e",
            Attributes = { new OpenTelemetry.Proto.Common.V1.KeyValue { Key = "k", Value = new() { StringValue = history } } }
        });
        await using var store = Store.Open(Options());
        await store.WriteAsync(Request(spans));
        await using SqliteConnection connection = store.OpenReader();
        using StoredSpans stored = new(connection);
        stored.OfTrace(UInt128.Parse(new('1', 32), System.Globalization.NumberStyles.HexNumber))
            .Select(static span => span.Span.ToByteString()).ShouldBe(spans.Select(static span => span.ToByteString()));
        Number(connection, "SELECT count(*) FROM message")
            .ShouldBe(30 + 1 + 1 + 1, "thirty messages, however often they come; two texts; the origin");
    }

    [Fact]
    public async Task Above_its_size_the_first_traces_go_and_are_counted()
    {
        const long keep = 4 << 20;
        const int traces = 400;
        await using var store = Store.Open(Options() with { KeepBytes = keep });
        await FillAsync(store, 1, traces);
        BytesOnDisk.ShouldBeLessThanOrEqualTo(keep, "the write-ahead log counts as well");

        await using SqliteConnection connection = store.OpenReader();
        long left = Number(connection, "SELECT count(*) FROM trace");
        left.ShouldBeInRange(20, traces - 20);
        Number(connection, "SELECT value FROM fact WHERE name = 'deleted_traces'").ShouldBe(traces - left);
        Number(connection, "SELECT count(*) FROM session").ShouldBe(left);
        Number(connection, "SELECT count(*) FROM span").ShouldBe(left);
        Number(connection, "SELECT count(*) FROM body").ShouldBe(left);
        Number(connection, "SELECT min(id) FROM trace").ShouldBe(traces - left + 1);
        Number(connection, "SELECT count(*) FROM message").ShouldBeInRange(left, left + 1);
    }

    [Fact]
    public async Task A_store_that_may_hold_less_than_before_gives_its_pages_back()
    {
        const long before = 8 << 20, keep = 2 << 20;
        await using (var large = Store.Open(Options() with { KeepBytes = before }))
            await FillAsync(large, 1, 250);
        BytesOnDisk.ShouldBeGreaterThan(2 * keep);

        await using var store = Store.Open(Options() with { KeepBytes = keep });
        await FillAsync(store, 251, 30);
        BytesOnDisk.ShouldBeLessThanOrEqualTo(keep);
    }

    [Fact]
    public async Task A_file_that_is_none_is_set_aside_with_a_sentence()
    {
        await File.WriteAllTextAsync(StorePath, new string('x', 10_000));
        await using var store = Store.Open(Options());
        await store.WriteAsync(Request(Payloads.Span(new('1', 32), 1, 0)));
        _said.Single().ShouldContain("damaged");
        Directory.GetFiles(_directory, "*damaged*").ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_file_that_breaks_while_it_is_used_is_set_aside_and_storing_goes_on()
    {
        await using (var store = Store.Open(Options()))
        {
            for (int i = 1; i < 50; i++)
                await store.WriteAsync(Request(Payloads.Span($"{i:x32}", 1, 0, ("input.value", new string('x', 3000) + i))));
        }

        byte[] file = await File.ReadAllBytesAsync(StorePath);
        Random random = new(1);
        random.NextBytes(file.AsSpan(4096 * 3));
        await File.WriteAllBytesAsync(StorePath, file);
        await using var damaged = Store.Open(Options());
        await damaged.WriteAsync(Request(Payloads.Span(new('a', 32), 1, 0, ("session.id", "s"))));
        _said.ShouldContain(static sentence => sentence.Contains("damaged"));
        await using SqliteConnection connection = damaged.OpenReader();
        Number(connection, "SELECT count(*) FROM trace").ShouldBe(1);
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_left_alone()
    {
        await using (var store = Store.Open(Options()))
            await store.WriteAsync(Request(Payloads.Span(new('1', 32), 1, 0)));
        await using (SqliteConnection connection = new($"Data Source={StorePath};Pooling=false"))
        {
            connection.Open();
            Schema.Execute(connection, $"PRAGMA user_version = {Schema.Version + 1}");
        }

        byte[] before = await File.ReadAllBytesAsync(StorePath);
        Should.Throw<StoreException>(() => Store.Open(Options())).Message.ShouldContain("later version");
        (await File.ReadAllBytesAsync(StorePath)).SequenceEqual(before).ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_disk_refuses_requests_and_loses_none_that_was_taken()
    {
        await using var store = Store.Open(Options() with { MostPages = 50 });
        int stored = 0;
        await Should.ThrowAsync<SqliteException>(async () =>
        {
            for (int i = 1; i < 1000; i++)
            {
                await store.WriteAsync(
                    Request(Payloads.Span(
                    $"{i:x32}", 1, 0, ("input.value", Convert.ToHexString(Encoding.UTF8.GetBytes($"{i} {new string('x', 20_000)}"))),
                    ("n", new string((char)('a' + (i % 26)), 3000) + i))));
                stored++;
            }
        });
        _said.Single().ShouldContain("Cannot store");
        await using SqliteConnection connection = store.OpenReader();
        Number(connection, "SELECT count(*) FROM trace").ShouldBe(stored);
        stored.ShouldBeGreaterThan(0);
    }

    private long BytesOnDisk => new DirectoryInfo(_directory).EnumerateFiles("traces.db*")
        .Where(static file => !file.Name.EndsWith("-shm", StringComparison.Ordinal)).Sum(static file => file.Length);

    /// <summary>Stores traces of a span each with a text of 20 KB that does not compress further.</summary>
    private static async Task FillAsync(Store store, int first, int count)
    {
        Random random = new(first);
        for (int i = first; i < first + count; i++)
        {
            byte[] text = new byte[20_000];
            random.NextBytes(text);
            await store.WriteAsync(
                Request(Payloads.Span($"{i:x32}", 1, 0, ("session.id", $"s{i}"), ("input.value", Convert.ToHexString(text)))));
        }
    }

    private static long Number(SqliteConnection connection, string sql) => Schema.Number(connection, sql);

    private static WriteRequest Request(params Span[] spans)
    {
        Chunk origin = SpanRowMaker.ChunkOf(new ResourceSpans { ScopeSpans = { new ScopeSpans() } });
        return new() { Spans = [.. spans.Select(span => SpanRowMaker.Make(span, null, null, origin, []))] };
    }

    private StoreOptions Options() => new(StorePath) { Say = _said.Add };
}

using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;
using PandaProbe.Local.Tests.Tool;

namespace PandaProbe.Local.Tests.Storing;

/// <summary>Files of earlier versions, and what comes twice.</summary>
public sealed class UpgradeTests : IDisposable
{
    private const string Trace = "11111111111111111111111111111111";

    /// <summary>What the steps since the first version added, taken away.</summary>
    private const string BackToFirst = """
        ALTER TABLE span DROP COLUMN arguments;
        DROP INDEX log_hash; ALTER TABLE log DROP COLUMN hash; CREATE INDEX log_trace ON log (trace_id);
        PRAGMA user_version = 1;
        """;

    private readonly string _directory = RunningTool.NewDirectory();

    private string StorePath => System.IO.Path.Combine(_directory, "traces.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_file_of_the_first_version_keeps_its_traces_and_takes_new_ones()
    {
        await using (var store = Store.Open(new(StorePath)))
            await store.WriteAsync(Request([Payloads.Span(Trace, 1, 0), Tool(2), Tool(3)]));
        await using (SqliteConnection connection = new($"Data Source={StorePath};Pooling=false"))
        {
            connection.Open();
            Schema.Execute(connection, BackToFirst);
        }

        await using var upgraded = Store.Open(new(StorePath));
        await upgraded.WriteAsync(Request([Tool(4)]));
        await using SqliteConnection reader = upgraded.OpenReader();
        Schema.Number(reader, "PRAGMA user_version").ShouldBe(Schema.Version);
        Schema.Number(reader, "SELECT count(*) FROM span WHERE arguments IS NULL").ShouldBe(3);
        UInt128 id = Ids.Parse(Trace);
        TraceItem trace = TraceList.Find(reader, id)!;
        trace.Sums.Spans.ShouldBe(4);
        Conclusion conclusion = TraceApi.Conclude(reader, id, TraceHeads.Read(reader, id, trace), upgraded.Time);
        conclusion.Loops.ShouldHaveSingleItem().Times.ShouldBe(3, "calls of the old file are compared with new ones");
    }

    [Fact]
    public async Task A_log_record_that_comes_twice_is_one_and_so_are_its_messages()
    {
        await using var store = Store.Open(new(StorePath));
        await store.WriteAsync(Request([Payloads.Span(Trace, 1, 0, ("gen_ai.operation.name", "chat"))]));
        for (int i = 0; i < 2; i++)
            await store.WriteAsync(new() { Logs = [Log("Where is it?"), Log("And the other one?")] });
        await using SqliteConnection connection = store.OpenReader();
        Schema.Number(connection, "SELECT count(*) FROM log").ShouldBe(2);
        using StoredSpans spans = new(connection);
        spans.OfTrace(Ids.Parse(Trace)).Single().Read().Input.Count.ShouldBe(2);
        TraceList.Find(connection, Ids.Parse(Trace))!.Input.ShouldNotBeNull();
    }

    private static Span Tool(long id) => Payloads.Span(
        Trace, id, 1, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "search"),
        ("gen_ai.tool.call.arguments", """{"q":"shoes"}"""));

    private static LogRow Log(string text)
    {
        LogRecord record = new()
        {
            EventName = "gen_ai.user.message",
            TimeUnixNano = Payloads.Start,
            TraceId = Payloads.Span(Trace, 1, 0).TraceId,
            SpanId = Payloads.Span(Trace, 1, 0).SpanId,
            Body = new AnyValue
            {
                KvlistValue = new() { Values = { new KeyValue { Key = "content", Value = new() { StringValue = text } } } },
            },
        };
        ResourceLogs whole = new() { ScopeLogs = { new ScopeLogs { LogRecords = { record } } } };
        UInt128 trace = Ids.Parse(Trace);
        return new(
            trace, Ids.Span(trace, 1), (long)Payloads.Start, 9, record.EventName, true,
            Google.Protobuf.MessageExtensions.ToByteArray(whole));
    }

    private static WriteRequest Request(Span[] spans)
    {
        Chunk origin = SpanRowMaker.ChunkOf(new ResourceSpans { ScopeSpans = { new ScopeSpans() } });
        return new() { Spans = [.. spans.Select(span => SpanRowMaker.Make(span, null, null, origin, []))] };
    }
}

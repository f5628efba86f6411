using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Trace.V1;
using PandaProbe.Local.Receiving;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Benchmarks;

/// <summary>
/// The least that keeping spans takes: each is parsed, and its bytes become one row. Nothing can be listed, counted or found.
/// </summary>
internal static class RowOfBytes
{
    private const int Requests = 100;

    public static void Measure(bool compressed)
    {
        string directory = Directory.CreateTempSubdirectory("pandaprobe-local-bare-").FullName;
        string path = Path.Combine(directory, "bare.db");
        using (SqliteConnection connection = new($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            Schema.Execute(connection, $"PRAGMA page_size = {Schema.PageSize}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            Schema.Execute(connection, "CREATE TABLE span (id INTEGER PRIMARY KEY, data BLOB NOT NULL)");
            using Statement insert = new(connection, "INSERT INTO span (data) VALUES (?1)");
            byte[] request = new RecordedRequest(1).Bytes;
            Store(connection, insert, request, compressed);
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            for (int i = 0; i < Requests; i++)
                Store(connection, insert, request, compressed);

            const double spans = Requests * RecordedRequest.Spans;
            Console.WriteLine(
                $"bare, a row of {(compressed ? "compressed " : "")}bytes: {spans / Stopwatch.GetElapsedTime(begun).TotalSeconds:N0} spans/s on one thread, "
                + $"processor time {(Environment.CpuUsage.TotalTime - before).TotalMicroseconds / spans:0.0} µs a span");
        }

        Directory.Delete(directory, recursive: true);
    }

    private static void Store(SqliteConnection connection, Statement insert, byte[] request, bool compressed)
    {
        Schema.Execute(connection, "BEGIN");
        foreach (ReceivedSpans received in ReceivedSpans.Read(request))
        {
            foreach (Range range in received.Spans)
            {
                Span.Parser.ParseFrom(request.AsSpan(range));
                insert.Bind(1, compressed ? Packing.Pack(request.AsSpan(range)) : request.AsSpan(range)).Run();
            }
        }

        Schema.Execute(connection, "COMMIT");
    }
}

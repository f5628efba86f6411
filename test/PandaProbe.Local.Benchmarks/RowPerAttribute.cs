using System.Diagnostics;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Benchmarks;

/// <summary>
/// The control: the same spans in a schema with a row for each attribute, as a peer keeps them, in this process, without receiving or
/// reading.
/// </summary>
internal static class RowPerAttribute
{
    private const int Requests = 40;

    public static Control Measure()
    {
        string directory = Directory.CreateTempSubdirectory("pandaprobe-local-control-").FullName;
        string path = Path.Combine(directory, "control.db");
        SQLitePCL.Batteries_V2.Init();
        long spans = 0;
        TimeSpan took, used;
        using (SqliteConnection connection = new($"Data Source={path};Pooling=false"))
        {
            connection.Open();
            Run(connection, """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
                CREATE TABLE span (id INTEGER PRIMARY KEY, trace_id TEXT, span_id TEXT, parent TEXT, name TEXT, start INTEGER, end INTEGER, UNIQUE (trace_id, span_id));
                CREATE TABLE attribute (span INTEGER NOT NULL, key TEXT NOT NULL, value TEXT, PRIMARY KEY (span, key));
                CREATE INDEX attribute_key ON attribute (key, value);
                """);
            Span[][] batches = [.. Enumerable.Range(0, Requests)
                .Select(static seed => RecordedRequest.Make(new Random(seed)).ResourceSpans[0].ScopeSpans[0].Spans.ToArray())];
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long begun = Stopwatch.GetTimestamp();
            foreach (Span[] batch in batches)
            {
                using SqliteTransaction transaction = connection.BeginTransaction();
                foreach (Span span in batch)
                {
                    Insert(connection, span);
                    spans++;
                }

                transaction.Commit();
            }

            took = Stopwatch.GetElapsedTime(begun);
            used = Environment.CpuUsage.TotalTime - before;
        }

        double bytes = new FileInfo(path).Length;
        Control control = new(spans / took.TotalSeconds, used.TotalMicroseconds / spans);
        Console.WriteLine(
            $"control, a row per attribute: {control.Rate:N0} spans/s, processor time {control.Microseconds:0.0} µs a span, "
            + $"{bytes / spans * 100_000 / 1e6:0} MB for 100,000 spans");
        Directory.Delete(directory, recursive: true);
        return control;
    }

    private static void Insert(SqliteConnection connection, Span span)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "INSERT OR REPLACE INTO span (trace_id, span_id, parent, name, start, end) VALUES ($t, $s, $p, $n, $b, $e) RETURNING id";
        command.Parameters.AddWithValue("$t", Convert.ToHexString(span.TraceId.Span));
        command.Parameters.AddWithValue("$s", Convert.ToHexString(span.SpanId.Span));
        command.Parameters.AddWithValue("$p", Convert.ToHexString(span.ParentSpanId.Span));
        command.Parameters.AddWithValue("$n", span.Name);
        command.Parameters.AddWithValue("$b", (long)span.StartTimeUnixNano);
        command.Parameters.AddWithValue("$e", (long)span.EndTimeUnixNano);
        long id = (long)command.ExecuteScalar()!;
        using SqliteCommand attribute = connection.CreateCommand();
        attribute.CommandText = "INSERT OR REPLACE INTO attribute (span, key, value) VALUES ($s, $k, $v)";
        SqliteParameter owner = attribute.Parameters.AddWithValue("$s", id);
        SqliteParameter key = attribute.Parameters.AddWithValue("$k", "");
        SqliteParameter value = attribute.Parameters.AddWithValue("$v", "");
        attribute.Prepare();
        foreach (KeyValue pair in span.Attributes)
        {
            key.Value = pair.Key;
            value.Value = pair.Value.ValueCase == AnyValue.ValueOneofCase.IntValue
                ? pair.Value.IntValue.ToString() : pair.Value.StringValue;
            attribute.ExecuteNonQuery();
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>What the control needs: spans in a second, and processor time of a span.</summary>
internal readonly record struct Control(double Rate, double Microseconds);

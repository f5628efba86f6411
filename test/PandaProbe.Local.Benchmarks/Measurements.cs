using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Benchmarks;

internal static class Measurements
{
    private const int Connections = 4;
    private const double SustainedShare = 0.7;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    public static Task StartAsync()
    {
        double[] times = [.. Enumerable.Range(0, 7).Select(static _ =>
        {
            using var viewer = Viewer.Start();
            return viewer.Started.TotalMilliseconds;
        }).Order()];
        Console.WriteLine($"start until it listens: median {times[3]:0} ms, slowest {times[^1]:0} ms");
        return Task.CompletedTask;
    }

    /// <summary>
    /// Measures how much the viewer takes from clients that send as fast as it answers, and how it answers at 70 % of that.
    /// </summary>
    /// <param name="duration">How long each load lasts.</param>
    /// <param name="protocols">What to send with.</param>
    /// <param name="withControl">Whether to measure a row per attribute beside it.</param>
    public static async Task IngestAsync(TimeSpan duration, IEnumerable<Protocol> protocols, bool withControl = true)
    {
        Control? control = withControl ? RowPerAttribute.Measure() : null;
        foreach (Protocol protocol in protocols)
        {
            using var viewer = Viewer.Start("--keep-bytes", "100GB");
            using Load load = new(viewer, protocol);
            await load.SendAsync(Connections, WarmUp);
            LoadResult most = await load.SendAsync(Connections, duration);
            Console.WriteLine(
                $"ingest {protocol}: spans of {RecordedRequest.AverageSpan:N0} bytes in requests of {RecordedRequest.Spans} on {Connections} connections: {most}; "
                + $"memory {viewer.MegabytesOfMemory:0} MB; disk {viewer.MegabytesOnDisk:0} MB for {viewer.SpanCount():N0} spans"
                + (control is { } peer ? Compare(most, peer) : ""));
            double rate = most.Rate * SustainedShare;
            Console.WriteLine(
                $"ingest {protocol} at {SustainedShare:P0} of that, sent when it is due: {await load.SendAsync(duration, rate)}");
        }
    }

    public static async Task LargeTracesAsync()
    {
        foreach (int count in (int[])[10_000, 100_000])
        {
            using var viewer = Viewer.Start();
            using HttpClient client = new() { BaseAddress = viewer.Http };
            byte[] trace = [.. Guid.NewGuid().ToByteArray()];
            using Load load = new(viewer, Protocol.Http);
            for (int sent = 0; sent < count; sent += 1000)
                await load.PostAsync(Large(trace, sent, 1000).ToByteArray());
            await load.SendAsync(Connections, TimeSpan.FromSeconds(2));
            Console.WriteLine(
                $"heads of a trace of {count:N0} spans: {await TimeAsync(client, $"/api/traces/{Convert.ToHexString(trace)}")}");
            Console.WriteLine(
                $"page of 50 traces beside it: {await TimeAsync(client, "/api/traces")}; of 50 sessions: {await TimeAsync(client, "/api/sessions")}");
        }
    }

    public static async Task RetentionAsync(int spansInAll, string keep)
    {
        using var viewer = Viewer.Start("--keep-bytes", keep);
        double mostDisk = 0, mostMemory = 0;
        int ofRound = spansInAll / 20;
        using Load load = new(viewer, Protocol.Http);
        for (int round = 0; round < 20; round++)
        {
            LoadResult sent = await load.SendAsync(Connections, TimeSpan.FromHours(1), mostSpans: ofRound);
            mostDisk = Math.Max(mostDisk, viewer.MegabytesOnDisk);
            mostMemory = Math.Max(mostMemory, viewer.MegabytesOfMemory);
            Console.WriteLine(
                $"{(round + 1) * ofRound:N0} spans: {sent.Rate:N0}/s, p99 {sent.Percentile(0.99):0} ms, disk {viewer.MegabytesOnDisk:0} MB, memory {viewer.MegabytesOfMemory:0} MB");
        }

        using HttpClient client = new() { BaseAddress = viewer.Http };
        Console.WriteLine(
            $"kept {keep}: disk at the end {viewer.MegabytesOnDisk:0.0} MB with the write-ahead log, most {mostDisk:0.0} MB, most memory {mostMemory:0} MB; "
            + await client.GetStringAsync("/api/status"));
    }

    private static async Task<string> TimeAsync(HttpClient client, string path)
    {
        double[] times = new double[9];
        long length = 0;
        for (int i = 0; i < times.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            length = (await client.GetByteArrayAsync(path)).Length;
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        double first = times[0];
        Array.Sort(times);
        return $"first {first:0.0} ms, median {times[4]:0.0} ms, {length:N0} bytes";
    }

    private static string Compare(LoadResult most, Control peer) =>
        $"; {most.Rate / peer.Rate:0.0} times as fast as a row per attribute, "
        + $"with {peer.Microseconds / most.ViewerMicroseconds:0.0} times less processor time";

    private static long SpanCount(this Viewer viewer)
    {
        using HttpClient client = new() { BaseAddress = viewer.Http };
        return JsonElement.Parse(client.GetStringAsync("/api/analytics?by=all").Result).GetProperty("items")[0].GetProperty("sums")
            .GetProperty("spans").GetInt64();
    }

    public static ExportTraceServiceRequest Large(byte[] trace, int from, int count)
    {
        ScopeSpans scope = new();
        for (int i = from; i < from + count; i++)
        {
            scope.Spans.Add(new Span
            {
                TraceId = ByteString.CopyFrom(trace),
                SpanId = ByteString.CopyFrom(BitConverter.GetBytes(i + 1L)),
                ParentSpanId = i == 0 ? ByteString.Empty : ByteString.CopyFrom(BitConverter.GetBytes((i / 10) + 1L)),
                Name = $"step {i % 100}",
                StartTimeUnixNano = 1_763_700_000_000_000_000UL + ((ulong)i * 1000),
                EndTimeUnixNano = 1_763_700_000_000_000_000UL + ((ulong)i * 1000) + 500_000,
                Attributes = { new KeyValue { Key = "gen_ai.operation.name",
                Value = new AnyValue { StringValue = i % 3 == 0 ? "chat" : "execute_tool" } } },
            });
        }

        return new() { ResourceSpans = { new ResourceSpans { ScopeSpans = { scope } } } };
    }
}

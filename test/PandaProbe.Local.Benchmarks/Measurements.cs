using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Collector.Trace.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;

namespace PandaProbe.Local.Benchmarks;

internal static class Measurements
{
    private const int Connections = 4;

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

    public static async Task IngestAsync(TimeSpan duration)
    {
        Control control = RowPerAttribute.Measure();
        foreach (bool grpc in (bool[])[false, true])
        {
            using var viewer = Viewer.Start("--keep-bytes", "100GB");
            await SendAsync(viewer, TimeSpan.FromSeconds(3), grpc);
            TimeSpan before = viewer.ProcessorTime;
            (long spans, double[] latencies, TimeSpan took) = await SendAsync(viewer, duration, grpc);
            TimeSpan used = viewer.ProcessorTime - before;
            Console.WriteLine(
                $"ingest {(grpc ? "grpc" : "http/protobuf")}: {spans / took.TotalSeconds:N0} spans/s of {RecordedRequest.AverageSpan:N0} bytes in requests of {RecordedRequest.Spans} on {Connections} connections; "
                + $"request median {Percentile(latencies, 0.5):0.0} ms, p99 {Percentile(latencies, 0.99):0.0} ms; viewer's processor time {used.TotalMicroseconds / spans:0.0} µs a span; "
                + $"memory {viewer.MegabytesOfMemory:0} MB; disk {viewer.MegabytesOnDisk:0} MB for {viewer.SpanCount():N0} spans; "
                + $"{spans / took.TotalSeconds / control.Rate:0.0} times as fast as a row per attribute, with {control.Microseconds / used.TotalMicroseconds * spans:0.0} times less processor time");
        }
    }

    public static async Task<(long Spans, double[] Latencies, TimeSpan Took)> SendAsync(
        Viewer viewer, TimeSpan duration, bool grpc, long mostSpans = long.MaxValue)
    {
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = Connections, EnableMultipleHttp2Connections = true };
        using HttpClient client = new(handler) { Timeout = TimeSpan.FromMinutes(1) };
        long spans = 0;
        List<double> latencies = [];
        long begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            Random random = new(connection + (int)begun);
            RecordedRequest[] requests = [.. Enumerable.Range(0, 4).Select(seed => new RecordedRequest((connection * 100) + seed))];
            List<double> own = [];
            for (int i = 0; Stopwatch.GetElapsedTime(begun) < duration && Volatile.Read(ref spans) < mostSpans; i++)
            {
                RecordedRequest request = requests[i % requests.Length];
                request.Renew(random);
                long start = Stopwatch.GetTimestamp();
                await PostAsync(client, viewer, request.Bytes, grpc);
                own.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                Interlocked.Add(ref spans, RecordedRequest.Spans);
            }

            lock (latencies)
                latencies.AddRange(own);
        })));
        return (spans, [.. latencies.Order()], Stopwatch.GetElapsedTime(begun));
    }

    public static async Task LargeTracesAsync()
    {
        foreach (int count in (int[])[10_000, 100_000])
        {
            using var viewer = Viewer.Start();
            using HttpClient client = new() { BaseAddress = viewer.Http };
            byte[] trace = [.. Guid.NewGuid().ToByteArray()];
            for (int sent = 0; sent < count; sent += 1000)
                await PostAsync(client, viewer, Large(trace, sent, 1000).ToByteArray(), grpc: false);
            await SendAsync(viewer, TimeSpan.FromSeconds(2), grpc: false);
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
        for (int round = 0; round < 20; round++)
        {
            (long spans, double[] latencies, TimeSpan took) = await SendAsync(
                viewer, TimeSpan.FromHours(1), grpc: false, mostSpans: ofRound);
            mostDisk = Math.Max(mostDisk, viewer.MegabytesOnDisk);
            mostMemory = Math.Max(mostMemory, viewer.MegabytesOfMemory);
            Console.WriteLine(
                $"{(round + 1) * ofRound:N0} spans: {spans / took.TotalSeconds:N0}/s, p99 {Percentile(latencies, 0.99):0} ms, disk {viewer.MegabytesOnDisk:0} MB, memory {viewer.MegabytesOfMemory:0} MB");
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

    private static async Task PostAsync(HttpClient client, Viewer viewer, byte[] body, bool grpc)
    {
        Uri address = grpc ? new(viewer.Grpc, "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
            : new(viewer.Http, "/v1/traces");
        using HttpRequestMessage request = new(HttpMethod.Post, address);
        if (grpc)
        {
            byte[] frame = new byte[body.Length + 5];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
            body.CopyTo(frame, 5);
            body = frame;
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
            request.Headers.TE.Add(new("trailers"));
        }

        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(grpc ? "application/grpc" : "application/x-protobuf");
        using HttpResponseMessage response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        if (grpc && response.TrailingHeaders.GetValues("grpc-status").Single() != "0")
            throw new InvalidOperationException("The request was refused.");
    }

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

    private static double Percentile(double[] sorted, double part) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * part))];
}

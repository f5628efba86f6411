using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Microsoft.Data.Sqlite;
using OpenTelemetry.Proto.Collector.Trace.V1;
using PandaProbe.Local.Commands;
using PandaProbe.Local.Serving;
using PandaProbe.Local.Storing;
using PandaProbe.Local.Tests.Tool;

namespace PandaProbe.Local.Tests.Receiving;

/// <summary>What clients are told when the store cannot take more, over the real ports.</summary>
public sealed class BackPressureTests : IAsyncLifetime
{
    private const string TraceExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const string Ok = "0", Unavailable = "14", InvalidArgument = "3";

    private readonly string _directory = RunningTool.NewDirectory();
    private Store _store = null!;
    private ViewerHost _viewer = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync() => await OpenAsync(new(Path.Combine(_directory, "traces.db")));

    public async Task DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task When_the_writer_is_behind_clients_are_asked_to_come_back_and_nothing_that_waits_is_lost()
    {
        Task waiting;
        await using (SqliteConnection other = new($"Data Source={_store.Path};Pooling=false"))
        {
            other.Open();
            Schema.Execute(other, "BEGIN IMMEDIATE");

            // As much as may wait, behind another process that writes.
            waiting = _store.WriteAsync(new() { Size = 256L << 20 });
            using (HttpResponseMessage http = await PostAsync("/v1/traces", Request(1).ToByteArray(), "application/x-protobuf"))
            {
                http.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                http.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            }

            using (HttpResponseMessage json = await PostAsync("/v1/logs", "{}"u8.ToArray(), "application/json"))
            {
                json.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                (await json.Content.ReadAsStringAsync()).ShouldContain("\"code\":14");
            }

            string trace = $$"""{"trace_id":"{{Guid.NewGuid()}}","name":"x","started_at":"2026-02-23T10:00:00Z"}""";
            using (HttpResponseMessage rest = await PostAsync("/traces", Encoding.UTF8.GetBytes(trace), "application/json"))
            {
                rest.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
                rest.Headers.RetryAfter.ShouldNotBeNull();
            }

            (string status, HttpResponseHeaders trailers) = await GrpcAsync(Request(1));
            status.ShouldBe(Unavailable);
            trailers.GetValues("grpc-retry-pushback-ms").Single().ShouldBe("1000");
            Schema.Execute(other, "ROLLBACK");
        }

        await waiting;
        (await GrpcAsync(Request(2))).Status.ShouldBe(Ok);
        using HttpResponseMessage after = await PostAsync("/v1/traces", Request(3).ToByteArray(), "application/x-protobuf");
        after.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_client_that_was_answered_finds_the_room_that_its_request_had()
    {
        for (int i = 0; i < 200; i++)
            await _store.WriteAsync(new() { Size = 256L << 20 });
    }

    [Fact]
    public async Task When_the_disk_is_full_clients_are_asked_to_come_back_and_what_was_answered_is_there()
    {
        await CloseAsync();
        await OpenAsync(new(Path.Combine(_directory, "small.db")) { MostPages = 40 });
        int answered = 0;
        HttpStatusCode status = HttpStatusCode.OK;
        for (int i = 1; i < 200 && status == HttpStatusCode.OK; i++)
        {
            byte[] random = new byte[4000];
            new Random(i).NextBytes(random);
            byte[] body = Payloads.Request(Payloads.Span($"{i:x32}", 1, 0, ("input.value", Convert.ToHexString(random)))).ToByteArray();
            using HttpResponseMessage response = await PostAsync("/v1/traces", body, "application/x-protobuf");
            status = response.StatusCode;
            answered += status == HttpStatusCode.OK ? 1 : 0;
            (response.Headers.RetryAfter is null).ShouldBe(status == HttpStatusCode.OK);
        }

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answered.ShouldBeGreaterThan(5);
        await using SqliteConnection connection = _store.OpenReader();
        Schema.Number(connection, "SELECT count(*) FROM trace").ShouldBe(answered);
    }

    [Fact]
    public async Task A_message_that_gzip_packed_inside_its_grpc_frame_is_read()
    {
        (await GrpcAsync(Request(7), "gzip")).Status.ShouldBe(Ok);
        await using SqliteConnection connection = _store.OpenReader();
        TraceList.Find(connection, Ids.Parse($"{7:x32}"))!.Sums.Spans.ShouldBe(2);
        (await GrpcAsync(Request(8), "snappy")).Status.ShouldBe(InvalidArgument);
        (await GrpcAsync(Request(9), "gzip", host: "evil.example")).Status.ShouldBe("403", "the gRPC port has the same guard");
        TraceList.Find(connection, Ids.Parse($"{9:x32}")).ShouldBeNull();
    }

    private static ExportTraceServiceRequest Request(int number) => Payloads.Trace($"{number:x32}", spans: 2);

    private async Task OpenAsync(StoreOptions options)
    {
        _store = Store.Open(options);
        _viewer = await ViewerHost.StartAsync(new ServeOptions(), 0, 0, _store, "secret", static () => { });
        _client = new() { BaseAddress = _viewer.Http };
    }

    private async Task CloseAsync()
    {
        _client.Dispose();
        await _viewer.DisposeAsync();
        await _store.DisposeAsync();
    }

    private async Task<HttpResponseMessage> PostAsync(string path, byte[] body, string type)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(type);
        request.Headers.Add("X-API-Key", "any");
        return await _client.SendAsync(request);
    }

    private async Task<(string Status, HttpResponseHeaders Trailers)> GrpcAsync(
        ExportTraceServiceRequest message, string? encoding = null, string? host = null)
    {
        byte[] bytes = message.ToByteArray();
        if (encoding is not null)
        {
            using MemoryStream packed = new();
            await using (GZipStream zip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
                await zip.WriteAsync(bytes);
            bytes = packed.ToArray();
        }

        byte[] frame = new byte[5 + bytes.Length];
        frame[0] = encoding is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(_viewer.Grpc, TraceExport))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        request.Headers.Host = host;
        if (encoding is not null)
            request.Headers.Add("grpc-encoding", encoding);
        using HttpResponseMessage response = await _client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        string status = response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? values)
            ? values.Single() : $"{(int)response.StatusCode}";
        return (status, response.TrailingHeaders);
    }
}

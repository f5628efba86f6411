using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wire = PandaProbe.OpenAI.Wire;

namespace PandaProbe.Testing.Cassettes;

public sealed class ReplayTests
{
    [Fact]
    public async Task A_stream_is_replayed_a_thousand_times_with_every_byte_and_every_boundary_and_without_a_server()
    {
        using CassetteFolder folder = new();
        HttpWire.Seen recorded = await RecordAsync(folder, context => WireServer.WriteEventsAsync(context, Wire.ChatEvents));
        recorded.Text.ShouldBe(string.Concat(Wire.ChatEvents));

        ConcurrentBag<string> different = [];
        await Parallel.ForAsync(0, 1000, async (i, _) =>
        {
            HttpWire.Seen replayed = await ReplayAsync(folder);
            if (!replayed.Reads.Select(Encoding.UTF8.GetString).SequenceEqual(Wire.ChatEvents)
                || replayed.Headers["Content-Type"] != "text/event-stream")
            {
                different.Add(replayed.Text);
            }
        });

        different.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("compact", """{"b":1.50,"a":"Zürich <b>","c":[1e3,null]}""")]
    [InlineData("indented", "{\n  \"b\": 1.50,\n  \"a\": []\n}")]
    [InlineData("spaced", "{\"b\": 1, \"a\": 2}\n")]
    [InlineData("escaped", """{"a":"Z\u00fcrich \/"}""")]
    [InlineData("same name twice", """{"a":1,"a":2}""")]
    [InlineData("text", "one\r\ntwo\n\nthree")]
    [InlineData("empty", "")]
    public async Task A_body_is_replayed_as_it_was_written(string name, string body)
    {
        using CassetteFolder folder = new();
        HttpWire.Seen recorded = await RecordAsync(folder, context => WireServer.WriteJsonAsync(context, body), name);

        HttpWire.Seen replayed = await ReplayAsync(folder, name);

        recorded.Text.ShouldBe(body);
        replayed.Text.ShouldBe(body);
    }

    [Theory]
    [InlineData("data: {\"a\": 1}\n\n", ": comment\n\n", "data: text\ndata: of two lines\n\n")]
    [InlineData("event: a\r\ndata: {}\r\n\r\n", "data:{\"b\":2}\n\n", "id: 1\nevent: c\ndata: [1]\n\n")]
    [InlineData("data: {\"x\":\"Z\\u00fcrich\"}\n\n", "event: e\ndata: {\"y\":1}\n\n", "data: cut off")]
    public async Task Events_are_replayed_as_they_were_written_however_they_were(params string[] events)
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, context => WireServer.WriteEventsAsync(context, events));

        HttpWire.Seen replayed = await ReplayAsync(folder);

        replayed.Reads.Select(Encoding.UTF8.GetString).ShouldBe(events);
    }

    [Fact]
    public async Task Too_many_requests_are_replayed_with_the_time_to_wait()
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, context =>
        {
            context.Response.Headers.RetryAfter = "7";
            context.Response.Headers["x-ratelimit-remaining-tokens"] = "0";
            return WireServer.WriteJsonAsync(context, Wire.Error, 429);
        });

        HttpWire.Seen replayed = await ReplayAsync(folder);

        replayed.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        replayed.Headers["Retry-After"].ShouldBe("7");
        replayed.Headers["x-ratelimit-remaining-tokens"].ShouldBe("0");
        replayed.Text.ShouldBe(Wire.Error);
    }

    [Fact]
    public async Task A_moment_to_retry_at_is_replayed_as_the_time_to_wait()
    {
        using CassetteFolder folder = new();
        DateTimeOffset now = new(2026, 11, 22, 1, 2, 3, TimeSpan.Zero);
        await RecordAsync(folder, context =>
        {
            context.Response.Headers.Date = now.ToString("R");
            context.Response.Headers.RetryAfter = now.AddSeconds(90).ToString("R");
            return WireServer.WriteJsonAsync(context, Wire.Error, 503);
        });

        (await ReplayAsync(folder)).Headers["Retry-After"].ShouldBe("90");
    }

    [Fact]
    public async Task A_stream_that_breaks_half_way_is_replayed_as_broken()
    {
        using CassetteFolder folder = new();
        HttpWire.Seen recorded = await RecordAsync(folder, async context =>
        {
            await WireServer.WriteEventsAsync(context, Wire.ChatEvents[..2]);
            throw new IOException("The connection of the server breaks.");
        });

        HttpWire.Seen replayed = await ReplayAsync(folder);

        recorded.Failure.ShouldNotBeNull().ShouldBeAssignableTo<IOException>();
        replayed.Failure.ShouldNotBeNull().GetType().ShouldBe(recorded.Failure.GetType());
        replayed.Failure.Message.ShouldBe(recorded.Failure.Message);
        replayed.Text.ShouldBe(recorded.Text);
    }

    [Fact]
    public async Task A_connection_that_is_closed_too_early_is_replayed_with_its_reason()
    {
        using CassetteFolder folder = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task answering = AnswerHalfAsync();
        HttpWire.Seen recorded;
        using (Cassette cassette = folder.Record(name: "answer"))
        using (HttpClient client = cassette.CreateHttpClient())
            recorded = await HttpWire.PostAsync(client, new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        await answering;
        listener.Stop();
        HttpWire.Seen replayed = await ReplayAsync(folder);

        recorded.Failure.ShouldBeOfType<HttpIOException>().HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
        replayed.Failure.ShouldBeOfType<HttpIOException>().HttpRequestError.ShouldBe(HttpRequestError.ResponseEnded);
        replayed.Failure.Message.ShouldBe(recorded.Failure.Message);
        replayed.Text.ShouldBe(Wire.ChatEvents[0]);

        async Task AnswerHalfAsync()
        {
            using TcpClient connection = await listener.AcceptTcpClientAsync();
            await using NetworkStream stream = connection.GetStream();
            byte[] request = new byte[64 * 1024];
            string received = "";
            while (!received.Contains(HttpWire.Question))
                received += Encoding.UTF8.GetString(request, 0, await stream.ReadAsync(request));

            await stream.WriteAsync(Encoding.UTF8.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5000\r\n\r\n{Wire.ChatEvents[0]}"));
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_compressed_answer_is_readable_in_the_file_and_the_same_for_the_caller(string encoding)
    {
        using CassetteFolder folder = new();
        HttpWire.Seen recorded = await RecordAsync(folder, async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = encoding;
            using MemoryStream compressed = new();
            await using (Stream stream = encoding switch
            {
                "gzip" => new GZipStream(compressed, CompressionLevel.Fastest),
                "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
                _ => new ZLibStream(compressed, CompressionLevel.Fastest),
            })
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(Wire.Chat));
            }

            byte[] bytes = compressed.ToArray();
            context.Response.ContentLength = bytes.Length;
            await context.Response.Body.WriteAsync(bytes);
        });

        HttpWire.Seen replayed = await ReplayAsync(folder);

        recorded.Text.ShouldBe(Wire.Chat);
        folder.Text.ShouldContain("Paris.");
        recorded.Headers.ShouldNotContainKey("Content-Encoding");
        replayed.Text.ShouldBe(Wire.Chat);
        replayed.Headers.ShouldNotContainKey("Content-Encoding");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_replayed()
    {
        byte[] sound = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];
        using CassetteFolder folder = new();
        await RecordAsync(folder, async context =>
        {
            context.Response.ContentType = "audio/mpeg";
            await context.Response.Body.WriteAsync(sound);
        });

        HttpWire.Seen replayed = await ReplayAsync(folder);

        replayed.Bytes.ShouldBe(sound);
        replayed.Headers["Content-Type"].ShouldBe("audio/mpeg");
    }

    [Fact]
    public async Task An_upload_is_found_again_although_its_boundary_is_new()
    {
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, "{}")))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            (await client.SendAsync(Upload(server.Address))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        (await replayed.SendAsync(Upload(new("http://localhost")))).StatusCode.ShouldBe(HttpStatusCode.OK);

        static HttpRequestMessage Upload(Uri server) => new(HttpMethod.Post, new Uri(server, "/v1/audio/transcriptions"))
        {
            Content = new MultipartFormDataContent
            {
                { new StringContent("whisper-1"), "model" },
                { new ByteArrayContent([0, 255, 1, 254]), "file", "speech.mp3" },
            },
        };
    }

    [Fact]
    public async Task Calls_that_run_side_by_side_get_their_own_answers()
    {
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context =>
            WireServer.WriteJsonAsync(context, $$"""{"path":"{{context.Request.Path}}"}""")))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            await AskAllAsync(client, server.Address);
        }

        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        await AskAllAsync(replayed, new("http://localhost"));

        static Task AskAllAsync(HttpClient client, Uri server) => Parallel.ForAsync(0, 50, async (i, _) =>
            (await HttpWire.PostAsync(client, server, path: $"/{i}")).Text.ShouldBe($$"""{"path":"/{{i}}"}"""));
    }

    [Fact]
    public async Task The_same_call_gets_its_answers_in_order()
    {
        int calls = 0;
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, $"[{++calls}]")))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            for (int i = 0; i < 3; i++)
                await HttpWire.PostAsync(client, server.Address);
        }

        using Cassette replaying = folder.Replay(options => options.RepeatLast = true);
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        List<string> answers = [];
        for (int i = 0; i < 5; i++)
            answers.Add((await HttpWire.PostAsync(replayed, new("http://localhost"))).Text);

        answers.ShouldBe(["[1]", "[2]", "[3]", "[3]", "[3]"]);
    }

    [Fact]
    public async Task Pauses_are_replayed_when_they_are_wanted()
    {
        using CassetteFolder folder = new();
        SteppedTime recordedTime = new();
        await using (WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context, Wire.ChatEvents)))
        {
            using Cassette cassette = folder.Record(Paused(recordedTime));
            using HttpClient client = cassette.CreateHttpClient();
            await HttpWire.PostAsync(client, server.Address);
        }

        folder.Text.ShouldContain("\"pause\":");
        SteppedTime replayedTime = new();
        using Cassette replaying = folder.Replay(Paused(replayedTime));
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        (await HttpWire.PostAsync(replayed, new("http://localhost"))).Text.ShouldBe(string.Concat(Wire.ChatEvents));
        replayedTime.Waited.ShouldBeInRange(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));

        static Action<CassetteOptions> Paused(TimeProvider time) => options =>
        {
            options.Pauses = true;
            options.TimeProvider = time;
        };
    }

    private static async Task<HttpWire.Seen> RecordAsync(CassetteFolder folder, RequestDelegate answer, string name = "answer")
    {
        await using WireServer server = await WireServer.StartAsync(answer);
        using Cassette cassette = folder.Record(name: name);
        using HttpClient client = cassette.CreateHttpClient();
        return await HttpWire.PostAsync(client, server.Address);
    }

    private static async Task<HttpWire.Seen> ReplayAsync(CassetteFolder folder, string name = "answer")
    {
        using Cassette cassette = folder.Replay(name: name);
        using HttpClient client = cassette.CreateHttpClient(new NoNetwork());
        return await HttpWire.PostAsync(client, new("http://localhost"));
    }
}

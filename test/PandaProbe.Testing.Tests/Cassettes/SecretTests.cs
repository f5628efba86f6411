using System.Text;
using Wire = PandaProbe.OpenAI.Wire;

namespace PandaProbe.Testing.Cassettes;

public sealed class SecretTests
{
    private const string Planted = "AKIAQXFQZVTB2PQY4VTX";
    private const string Organization = "org-Qm8yT2Zk4Lw7Rx1Vn5Bc";

    [Fact]
    public async Task No_key_and_no_planted_secret_is_in_the_file()
    {
        string[] secrets =
        [
            "the-key-of-the-authorization", "the-key-of-x-api-key", "the-cookie-of-the-request", "the-cookie-of-the-answer",
            "the-parameter-of-the-query", "the-organization-of-the-answer", "the-session-of-the-server", Organization, Planted,
        ];
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(async context =>
        {
            context.Response.Headers.SetCookie = "__cf_bm=the-cookie-of-the-answer; path=/";
            context.Response.Headers["openai-organization"] = "the-organization-of-the-answer";
            context.Response.Headers["anthropic-organization-id"] = "the-organization-of-the-answer";
            context.Response.Headers["Mcp-Session-Id"] = "the-session-of-the-server";
            context.Response.Headers["x-debug"] = $"key {Planted}";
            await WireServer.WriteJsonAsync(
                context, $$"""{"error":"Rate limit reached in organization {{Organization}} for the-key-of-the-authorization and the-organization-of-the-answer, {{Planted}}"}""");
        }))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            using HttpRequestMessage request = new(
                HttpMethod.Post, new Uri(server.Address, "/v1/x?key=the-parameter-of-the-query&alt=sse"));
            request.Headers.Add("Authorization", "Bearer the-key-of-the-authorization");
            request.Headers.Add("x-api-key", "the-key-of-x-api-key");
            request.Headers.Add("Cookie", "a=the-cookie-of-the-request");
            request.Headers.Add("OpenAI-Organization", Organization);
            request.Content = new StringContent(
                $$$"""{"prompt":"Use {{{Planted}}} and the-key-of-x-api-key","aws":{"key":"{{{Planted}}}"}}""", Encoding.UTF8, "application/json");
            HttpWire.Seen seen = await HttpWire.SendAsync(client, request);
            seen.Text.ShouldContain(Planted);
        }

        foreach (string secret in secrets)
            folder.Text.ShouldNotContain(secret);

        folder.Text.ShouldContain("/v1/x?key=[MASKED]&alt=sse");
        folder.Text.ShouldContain("\"Mcp-Session-Id\": \"[MASKED]\"");
    }

    [Fact]
    public async Task A_secret_that_is_spread_over_the_events_of_a_stream_is_not_in_the_file()
    {
        string[] events =
        [
            .. new[] { "It is ", Planted[..4], Planted[4..9], Planted[9..], ", keep it." }.Select(
                piece => Wire.ChatEvent($$$"""[{"index":0,"delta":{"content":"{{{piece}}}"},"logprobs":null,"finish_reason":null}]""")),
            "data: [DONE]\n\n",
        ];
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context, events)))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            (await HttpWire.PostAsync(client, server.Address)).Text.ShouldBe(string.Concat(events));
        }

        folder.Text.ShouldNotContain(Planted[9..]);
        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        HttpWire.Seen seen = await HttpWire.PostAsync(replayed, new("http://localhost"));
        seen.Reads.Count.ShouldBe(events.Length);
        seen.Text.ShouldContain("\"content\":\"[MASKED]\"");
    }

    [Fact]
    public async Task A_secret_in_bytes_that_are_no_text_is_overwritten()
    {
        byte[] picture = [0, 255, 254, .. Encoding.ASCII.GetBytes($" {Planted} "), 0, 200, 201];
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(async context => await context.Response.Body.WriteAsync(picture)))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            (await HttpWire.PostAsync(client, server.Address)).Bytes.ShouldBe(picture);
        }

        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        byte[] masked = (await HttpWire.PostAsync(replayed, new("http://localhost"))).Bytes;
        masked.Length.ShouldBe(picture.Length);
        Encoding.Latin1.GetString(masked).ShouldContain(" ******************** ");
    }

    [Fact]
    public async Task Personal_data_is_masked_where_that_is_wanted_and_calls_are_found_again()
    {
        const string Body = """{"to":"jane.doe@acme-corp.io"}""";
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, "{}")))
        {
            using Cassette cassette = folder.Record(Configure);
            using HttpClient client = cassette.CreateHttpClient();
            await HttpWire.PostAsync(client, server.Address, Body);
        }

        folder.Text.ShouldNotContain("jane.doe");
        using Cassette replaying = folder.Replay(Configure);
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        (await HttpWire.PostAsync(replayed, new("http://localhost"), Body)).Text.ShouldBe("{}");

        static void Configure(CassetteOptions options) => options.Safety = new PandaProbe.Safety.SafetyOptions().MaskPersonalData();
    }
}

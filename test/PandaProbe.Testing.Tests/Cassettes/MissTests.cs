using System.Net;

namespace PandaProbe.Testing.Cassettes;

/// <summary>What a user reads when a call finds no recording.</summary>
public sealed class MissTests
{
    [Fact]
    public async Task Without_a_file_it_says_how_to_record()
    {
        using CassetteFolder folder = new();

        (await MissAsync(folder, """{"model":"m"}""")).ShouldBe("""
            No recording answers the 1st call, POST /v1/chat/completions.

            There is no cassette yet at
              <folder>/AgentTests.agent.cassette.json

            Record it:  PANDAPROBE_CASSETTES=record dotnet test
            """);
    }

    [Fact]
    public async Task A_changed_prompt_is_shown_with_the_line_that_differs()
    {
        using CassetteFolder folder = new();
        await RecordAsync(
            folder, """{"model":"gpt-5.4","messages":[{"role":"user","content":"Hi"}]}""",
            """{"model":"gpt-5.4","messages":[{"role":"system","content":"You are terse.\nAnswer in one short and friendly sentence, in French if you can.\nNever guess."},{"role":"user","content":"Plan a trip to Paris in May."}],"temperature":0.5}""");

        (await MissAsync(folder, """{"temperature":0.50,"messages":[{"role":"system","content":"You are terse.\nAnswer in one short and friendly sentence, in German if you can.\nNever guess."},{"role":"user","content":"Plan a trip to Paris in May."}],"model":"gpt-5.4"}""")).ShouldBe("""
            No recording answers the 1st call, POST /v1/chat/completions.

            <folder>/AgentTests.agent.cassette.json:33
            is the nearest of 2 recordings. It differs first at

              $.body.messages[0].content, line 2 of the text
                recorded  …"one short and friendly sentence, in French if you can."
                now       …"one short and friendly sentence, in German if you can."
                                                                ^

            If the change is intended, record again:  PANDAPROBE_CASSETTES=record dotnet test
            If a part of it changes with every run:  new CassetteOptions { Rewrite = text => … }
            """);
        File.ReadLines(Directory.GetFiles(folder.Path).Single()).ElementAt(32).ShouldContain("in French if you can");
    }

    [Fact]
    public async Task Other_places_are_counted_and_values_that_are_no_texts_are_shown()
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, """{"model":"gpt-5.4","max_tokens":100,"tools":[{"name":"refund"}],"user":"u"}""");

        (await MissAsync(folder, """{"model":"gpt-5.4","max_tokens":200,"tools":[{"name":"refund"},{"name":"look_up"}],"seed":1}""")).ShouldBe("""
            No recording answers the 1st call, POST /v1/chat/completions.

            <folder>/AgentTests.agent.cassette.json:9
            has one recording. It differs first at

              $.body.max_tokens
                recorded  100
                now       200

              and at 3 more places: $.body.tools[1], $.body.user, $.body.seed

            If the change is intended, record again:  PANDAPROBE_CASSETTES=record dotnet test
            If it changes with every run:  options.IgnoredFields.Add("$.body.max_tokens")
            """);
    }

    [Fact]
    public async Task A_field_that_was_not_recorded_is_shown_at_the_line_of_what_is_around_it()
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, """{"model":"gpt-5.4"}""");

        (await MissAsync(folder, """{"model":"gpt-5.4","tools":[{"name":"refund"}]}""")).ShouldBe("""
            No recording answers the 1st call, POST /v1/chat/completions.

            <folder>/AgentTests.agent.cassette.json:8
            has one recording. It differs first at

              $.body.tools
                recorded  (nothing)
                now       [{"name":"refund"}]

            If the change is intended, record again:  PANDAPROBE_CASSETTES=record dotnet test
            If it changes with every run:  options.IgnoredFields.Add("$.body.tools")
            """);
    }

    [Fact]
    public async Task A_call_too_many_is_told_from_a_call_that_changed()
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, """{"model":"m"}""", """{"model":"m"}""");

        (await MissAsync(folder, """{"model":"m"}""", """{"model":"m"}""", """{"model":"m"}""")).ShouldBe("""
            No recording answers the 3rd call, POST /v1/chat/completions.

            <folder>/AgentTests.agent.cassette.json
            has 2 recordings of this call, and all have answered already. Is the agent in a loop?
            Where the last recording is to answer all further calls:  new CassetteOptions { RepeatLast = true }
            If the change is intended, record again:  PANDAPROBE_CASSETTES=record dotnet test
            """);
    }

    [Fact]
    public async Task Recordings_that_nobody_asks_for_are_named()
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, """{"model":"m"}""", """{"model":"m"}""", """{"model":"gpt-5.4","input":"Where is my order?"}""");
        using Cassette cassette = folder.Replay(name: "agent");
        using HttpClient client = cassette.CreateHttpClient(new NoNetwork());
        await HttpWire.PostAsync(client, new("http://localhost"), """{"model":"m"}""");

        Should.Throw<ProbeAssertionException>(cassette.ShouldBeUsed).Message.Replace(folder.Path, "<folder>").Replace('\\', '/').ShouldBe("""
            Every recording should answer a call, but 2 were not asked for.

            <folder>/AgentTests.agent.cassette.json
              - line 21: POST /v1/chat/completions {"model":"m"}
              - line 37: POST /v1/chat/completions {"input":"Where is my order?","model":"gpt-5.4"}

            If the calls are no longer made, record again:  PANDAPROBE_CASSETTES=record dotnet test
            """.ReplaceLineEndings("\n"));
        await HttpWire.PostAsync(client, new("http://localhost"), """{"model":"m"}""");
        await HttpWire.PostAsync(client, new("http://localhost"), """{"model":"gpt-5.4","input":"Where is my order?"}""");
        cassette.ShouldBeUsed();
    }

    [Fact]
    public async Task A_miss_that_an_agent_swallows_fails_when_the_cassette_is_closed()
    {
        using CassetteFolder folder = new();
        Cassette cassette = folder.Replay(name: "agent");
        using HttpClient client = cassette.CreateHttpClient(new NoNetwork());
        CassetteException miss = await Should.ThrowAsync<CassetteException>(() => HttpWire.PostAsync(client, new("http://localhost")));

        Should.Throw<CassetteException>(cassette.Dispose).Message.ShouldBe(miss.Message);
        Should.NotThrow(cassette.Dispose);
    }

    [Fact]
    public async Task Ignored_fields_and_rewritten_texts_are_neither_compared_nor_written()
    {
        using CassetteFolder folder = new();
        await RecordAsync(
            folder, Configure, """{"run_id":"r-1","metadata":{"trace":"t-1","kept":1},"messages":[{"id":"a","text":"Today is 2026-11-22."}]}""");

        folder.Text.ShouldContain("Today is TODAY.");
        folder.Text.ShouldNotContain("r-1");
        folder.Text.ShouldNotContain("t-1");
        using Cassette cassette = folder.Replay(Configure, "agent");
        using HttpClient client = cassette.CreateHttpClient(new NoNetwork());
        (await HttpWire.PostAsync(
            client, new("http://localhost"),
            """{"metadata":{"trace":"t-2","kept":1.0},"messages":[{"id":"b","text":"Today is 2027-01-01."}]}""")).Status.ShouldBe(HttpStatusCode.OK);

        static void Configure(CassetteOptions options)
        {
            options.IgnoredFields.Add("run_id");
            options.IgnoredFields.Add("$.body.metadata.trace");
            options.IgnoredFields.Add("$.body.messages[*].id");
            options.Rewrite = text => text.Replace("2026-11-22", "TODAY").Replace("2027-01-01", "TODAY");
        }
    }

    [Fact]
    public async Task A_header_is_compared_where_that_is_wanted()
    {
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, "{}")))
        {
            using Cassette cassette = folder.Record(Configure, "agent");
            using HttpClient client = cassette.CreateHttpClient();
            client.DefaultRequestHeaders.Add("anthropic-beta", "context-1m");
            await HttpWire.PostAsync(client, server.Address, "{}");
        }

        Cassette replaying = folder.Replay(Configure, "agent");
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        CassetteException miss =
            await Should.ThrowAsync<CassetteException>(() => HttpWire.PostAsync(replayed, new("http://localhost"), "{}"));

        miss.Message.ShouldContain("$.headers");
        miss.Message.ShouldContain("""{"anthropic-beta":"context-1m"}""");

        static void Configure(CassetteOptions options) => options.ComparedHeaders.Add("anthropic-beta");
    }

    [Fact]
    public async Task A_field_can_be_ignored_and_a_file_be_edited_after_the_recording()
    {
        using CassetteFolder folder = new();
        await RecordAsync(folder, """{"model":"m","run":1}""");
        string file = Directory.GetFiles(folder.Path).Single();
        await File.WriteAllTextAsync(
            file, (await File.ReadAllTextAsync(file))
            .Replace("\"path\": \"/v1/chat/completions\",", "\n\"path\":\"/v1/chat/completions\","));

        using Cassette cassette = folder.Replay(options => options.IgnoredFields.Add("run"), "agent");
        using HttpClient client = cassette.CreateHttpClient(new NoNetwork());
        (await HttpWire.PostAsync(client, new("http://localhost"), """{"run":2,"model":"m"}""")).Text.ShouldBe("{}");
    }

    private static Task RecordAsync(CassetteFolder folder, params string[] bodies) => RecordAsync(folder, null, bodies);

    private static async Task RecordAsync(CassetteFolder folder, Action<CassetteOptions>? configure, params string[] bodies)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, "{}"));
        using Cassette cassette = folder.Record(configure, "agent");
        using HttpClient client = cassette.CreateHttpClient();
        foreach (string body in bodies)
            await HttpWire.PostAsync(client, server.Address, body);
    }

    /// <summary>
    /// Makes calls of which the last finds no recording, and returns the message with a folder that is everywhere the same.
    /// </summary>
    private static async Task<string> MissAsync(CassetteFolder folder, params string[] bodies)
    {
        Cassette cassette = folder.Replay(name: "agent");
        using HttpClient client = cassette.CreateHttpClient(new NoNetwork());
        foreach (string body in bodies[..^1])
            await HttpWire.PostAsync(client, new("http://localhost"), body);

        CassetteException miss =
            await Should.ThrowAsync<CassetteException>(() => HttpWire.PostAsync(client, new("http://localhost"), bodies[^1]));
        return miss.Message.Replace(folder.Path, "<folder>").Replace('\\', '/');
    }
}

namespace PandaProbe.Testing.Cassettes;

public sealed class ModeTests
{
    [Theory]
    [InlineData(null, null, false, CassetteMode.Replay)]
    [InlineData(null, CassetteMode.Auto, false, CassetteMode.Auto)]
    [InlineData("record", null, false, CassetteMode.Record)]
    [InlineData(" Auto ", CassetteMode.Replay, false, CassetteMode.Auto)]
    [InlineData("replay", CassetteMode.Record, false, CassetteMode.Replay)]
    [InlineData("record", CassetteMode.Record, true, CassetteMode.Replay)]
    public void The_environment_wins_over_the_options_and_a_build_server_over_both(
        string? variable, CassetteMode? option, bool isBuildServer, CassetteMode expected)
    {
        using CassetteFolder folder = new();
        using var cassette = Cassette.Open(
            "x", new() { Folder = folder.Path, Mode = option }, "T.cs",
            name => name == "PANDAPROBE_CASSETTES" ? variable : name == "GITHUB_ACTIONS" && isBuildServer ? "true" : null);

        cassette.Mode.ShouldBe(expected);
    }

    [Fact]
    public void A_build_server_records_when_it_is_told_to()
    {
        using CassetteFolder folder = new();
        using var cassette = Cassette.Open(
            "x", new() { Folder = folder.Path, Mode = CassetteMode.Auto, RecordOnBuildServer = true }, "T.cs",
            name => name == "CI" ? "true" : null);

        cassette.Mode.ShouldBe(CassetteMode.Auto);
    }

    [Fact]
    public void Another_word_in_the_environment_is_refused()
    {
        using CassetteFolder folder = new();
        Should.Throw<CassetteException>(() => Cassette.Open("x", new() { Folder = folder.Path }, "T.cs", _ => "rekord"))
            .Message.ShouldBe("The environment variable PANDAPROBE_CASSETTES is 'rekord', and should be replay, record or auto.");
    }

    [Fact]
    public void The_file_stands_beside_the_test_and_has_its_name()
    {
        using var cassette = Cassette.Open();

        string folder = Path.Combine(Repository.Root, "test", "PandaProbe.Testing.Tests", "Cassettes", "Cassettes");
        cassette.Path.ShouldBe(Path.Combine(folder, $"ModeTests.{nameof(The_file_stands_beside_the_test_and_has_its_name)}.cassette.json"));
    }

    [Fact]
    public void The_source_file_of_a_deterministic_build_is_found_around_the_program()
    {
        using CassetteFolder folder = new();
        using var cassette = Cassette.Open(
            "a/b c", new(), "/_/test/PandaProbe.Testing.Tests/Cassettes/ModeTests.cs", _ => null);

        cassette.Path.ShouldBe(
            Path.Combine(Repository.Root, "test", "PandaProbe.Testing.Tests", "Cassettes", "Cassettes", "ModeTests.a_b_c.cassette.json"));
    }

    [Fact]
    public async Task Auto_records_what_is_not_there_and_replays_the_rest()
    {
        int calls = 0;
        using CassetteFolder folder = new();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, $"[{++calls}]"));
        List<string> answers = [];
        foreach (string[] bodies in (string[][])[["1"], ["1", "2"], ["2", "1"]])
        {
            using Cassette cassette = folder.Open(CassetteMode.Auto);
            using HttpClient client = cassette.CreateHttpClient();
            foreach (string body in bodies)
                answers.Add((await HttpWire.PostAsync(client, server.Address, body)).Text);
        }

        answers.ShouldBe(["[1]", "[1]", "[2]", "[2]", "[1]"]);
        calls.ShouldBe(2);
    }

    [Fact]
    public async Task Recorded_again_calls_keep_their_places_in_the_file_and_old_ones_go()
    {
        using CassetteFolder folder = new();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, "{}"));
        await RecordAsync("1", "2", "3");
        string before = folder.Text;
        await RecordAsync("3", "1", "2");
        folder.Text.ShouldBe(before);

        // Another process starts with what the file says.
        await RecordAsync("1", "2", "4");
        folder.Text.IndexOf("\"body\": 4", StringComparison.Ordinal)
            .ShouldBeGreaterThan(folder.Text.IndexOf("\"body\": 2", StringComparison.Ordinal));

        async Task RecordAsync(params string[] bodies)
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            foreach (string body in bodies)
                await HttpWire.PostAsync(client, server.Address, body);
        }
    }

    [Fact]
    public async Task Tests_that_share_a_cassette_add_to_it_side_by_side()
    {
        using CassetteFolder folder = new();
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, "{}"));
        await Parallel.ForAsync(0, 20, async (i, _) =>
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            await HttpWire.PostAsync(client, server.Address, $"{i}");
        });

        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        for (int i = 0; i < 20; i++)
            (await HttpWire.PostAsync(replayed, server.Address, $"{i}")).Text.ShouldBe("{}");
    }

    [Fact]
    public async Task A_call_without_an_answer_is_not_recorded()
    {
        using CassetteFolder folder = new();
        using (Cassette cassette = folder.Record())
        using (HttpClient client = cassette.CreateHttpClient(new NoNetwork()))
            await Should.ThrowAsync<InvalidOperationException>(() => HttpWire.PostAsync(client, new("http://localhost")));

        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Reading_on_where_the_recorded_program_stopped_is_told()
    {
        using CassetteFolder folder = new();
        await using (WireServer server = await WireServer.StartAsync(
            context => WireServer.WriteEventsAsync(context, ["data: {}\n\n", "data: {}\n\n"])))
        {
            using Cassette cassette = folder.Record();
            using HttpClient client = cassette.CreateHttpClient();
            using HttpRequestMessage request = new(HttpMethod.Post, server.Address) { Content = new StringContent("{}") };
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await using Stream body = await response.Content.ReadAsStreamAsync();
            (await body.ReadAsync(new byte[4])).ShouldBe(4);
        }

        using Cassette replaying = folder.Replay();
        using HttpClient replayed = replaying.CreateHttpClient(new NoNetwork());
        HttpWire.Seen seen = await HttpWire.PostAsync(replayed, new("http://localhost"), "{}", "/");
        seen.Failure.ShouldBeOfType<CassetteException>().Message.ShouldStartWith("The recording ends here");
    }
}

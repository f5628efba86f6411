using OpenAI;
using OpenAI.Chat;
using PandaProbe.Metrics;

namespace PandaProbe.OpenAI;

[Collection(ProcessWide.Name)]
public sealed class MetricsTests
{
    public static TheoryData<Tracing, string, bool, bool, bool, bool> Matrix
    {
        get
        {
            TheoryData<Tracing, string, bool, bool, bool, bool> cases = [];
            foreach (Tracing tracing in Enum.GetValues<Tracing>())
            {
                foreach (string endpoint in new[] { "chat", "responses", "embeddings" })
                {
                    for (int bits = 0; bits < 16; bits++)
                    {
                        bool sync = (bits & 1) != 0, streaming = (bits & 2) != 0, protocol = (bits & 4) != 0, fails = (bits & 8) != 0;
                        if (!streaming || endpoint != "embeddings")
                            cases.Add(tracing, endpoint, sync, streaming, protocol, fails);
                    }
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task A_call_is_counted_once_whatever_becomes_of_its_span(
        Tracing tracing, string endpoint, bool sync, bool streaming, bool protocol, bool fails)
    {
        await using WireServer server = await WireServer.StartAsync(context =>
            fails ? WireServer.WriteJsonAsync(context, Wire.Error, 400)
            : streaming ? WireServer.WriteEventsAsync(context, endpoint == "chat" ? Wire.ChatEvents : Wire.ResponseEvents)
            : WireServer.WriteJsonAsync(
                context, endpoint switch { "chat" => Wire.Chat, "responses" => Wire.Response, _ => Wire.Embeddings }));
        using Measurements measurements = new();
        using IDisposable traces = tracing.Start();
        using CancellationTokenSource cancellation = new();
        await new Caller(Caller.NewClient(server.Address).WithPandaProbe(), endpoint, sync, streaming, protocol, fails
            ? Outcome.ApiError : Outcome.Success).CallAsync(cancellation);

        bool embeds = endpoint == "embeddings";
        Measured duration = measurements.Of(Measurements.Duration).ShouldHaveSingleItem();
        duration.Tags.GetValueOrDefault("error.type").ShouldBe(fails ? "System.ClientModel.ClientResultException" : null);
        measurements.Of(Measurements.Tokens).Select(measured => (measured.Value, measured.Tags["gen_ai.token.type"])).ShouldBe(
            fails ? [] : embeds ? [(12.0, "input")] : [(150.0, "input"), (80.0, "output")]);
        measurements.Of(Measurements.FirstChunk).Count.ShouldBe(streaming && !fails ? 1 : 0);
        measurements.Of(Measurements.NextChunk).Count.ShouldBe(streaming && !fails ? 3 : 0);
        measurements.Of(Measurements.Cost).Count.ShouldBe(fails ? 0 : 1);
        foreach (Measured measured in measurements.All)
        {
            measured.Tags["gen_ai.operation.name"].ShouldBe(embeds ? "embeddings" : "chat");
            measured.Tags["gen_ai.provider.name"].ShouldBe("openai");
            measured.Tags["gen_ai.request.model"].ShouldBe(embeds ? "text-embedding-3-small" : "gpt-4o-mini");
            measured.Tags["server.address"].ShouldBe("127.0.0.1");
            measured.Tags["server.port"].ShouldBe((long)server.Address.Port);

            // Chunks come before anybody knows who answers.
            if (!fails && measured.Name != Measurements.NextChunk)
                measured.Tags["gen_ai.response.model"].ShouldBe(embeds ? "text-embedding-3-small" : "gpt-4o-mini-2024-07-18");
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_stream_that_is_left_is_counted_though_its_span_is_not_recorded(bool sync, bool protocol)
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteEventsAsync(context, Wire.ChatEvents));
        using Measurements measurements = new();
        using IDisposable traces = Tracing.SampledOutBelowATrace.Start();
        using CancellationTokenSource cancellation = new();
        await new Caller(Caller.NewClient(server.Address).WithPandaProbe(), "chat", sync, streaming: true, protocol, Outcome.Abandoned)
            .CallAsync(cancellation);

        measurements.Of(Measurements.Duration).ShouldHaveSingleItem().Tags.ShouldNotContainKey("error.type");
        measurements.Of(Measurements.FirstChunk).Count.ShouldBe(1);
        measurements.Of(Measurements.Tokens).ShouldBeEmpty();
    }

    [Fact]
    public async Task Between_the_pieces_of_a_stream_the_reader_makes_calls_of_its_own()
    {
        int requests = 0;
        await using WireServer server = await WireServer.StartAsync(context =>
            requests++ == 0 ? WireServer.WriteEventsAsync(context, Wire.ChatEvents) : WireServer.WriteJsonAsync(context, Wire.Chat));
        using Measurements measurements = new();
        using IDisposable traces = Tracing.SampledOutBelowATrace.Start();
        global::OpenAI.Chat.ChatClient client = Caller.NewClient(server.Address).WithPandaProbe().GetChatClient("gpt-4o-mini");

        int pieces = 0;
        foreach (StreamingChatCompletionUpdate? _ in client.CompleteChatStreaming("Hi"))
        {
            client.CompleteChat("And you?");
            pieces++;
        }

        pieces.ShouldBe(4);
        measurements.Of(Measurements.Duration).Count.ShouldBe(1 + pieces);
    }
}

using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

/// <summary>Names and types of the semantic conventions for generative AI and for OpenAI, v1.41.1.</summary>
public sealed class ConventionsTests
{
    private const string Request =
        """{"model":"gpt-4o-mini","temperature":1,"top_p":1,"top_k":40,"frequency_penalty":0,"presence_penalty":2,"seed":7,"max_tokens":100,"service_tier":"flex","stream":STREAM,"messages":[{"role":"user","content":"Hi"}],"input":"Hi"}""";

    public static TheoryData<string, bool, bool> Ways => new()
    {
        { "chat", false, false }, { "chat", false, true }, { "chat", true, false }, { "chat", true, true },
        { "responses", false, false }, { "responses", false, true }, { "responses", true, false }, { "responses", true, true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Attributes_of_OpenAI_have_the_names_of_the_conventions(string api, bool streaming, bool protocol)
    {
        using var capture = ProbeCapture.Start();
        await CallAsync(api, streaming, protocol);

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Attribute("gen_ai.provider.name").ShouldBe("openai");
        span.Attribute("openai.api.type").ShouldBe(api == "chat" ? "chat_completions" : "responses");
        span.Attribute("openai.request.service_tier").ShouldBe("flex");
        span.Attribute("openai.response.service_tier").ShouldBe("default");
        span.Attribute("openai.response.system_fingerprint").ShouldBe(api == "chat" ? "fp_1" : null);
        span.Attribute("gen_ai.request.stream").ShouldBe(streaming ? true : null);
        span.Activity.TagObjects.ShouldNotContain(tag => tag.Key.StartsWith("pandaprobe.") && tag.Key.EndsWith("service_tier"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Numbers_have_the_type_of_the_registry_even_when_they_are_whole(string api, bool streaming, bool protocol)
    {
        using var capture = ProbeCapture.Start();
        await CallAsync(api, streaming, protocol);

        CapturedSpan span = capture.Span("chat gpt-4o-mini");
        span.Attribute("gen_ai.request.temperature").ShouldBe(1.0);
        span.Attribute("gen_ai.request.top_p").ShouldBe(1.0);
        span.Attribute("gen_ai.request.max_tokens").ShouldBe(100L);
        if (!protocol)
            return;

        span.Attribute("gen_ai.request.top_k").ShouldBe(40.0);
        span.Attribute("gen_ai.request.frequency_penalty").ShouldBe(0.0);
        span.Attribute("gen_ai.request.presence_penalty").ShouldBe(2.0);
        span.Attribute("gen_ai.request.seed").ShouldBe(7L);
    }

    [Fact]
    public async Task A_call_for_embeddings_is_named_by_its_model()
    {
        await using WireServer server = await WireServer.StartAsync(context => WireServer.WriteJsonAsync(context, Wire.Embeddings));
        using var capture = ProbeCapture.Start();

        await Caller.NewClient(server.Address).WithPandaProbe().GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingAsync("Hi");

        capture.Span("embeddings text-embedding-3-small").Attribute("openai.api.type").ShouldBeNull();
    }

    private static async Task CallAsync(string api, bool streaming, bool protocol)
    {
        const string Tier = ",\"service_tier\":\"default\"";
        string response = Wire.Response.Replace(",\"metadata\":{}", Tier + ",\"metadata\":{}");
        string[] events = api == "chat"
            ? Wire.ChatEvents : [.. Wire.ResponseEvents.Select(each => each.Replace(",\"metadata\":{}", Tier + ",\"metadata\":{}"))];
        await using WireServer server = await WireServer.StartAsync(context => streaming
            ? WireServer.WriteEventsAsync(context, events)
            : WireServer.WriteJsonAsync(context, api == "chat" ? Wire.Chat : response));
        OpenAIClient client = Caller.NewClient(server.Address).WithPandaProbe();
        if (protocol)
        {
            var content = BinaryContent.Create(BinaryData.FromString(Request.Replace("STREAM", streaming ? "true" : "false")));
            _ = api == "chat"
                ? await client.GetChatClient("gpt-4o-mini").CompleteChatAsync(content)
                : await client.GetResponsesClient().CreateResponseAsync(content);
        }
        else if (api == "chat")
        {
            ChatCompletionOptions options = new()
            {
                Temperature = 1,
                TopP = 1,
                MaxOutputTokenCount = 100,
                ServiceTier = new ChatServiceTier("flex"),
            };
            if (streaming)
            {
                await foreach (StreamingChatCompletionUpdate _ in client.GetChatClient("gpt-4o-mini")
                    .CompleteChatStreamingAsync([new UserChatMessage("Hi")], options)) { }
            }
            else
            {
                await client.GetChatClient("gpt-4o-mini").CompleteChatAsync([new UserChatMessage("Hi")], options);
            }
        }
        else
        {
            CreateResponseOptions options = new("gpt-4o-mini", [ResponseItem.CreateUserMessageItem("Hi")])
            {
                Temperature = 1,
                TopP = 1,
                MaxOutputTokenCount = 100,
                ServiceTier = new ResponseServiceTier("flex"),
                StreamingEnabled = streaming,
            };
            if (streaming)
                await foreach (StreamingResponseUpdate _ in client.GetResponsesClient().CreateResponseStreamingAsync(options)) { }
            else
                await client.GetResponsesClient().CreateResponseAsync(options);
        }
    }
}

using System.ClientModel;
using System.Reflection;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData(typeof(OpenAIClient))]
    [InlineData(typeof(ChatClient))]
    [InlineData(typeof(ResponsesClient))]
    [InlineData(typeof(EmbeddingClient))]
    public void Every_virtual_member_of_a_client_is_overridden(Type client)
    {
        Type traced = typeof(PandaProbeOpenAIExtensions).Assembly.GetTypes().Single(type => type.BaseType == client);

        string[] missing =
        [
            .. client.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(method => method is { IsVirtual: true, IsFinal: false }
                && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly))
                .Where(method => traced.GetMethod(
                    method.Name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly,
                    [.. method.GetParameters().Select(p => p.ParameterType)]) is null)
                .Select(method => method.ToString()!),
        ];

        missing.ShouldBeEmpty();
    }

    [Fact]
    public void A_wrapped_client_is_what_it_was()
    {
        ChatClient chat = new(
            "gpt-4o-mini", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new("http://127.0.0.1:1/v1") });
        ChatClient traced = chat.WithPandaProbe();

        traced.Model.ShouldBe("gpt-4o-mini");
        traced.Endpoint.ShouldBe(chat.Endpoint);
        traced.Pipeline.ShouldBeSameAs(chat.Pipeline);
        traced.WithPandaProbe().ShouldBeSameAs(traced);

        EmbeddingClient embeddings = new(
            "m", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new("http://127.0.0.1:1/v1") });
        embeddings.WithPandaProbe().Pipeline.ShouldBeSameAs(embeddings.Pipeline);
        ResponsesClient responses = new(new ApiKeyCredential("k"), new ResponsesClientOptions { Endpoint = new("http://127.0.0.1:1/v1") });
        responses.WithPandaProbe().Endpoint.ShouldBe(responses.Endpoint);
        OpenAIClient client = new(new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new("http://127.0.0.1:1/v1") });
        client.WithPandaProbe().Endpoint.ShouldBe(client.Endpoint);
        client.WithPandaProbe().GetImageClient("i").GetType().ShouldBe(client.GetImageClient("i").GetType());
    }

    [Fact]
    public void A_client_that_a_test_made_up_can_be_wrapped()
    {
        using var capture = ProbeCapture.Start();
        ClientResult<ChatCompletion> answer = ClientResult.FromOptionalValue<ChatCompletion>(null, new NoResponse())!;
        ChatClient client = new MadeUp(answer).WithPandaProbe();

        client.CompleteChat(new UserChatMessage("Hi")).ShouldBeSameAs(answer);
        client.GetChatCompletion("id").ShouldBeSameAs(answer);

        capture.Span("chat").Text("gen_ai.input.messages")!.ShouldContain("Hi");
    }

    [Fact]
    public void What_the_client_refuses_it_refuses_itself()
    {
        using var capture = ProbeCapture.Start();
        ChatClient chat = new ChatClient("m", "k").WithPandaProbe();

        Should.Throw<ArgumentNullException>(() => chat.CompleteChat((IEnumerable<ChatMessage>)null!)).ParamName.ShouldBe("messages");
        Should.Throw<ArgumentNullException>(() => chat.CompleteChatStreaming((IEnumerable<ChatMessage>)null!));
        capture.Spans.ShouldBeEmpty();
    }

    private sealed class MadeUp(ClientResult<ChatCompletion> answer) : ChatClient
    {
        public override ClientResult<ChatCompletion> CompleteChat(
            IEnumerable<ChatMessage> messages, ChatCompletionOptions? options = null, CancellationToken cancellationToken = default) =>
                answer;

        public override ClientResult<ChatCompletion> GetChatCompletion(
            string completionId, CancellationToken cancellationToken = default) => answer;
    }

    private sealed class NoResponse : System.ClientModel.Primitives.PipelineResponse
    {
        public override int Status => 200;

        public override string ReasonPhrase => "OK";

        public override Stream? ContentStream { get; set; }

        public override BinaryData Content => throw new InvalidOperationException("nothing was sent");

        protected override System.ClientModel.Primitives.PipelineResponseHeaders HeadersCore => throw new NotSupportedException();

        public override BinaryData BufferContent(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public override ValueTask<BinaryData> BufferContentAsync(CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public override void Dispose()
        {
        }
    }
}

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using OpenAI;
using OpenAI.Chat;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Benchmarks;

/// <summary>
/// A call of OpenAI's own client with ten messages of 1 KB and an answer of 1 KB, content on, everything but the network: bare, wrapped,
/// and with a span that the caller writes by hand around it. Nobody listens; the span is recorded.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class OpenAIClientBenchmarks
{
    private const string SourceName = "ByHand.OpenAI";

    private static readonly ActivitySource Source = new(SourceName);

    private static readonly ChatMessage[] Messages =
        [.. Enumerable.Range(0, 10)
            .Select(i => i % 2 == 0
            ? (ChatMessage)new UserChatMessage(SupportTexts.Question) : new AssistantChatMessage(SupportTexts.Question))];

    private static readonly ChatCompletionOptions Options = new() { Temperature = 0.7f, MaxOutputTokenCount = 1000 };

    private readonly ChatClient _bare = NewClient().GetChatClient("gpt-4o-mini");
    private readonly ChatClient _wrapped = NewClient().WithPandaProbe().GetChatClient("gpt-4o-mini");
    private TracerProvider? _provider;

    [Params(false, true)]
    public bool Recorded { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        if (Recorded)
        {
            _provider = Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None).AddSource(SourceName)
                .Build();
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _provider?.Dispose();

    [Benchmark(Baseline = true), BenchmarkCategory("Answer")]
    public void AnswerBare() => _bare.CompleteChat(Messages, Options);

    [Benchmark, BenchmarkCategory("Answer")]
    public void AnswerByHand()
    {
        using Activity? activity = Start();
        ChatCompletion completion = _bare.CompleteChat(Messages, Options);
        End(activity, completion.Content[0].Text, completion.Id, completion.Model, completion.Usage);
    }

    [Benchmark, BenchmarkCategory("Answer")]
    public void AnswerPandaProbe() => _wrapped.CompleteChat(Messages, Options);

    [Benchmark(Baseline = true), BenchmarkCategory("Stream")]
    public void StreamBare() => Read(_bare.CompleteChatStreaming(Messages, Options));

    [Benchmark, BenchmarkCategory("Stream")]
    public void StreamByHand()
    {
        using Activity? activity = Start();
        StringBuilder answer = new();
        StreamingChatCompletionUpdate? last = null;
        foreach (StreamingChatCompletionUpdate update in _bare.CompleteChatStreaming(Messages, Options))
        {
            if (activity is not null && update.ContentUpdate.Count > 0)
                answer.Append(update.ContentUpdate[0].Text);
            last = update;
        }

        End(activity, answer.ToString(), last!.CompletionId, last.Model, last.Usage);
    }

    [Benchmark, BenchmarkCategory("Stream")]
    public void StreamPandaProbe() => Read(_wrapped.CompleteChatStreaming(Messages, Options));

    private static int Read(CollectionResult<StreamingChatCompletionUpdate> updates) => updates.Count();

    private static Activity? Start()
    {
        Activity? activity = Source.StartActivity("chat gpt-4o-mini", ActivityKind.Client);
        activity?.AddTag("gen_ai.operation.name", "chat").AddTag("gen_ai.request.model", "gpt-4o-mini")
            .AddTag("gen_ai.provider.name", "openai")
            .AddTag("server.address", "api.openai.com").AddTag("server.port", 443)
            .AddTag("gen_ai.request.temperature", Options.Temperature).AddTag("gen_ai.request.max_tokens", Options.MaxOutputTokenCount)
            .AddTag("gen_ai.input.messages",
            JsonSerializer.Serialize(
                Messages.Select(message => Of(message is UserChatMessage ? "user" : "assistant", message.Content[0].Text))));
        return activity;
    }

    private static void End(Activity? activity, string answer, string id, string model, ChatTokenUsage usage) =>
        activity?.AddTag("gen_ai.output.messages", JsonSerializer.Serialize(new[] { Of("assistant", answer) }))
            .AddTag("gen_ai.response.id", id).AddTag("gen_ai.response.model", model)
            .AddTag("gen_ai.response.finish_reasons", new[] { "stop" })
            .AddTag("gen_ai.usage.input_tokens", usage.InputTokenCount).AddTag("gen_ai.usage.output_tokens", usage.OutputTokenCount)
            .AddTag("gen_ai.usage.cache_read.input_tokens", usage.InputTokenDetails.CachedTokenCount)
            .AddTag("gen_ai.usage.reasoning.output_tokens", usage.OutputTokenDetails.ReasoningTokenCount);

    private static Message Of(string role, string text) => new(role, [new("text", text)]);

    private static OpenAIClient NewClient() => new(
        new ApiKeyCredential("none"),
        new OpenAIClientOptions { Transport = new HttpClientPipelineTransport(new HttpClient(new Canned())) });

    private sealed record Message(string role, Part[] parts);

    private sealed record Part(string type, string content);

    private sealed class Canned : HttpMessageHandler
    {
        private const string Usage = """{"prompt_tokens":2500,"completion_tokens":250,"total_tokens":2750,"prompt_tokens_details":{"cached_tokens":1024},"completion_tokens_details":{"reasoning_tokens":20}}""";

        private static readonly byte[] Whole = Encoding.UTF8.GetBytes(
            $$"""{"id":"chatcmpl-1","object":"chat.completion","created":1741569952,"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":{{JsonSerializer.Serialize(SupportTexts.Answer)}}},"finish_reason":"stop"}],"usage":{{Usage}}}""");

        private static readonly byte[] Events = Encoding.UTF8.GetBytes(
            string.Concat(SupportTexts.Answer.Chunk(16).Select(letters => Event($$$"""[{"index":0,"delta":{"content":{{{JsonSerializer.Serialize(new string(letters))}}}}}]""", "null")))
            + Event("""[{"index":0,"delta":{},"finish_reason":"stop"}]""", "null") + Event("[]", Usage) + "data: [DONE]\n\n");

        private readonly MemoryStream _request = new();

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(Send(request, cancellationToken));

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _request.SetLength(0);
            request.Content!.CopyTo(_request, null, cancellationToken);
            bool streams = _request.GetBuffer().AsSpan(0, (int)_request.Length).IndexOf("\"stream\":true"u8) >= 0;
            ByteArrayContent content = new(streams ? Events : Whole);
            content.Headers.ContentType = new MediaTypeHeaderValue(streams ? "text/event-stream" : "application/json");
            return new(HttpStatusCode.OK) { Content = content };
        }

        private static string Event(string choices, string usage) =>
            $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1741569952,"model":"gpt-4o-mini-2024-07-18","choices":{{choices}},"usage":{{usage}}}""" + "\n\n";
    }
}

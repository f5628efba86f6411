using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Microsoft.Extensions.AI;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PandaProbe.Benchmarks;

/// <summary>
/// A call of a chat client with ten messages of 1 KB and an answer of 1 KB, content on: bare, wrapped, and beside the work of
/// OpenTelemetryChatClient by hand. Nobody listens; the span is recorded; the span is recorded and every tag is written, as an exporter
/// does.
/// </summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class ChatClientBenchmarks
{
    private static readonly List<ChatMessage> Messages =
        [.. Enumerable.Range(0, 10).Select(i => new ChatMessage(i % 2 == 0 ? ChatRole.User : ChatRole.Assistant, SupportTexts.Question))];

    private static readonly ChatOptions Options = new() { ModelId = "gpt-4o-mini", Temperature = 0.7f, MaxOutputTokens = 1000 };
    private static readonly IChatClient Provider = new Canned();
    private static readonly IChatClient HandWritten = new ByHandChatClient(Provider);

    private IChatClient _wrapped = Provider;
    private TracerProvider? _pandaProbe;
    private TracerProvider? _byHand;

    public enum Listening
    {
        Nobody,
        Recorded,
        Written,
    }

    [Params(Listening.Nobody, Listening.Recorded, Listening.Written)]
    public Listening Listener { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _wrapped = Provider.WithPandaProbe();
        if (Listener == Listening.Nobody)
            return;

        _pandaProbe = With(Sdk.CreateTracerProviderBuilder().AddPandaProbe(options => options.Export = ProbeExport.None)).Build();
        _byHand = With(Sdk.CreateTracerProviderBuilder().AddSource(ByHandChatClient.SourceName)).Build();

        TracerProviderBuilder With(TracerProviderBuilder builder) =>
            Listener == Listening.Written ? builder.AddProcessor(new Writing()) : builder;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pandaProbe?.Dispose();
        _byHand?.Dispose();
    }

    [Benchmark, BenchmarkCategory("Answer")]
    public void AnswerBare() => Provider.GetResponseAsync(Messages, Options).GetAwaiter().GetResult();

    [Benchmark(Baseline = true), BenchmarkCategory("Answer")]
    public void AnswerByHand() => HandWritten.GetResponseAsync(Messages, Options).GetAwaiter().GetResult();

    [Benchmark, BenchmarkCategory("Answer")]
    public void AnswerPandaProbe() => _wrapped.GetResponseAsync(Messages, Options).GetAwaiter().GetResult();

    [Benchmark, BenchmarkCategory("Stream")]
    public void StreamBare() => ReadAsync(Provider).GetAwaiter().GetResult();

    [Benchmark(Baseline = true), BenchmarkCategory("Stream")]
    public void StreamByHand() => ReadAsync(HandWritten).GetAwaiter().GetResult();

    [Benchmark, BenchmarkCategory("Stream")]
    public void StreamPandaProbe() => ReadAsync(_wrapped).GetAwaiter().GetResult();

    private static async Task<int> ReadAsync(IChatClient client)
    {
        int count = 0;
        await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync(Messages, Options))
            count++;
        return count;
    }

    /// <summary>Reads what an exporter reads.</summary>
    private sealed class Writing : BaseProcessor<Activity>
    {
        private int _length;

        public override void OnEnd(Activity data)
        {
            foreach (ref readonly KeyValuePair<string, object?> tag in data.EnumerateTagObjects())
                _length += tag.Value is string text ? text.Length : tag.Value?.ToString()?.Length ?? 0;
        }
    }

    private sealed class Canned : IChatClient
    {
        private static readonly UsageDetails Usage = new()
        {
            InputTokenCount = 2500,
            OutputTokenCount = 250,
            CachedInputTokenCount = 1024,
            ReasoningTokenCount = 20
        };

        private static readonly Task<ChatResponse> Answer = Task.FromResult(
            new ChatResponse(new ChatMessage(ChatRole.Assistant, SupportTexts.Answer))
            {
                ResponseId = "resp-1",
                ModelId = "gpt-4o-mini-2024-07-18",
                FinishReason = ChatFinishReason.Stop,
                Usage = Usage,
            });

        private static readonly ChatResponseUpdate[] Updates =
        [
            .. SupportTexts.Answer.Chunk(16)
            .Select(letters => new ChatResponseUpdate(
                ChatRole.Assistant, new string(letters)) { ResponseId = "resp-1", ModelId = "gpt-4o-mini-2024-07-18" }),
            new(ChatRole.Assistant, [new UsageContent(Usage)]) { FinishReason = ChatFinishReason.Stop },
        ];

        public Task<ChatResponse> GetResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Answer;

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            foreach (ChatResponseUpdate update in Updates)
                yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) =>
            serviceType == typeof(ChatClientMetadata)
                ? new ChatClientMetadata("openai", new Uri("https://api.openai.com/v1"), "gpt-4o-mini") : null;

        public void Dispose()
        {
        }
    }
}

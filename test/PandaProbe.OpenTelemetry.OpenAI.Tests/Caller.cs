using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;

namespace PandaProbe.OpenAI;

/// <summary>Makes one call in every way that the package has, and writes down all that the caller gets to see.</summary>
internal sealed partial class Caller(OpenAIClient client, string endpoint, bool sync, bool streaming, bool protocol, Outcome outcome)
{
    public const string Question = "Which city is the capital of France?";

    private readonly List<string> _seen = [];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the caller has seen the first piece of a stream.</summary>
    public Task Begun => _begun.Task;

    public static OpenAIClient NewClient(Uri address) => new(
        new ApiKeyCredential("test-key"),
        new OpenAIClientOptions { Endpoint = address, RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = TimeSpan.FromMinutes(2) });

    public async Task<List<string>> CallAsync(CancellationTokenSource cancellation)
    {
        Activity? before = Activity.Current;
        try
        {
            Task call = endpoint switch
            {
                "chat" when protocol =>
                    CallProtocolAsync(cancellation, ChatBody(), client.GetChatClient("gpt-4o-mini").CompleteChat,
                        client.GetChatClient("gpt-4o-mini").CompleteChatAsync),
                "responses" when protocol =>
                    CallProtocolAsync(cancellation, ResponseBody(), client.GetResponsesClient().CreateResponse,
                        client.GetResponsesClient().CreateResponseAsync),
                "embeddings" when protocol => CallProtocolAsync(
                    cancellation, """{"model":"text-embedding-3-small","input":["one"]}""",
                    client.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddings,
                    client.GetEmbeddingClient("text-embedding-3-small").GenerateEmbeddingsAsync),
                "chat" => CallChatAsync(client.GetChatClient("gpt-4o-mini"), cancellation),
                "responses" => CallResponsesAsync(client.GetResponsesClient(), cancellation),
                _ => CallEmbeddingsAsync(client.GetEmbeddingClient("text-embedding-3-small"), cancellation.Token),
            };
            await call;
        }
        catch (Exception exception)
        {
            // The port differs from server to server, nothing else may.
            _seen.Add($"{exception.GetType()}: {Port().Replace(exception.Message, "127.0.0.1")}");
        }

        Activity.Current.ShouldBe(before);
        return _seen;
    }

    private async Task CallChatAsync(ChatClient chat, CancellationTokenSource cancellation)
    {
        ChatMessage[] messages = [new SystemChatMessage("You are terse."), new UserChatMessage(Question)];
        ChatCompletionOptions options = new() { Temperature = 0.5f, MaxOutputTokenCount = 100, EndUserId = "secret-user" };
        if (!streaming)
        {
            ClientResult<ChatCompletion> result = sync
                ? chat.CompleteChat(messages, options, cancellation.Token)
                : await chat.CompleteChatAsync(messages, options, cancellation.Token);
            _seen.Add(result.Value.Content[0].Text);
            _seen.Add(result.GetRawResponse().Content.ToString());
        }
        else if (sync)
        {
            foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreaming(messages, options, cancellation.Token))
            {
                if (!await GoOnAsync(ModelReaderWriter.Write(update).ToString(), cancellation))
                    break;
            }
        }
        else
        {
            await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync(messages, options, cancellation.Token))
            {
                if (!await GoOnAsync(ModelReaderWriter.Write(update).ToString(), cancellation))
                    break;
            }
        }
    }

    private async Task CallResponsesAsync(ResponsesClient responses, CancellationTokenSource cancellation)
    {
        CreateResponseOptions options = new("gpt-4o-mini", [ResponseItem.CreateUserMessageItem(Question)])
        {
            Instructions = "You are terse.",
            Temperature = 0.5f,
            MaxOutputTokenCount = 100,
            EndUserId = "secret-user",
            StreamingEnabled = streaming,
        };
        if (!streaming)
        {
            ClientResult<ResponseResult> result = sync
                ? responses.CreateResponse(options, cancellation.Token) : await responses.CreateResponseAsync(options, cancellation.Token);
            _seen.Add(result.Value.GetOutputText());
            _seen.Add(result.GetRawResponse().Content.ToString());
        }
        else if (sync)
        {
            foreach (StreamingResponseUpdate update in responses.CreateResponseStreaming(options, cancellation.Token))
            {
                if (!await GoOnAsync(ModelReaderWriter.Write(update).ToString(), cancellation))
                    break;
            }
        }
        else
        {
            await foreach (StreamingResponseUpdate update in responses.CreateResponseStreamingAsync(options, cancellation.Token))
            {
                if (!await GoOnAsync(ModelReaderWriter.Write(update).ToString(), cancellation))
                    break;
            }
        }
    }

    private async Task CallEmbeddingsAsync(EmbeddingClient embeddings, CancellationToken cancellationToken)
    {
        ClientResult<OpenAIEmbeddingCollection> result = sync
            ? embeddings.GenerateEmbeddings(["one"], cancellationToken: cancellationToken)
            : await embeddings.GenerateEmbeddingsAsync(["one"], cancellationToken: cancellationToken);
        _seen.Add(string.Join(',', result.Value[0].ToFloats().ToArray()));
    }

    private async Task CallProtocolAsync(
        CancellationTokenSource cancellation, string body, Func<BinaryContent, RequestOptions, ClientResult> call,
        Func<BinaryContent, RequestOptions, Task<ClientResult>> callAsync)
    {
        RequestOptions options = new() { CancellationToken = cancellation.Token, BufferResponse = !streaming };
        using var content = BinaryContent.Create(BinaryData.FromString(body));
        ClientResult result = sync ? call(content, options) : await callAsync(content, options);
        using PipelineResponse response = result.GetRawResponse();
        if (!streaming)
        {
            _seen.Add(response.Content.ToString());
            return;
        }

        byte[] buffer = new byte[17];
        StringBuilder text = new();
        Stream stream = response.ContentStream!;
        while (true)
        {
            int count;
            try
            {
                count = sync ? stream.Read(buffer) : await stream.ReadAsync(buffer, cancellation.Token);
            }
            catch
            {
                _seen.Add(text.ToString());
                throw;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
            if (count == 0)
                break;
            if (_seen.Count == 0 && text.ToString().IndexOf("\n\n", StringComparison.Ordinal) is var end and > 0
                && !await GoOnAsync(text.ToString()[..end], cancellation))
            {
                return;
            }
        }

        _seen.Add(text.ToString());
    }

    private async Task<bool> GoOnAsync(string update, CancellationTokenSource cancellation)
    {
        _seen.Add(update);
        _begun.TrySetResult();
        if (outcome == Outcome.Cancelled)
            await cancellation.CancelAsync();
        return outcome != Outcome.Abandoned;
    }

    private string ChatBody() =>
        $$"""{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"{{Question}}"}],"temperature":0.5,"max_completion_tokens":100,"user":"secret-user","stream":{{(streaming ? "true" : "false")}}}""";

    private string ResponseBody() =>
        $$"""{"model":"gpt-4o-mini","input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"{{Question}}"}]}],"instructions":"You are terse.","temperature":0.5,"max_output_tokens":100,"user":"secret-user","stream":{{(streaming ? "true" : "false")}}}""";

    [GeneratedRegex(@"127\.0\.0\.1:\d+")]
    private static partial Regex Port();
}

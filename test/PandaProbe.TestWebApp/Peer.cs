using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Net.Sockets;
using OpenAI;
using OpenAI.Chat;

namespace PandaProbe.TestWebApp;

/// <summary>One of two processes that call each other, and a model provider.</summary>
internal static class Peer
{
    public static void Map(WebApplication app)
    {
        app.UsePandaProbe(request => request.FromBaggage(context => context.Request.Query.ContainsKey("trusted")));
        app.MapGet("/ask", AskAsync);
        app.MapGet("/redirect", (string to) => Results.Redirect(to));
        app.MapGet("/echo", Echo);
        app.MapPost("/v1/chat/completions", Answer);

        // Whoever started the process holds its standard input open.
        Thread watch = new(() =>
        {
            Console.In.ReadToEnd();
            app.Lifetime.StopApplication();
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }

    /// <summary>Calls the provider and then another process. Returns what each of them received.</summary>
    private static async Task<string> AskAsync(string to, int provider)
    {
        using TraceScope trace = Probe.StartTrace("ask", sessionId: "s 1", userId: "u1", tags: ["a b", "c"]);
        string model = await AskModelAsync(provider);
        using HttpClient client = new();
        return $"{trace.Activity!.TraceId}\n{model}\n{await client.GetStringAsync(to)}";
    }

    private static async Task<string> AskModelAsync(int port)
    {
        using SocketsHttpHandler handler = new()
        {
            // The provider's own name, and the address of the process that plays it.
            ConnectCallback = async (_, cancellation) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient http = new(handler);
        OpenAIClientOptions options = new()
        {
            Endpoint = new("http://api.openai.com/v1"),
            Transport = new HttpClientPipelineTransport(http),
        };
        ChatClient client = new OpenAIClient(new ApiKeyCredential("key"), options).WithPandaProbe().GetChatClient("gpt-4o-mini");
        ChatCompletion completion = await client.CompleteChatAsync(new UserChatMessage("Hi"));
        return completion.Content[0].Text;
    }

    private static string Received(HttpRequest request) => $"{request.Headers.TraceParent}|{request.Headers.Baggage}";

    private static string Echo(HttpContext context)
    {
        using SpanScope work = Probe.StartSpan("work");
        Activity span = work.Activity!;
        string tags = string.Join(';', span.GetTagItem("tag.tags") as string[] ?? []);
        return $"{Received(context.Request)}|{span.TraceId}|{span.GetTagItem("session.id")}|{span.GetTagItem("user.id")}|{tags}";
    }

    private static IResult Answer(HttpContext context) => Results.Json(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 1741569952,
        model = "gpt-4o-mini",
        choices = new[]
        {
            new { index = 0, message = new { role = "assistant", content = Received(context.Request) }, finish_reason = "stop" },
        },
        usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
    });
}

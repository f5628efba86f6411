using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenAI;
using OpenAI.Chat;

namespace PandaProbe.OpenAI;

/// <summary>What a call tells the provider about the trace, as the guide of tracing says.</summary>
public sealed class PropagationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recorded_call_carries_the_ids_of_its_trace_and_neither_session_nor_user_unless_its_handler_is_told_not_to(bool none)
    {
        ConcurrentQueue<IHeaderDictionary> headers = [];
        await using WireServer server = await WireServer.StartAsync(context =>
        {
            headers.Enqueue(new HeaderDictionary(context.Request.Headers.ToDictionary()));
            return WireServer.WriteJsonAsync(context, Wire.Chat);
        });
        using var capture = ProbeCapture.Start();
        using SocketsHttpHandler handler = new();
        if (none)
            handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
        using HttpClient http = new(handler);
        OpenAIClientOptions options = new() { Endpoint = server.Address, Transport = new HttpClientPipelineTransport(http) };
        ChatClient client = new OpenAIClient(new ApiKeyCredential("k"), options).WithPandaProbe().GetChatClient("gpt-4o-mini");

        using (Probe.StartTrace("t", sessionId: "secret-session", userId: "secret-user", tags: ["secret-tag"]))
            await client.CompleteChatAsync(new UserChatMessage("Hi"));

        IHeaderDictionary sent = headers.ShouldHaveSingleItem();
        string? parent = sent.TraceParent.FirstOrDefault();
        if (none)
            parent.ShouldBeNull();
        else
            parent.ShouldNotBeNull().ShouldStartWith($"00-{capture.Span("t").Activity.TraceId}-");
        sent.ContainsKey("baggage").ShouldBeFalse();
        string.Join('\n', sent.SelectMany(header => header.Value)).ShouldNotContain("secret");
    }
}

using System.ClientModel;
using Examples;
using OpenAI;
using OpenAI.Chat;
using OpenTelemetry.Trace;
using PandaProbe;

// With OPENAI_API_KEY this asks OpenAI; without, a scripted server on this machine answers in the same wire format.
string? key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
using ScriptedServer? server = key is null ? new() : null;

SpanPrinter printer = new();
Probe.Configure(tracing: tracing => tracing.AddProcessor(printer));

OpenAIClient client = new OpenAIClient(
    new ApiKeyCredential(key ?? "no-key-needed"),
    new OpenAIClientOptions { Endpoint = server?.Address ?? new Uri("https://api.openai.com/v1") }).WithPandaProbe();
ChatClient chat = client.GetChatClient("gpt-4o-mini");

using (Probe.StartTrace("openai-chat-example", input: "two questions", userId: "ada"))
{
    ChatCompletion answer = await chat.CompleteChatAsync("Which city is the capital of France?");
    Console.WriteLine(answer.Content[0].Text);

    await foreach (StreamingChatCompletionUpdate update in chat.CompleteChatStreamingAsync("Which river flows through Paris?"))
    {
        foreach (ChatMessageContentPart part in update.ContentUpdate)
            Console.Write(part.Text);
    }

    Console.WriteLine();
}

Probe.Shutdown();
printer.Print();

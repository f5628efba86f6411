using System.ClientModel;
using Examples;
using OpenAI;
using OpenAI.Chat;
using OpenTelemetry.Trace;
using PandaProbe;

// Three questions of one conversation: three traces in one session. No trace is opened here: a wrapped call outside of one is a trace of
// its own. With OPENAI_API_KEY this asks OpenAI; without, a scripted server on this machine answers in the same wire format.
string? key = Environment.GetEnvironmentVariable("OPENAI_API_KEY");
using ScriptedServer? server = key is null ? new() : null;

SpanPrinter printer = new();
Probe.Configure(tracing: tracing => tracing.AddProcessor(printer));

ChatClient chat = new OpenAIClient(
    new ApiKeyCredential(key ?? "no-key-needed"),
    new OpenAIClientOptions { Endpoint = server?.Address ?? new Uri("https://api.openai.com/v1") }).GetChatClient("gpt-4o-mini")
    .WithPandaProbe();

List<ChatMessage> conversation = [new SystemChatMessage("You are a geography teacher. Answer in one sentence.")];
string[] questions = ["Which city is the capital of France?", "Which river flows through it?", "And how long is that river?"];

using (Probe.Session("geography-lesson"))
using (Probe.User("ada"))
{
    foreach (string question in questions)
    {
        conversation.Add(new UserChatMessage(question));
        ChatCompletion answer = await chat.CompleteChatAsync(conversation);
        conversation.Add(new AssistantChatMessage(answer));
        Console.WriteLine($"> {question}");
        Console.WriteLine(answer.Content[0].Text);
    }
}

// Sends what is waiting before the program goes on to other things.
Probe.Flush();
printer.Print();
Probe.Shutdown();

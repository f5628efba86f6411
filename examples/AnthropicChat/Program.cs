using Anthropic;
using Anthropic.Models.Messages;
using Examples;
using OpenTelemetry.Trace;
using PandaProbe;

// With ANTHROPIC_API_KEY this asks Anthropic; without, a scripted server on this machine answers in the same wire format.
string? key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
using ScriptedServer? server = key is null ? new() : null;

SpanPrinter printer = new();
Probe.Configure(tracing: tracing => tracing.AddProcessor(printer));

AnthropicClient bare = server is null
    ? new() { ApiKey = key }
    : new() { ApiKey = "no-key-needed", BaseUrl = server.Address.ToString().TrimEnd('/') };
using AnthropicClient client = bare.WithPandaProbe();
MessageCreateParams question = new()
{
    Model = "claude-sonnet-4-5",
    MaxTokens = 100,
    System = "You are terse.",
    Messages = [new UserMessageParam { Content = "Which city is the capital of France?" }],
};

using (Probe.StartTrace("anthropic-chat-example", input: "one question, asked twice", userId: "ada"))
{
    Message answer = await client.Messages.Create(question);
    foreach (ContentBlock block in answer.Content)
    {
        if (block.TryPickText(out TextBlock? text))
            Console.WriteLine(text.Text);
    }

    int events = 0;
    await foreach (RawMessageStreamEvent _ in client.Messages.CreateStreaming(question))
        events++;
    Console.WriteLine($"The same as a stream of {events} events.");
}

Probe.Shutdown();
printer.Print();

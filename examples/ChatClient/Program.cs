using Anthropic;
using Examples;
using Microsoft.Extensions.AI;
using OpenTelemetry.Trace;
using PandaProbe;

// Any IChatClient will do; this one is Anthropic's. With ANTHROPIC_API_KEY it asks Anthropic; without, a scripted server on this machine
// answers.
string? key = Environment.GetEnvironmentVariable("ANTHROPIC_API_KEY");
using ScriptedServer? server = key is null ? new() : null;

SpanPrinter printer = new();
Probe.Configure(tracing: tracing => tracing.AddProcessor(printer));

using AnthropicClient anthropic = server is null
    ? new() { ApiKey = key }
    : new() { ApiKey = "no-key-needed", BaseUrl = server.Address.ToString().TrimEnd('/') };
IChatClient client = anthropic.AsIChatClient("claude-sonnet-4-5", 100).WithPandaProbe();
AIFunction weather = AIFunctionFactory.Create((string city) => $"It is sunny in {city}.", "weather", "Tells the weather.").WithPandaProbe();

using (TraceScope trace = Probe.StartTrace("chat-client-example", input: "How is the weather?", sessionId: "conversation-1"))
{
    object? report = await weather.InvokeAsync(new() { ["city"] = "Paris" });
    ChatResponse answer = await client.GetResponseAsync(
        [new(ChatRole.System, "You are terse."), new(ChatRole.User, $"The weather service says: {report} So how is the weather?")],
        new() { MaxOutputTokens = 100 });
    Console.WriteLine(answer.Text);

    await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Which river flows through Paris?"))
        Console.Write(update.Text);
    Console.WriteLine();
    trace.SetOutput(answer.Text);
}

Probe.Shutdown();
printer.Print();

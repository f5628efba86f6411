// A support agent that is traced by attributes alone: handle, then retrieve, then generate.
// Run it with: dotnet run --project examples/Decorators

using Decorators;
using OpenTelemetry.Trace;
using PandaProbe;

// No account needed: the spans are printed. Set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME to send them as well.
Probe.Configure(tracing: tracing => tracing.AddProcessor(new PrintedSpans()));

SupportAgent agent = new();
Question question = new("How do I reset my password?", Language: "en");

Console.WriteLine("-- A question");
Answer answer = await agent.HandleAsync("conversation-42", question);
Console.WriteLine($"-- {answer.Text}");

Console.WriteLine("-- A stream");
await foreach (string part in agent.StreamAsync("conversation-42", question.Text))
    Console.WriteLine($"   part: {part}");

Console.WriteLine("-- A failure: the exception passes through, and the trace has it");
try
{
    await agent.HandleAsync("conversation-43", question with { Text = "" });
}
catch (ArgumentException exception)
{
    Console.WriteLine($"-- {exception.GetType().Name}");
}

Probe.Shutdown();

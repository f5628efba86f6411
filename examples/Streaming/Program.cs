using System.Text;
using OpenTelemetry.Trace;
using PandaProbe;
using Streaming;

Console.OutputEncoding = Encoding.UTF8;

// Exports as the environment says: OTEL_EXPORTER_OTLP_ENDPOINT, or PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME. The printer shows what
// was recorded.
StreamPrinter printer = new();
Probe.Configure(tracing: tracing => tracing.AddProcessor(printer));

ProbeMessage[] prompt = [ProbeMessage.System("You are terse."), ProbeMessage.User("Describe the course of the Rhine.")];

using (Probe.StartTrace("streams", sessionId: "streaming-demo"))
{
    Console.WriteLine("A stream whose last chunk reports the usage:");
    using (SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", prompt))
    {
        await foreach (Chunk? chunk in span.Observe(ScriptedModel.StreamAsync(reportUsage: true), chunk => chunk.Text))
        {
            if (chunk.Usage is { } usage)
                span.SetTokenUsage(usage.InputTokens, usage.OutputTokens);
            Console.Write(chunk.Text);
        }
    }

    Console.WriteLine("One that reports none, so that its tokens are counted as they come:");
    using (SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", prompt))
    {
        await foreach (Chunk? chunk in span.Observe(ScriptedModel.StreamAsync(reportUsage: false), chunk => chunk.Text))
            Console.Write(chunk.Text);
    }

    Console.WriteLine("One whose reader has seen enough:");
    using (SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", prompt))
    {
        await foreach (Chunk? chunk in span.Observe(ScriptedModel.StreamAsync(reportUsage: true), chunk => chunk.Text))
        {
            Console.Write(chunk.Text);
            if (chunk.Text.EndsWith(','))
                break;
        }
    }

    Console.WriteLine("One that is cancelled:");
    using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(100));
    try
    {
        using SpanScope span = Probe.StartLlmSpanWithTokens("gpt-4o", "openai", prompt);
        await foreach (Chunk? chunk in span.Observe(ScriptedModel.StreamAsync(reportUsage: true, cancellation.Token), chunk => chunk.Text))
            Console.Write(chunk.Text);
    }
    catch (OperationCanceledException)
    {
        Console.WriteLine("(cancelled)");
    }
}

Probe.Shutdown();
return printer.Count == 4 ? 0 : 1;

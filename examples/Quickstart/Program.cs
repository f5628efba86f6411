using System.Text;
using OpenTelemetry.Trace;
using PandaProbe;
using Quickstart;

Console.OutputEncoding = Encoding.UTF8;

// Records everything for the tree below and, when the environment says where, exports it too: OTEL_EXPORTER_OTLP_ENDPOINT for a collector,
// PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME for PandaProbe. Without these it goes to the local viewer, when that runs.
TracePrinter printer = new();
string? destination = null;
bool hasCollector = new[] { "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" }
    .Any(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));
Uri? viewer = null;
Probe.Configure(
    options =>
    {
        options.Otlp.Configure = otlp => destination = $"{otlp.Endpoint} (OTLP)";
        if (options is { Export: ProbeExport.Auto, PandaProbe: { ApiKey: not null, ProjectName: not null } })
            destination = $"{options.PandaProbe.Endpoint} (PandaProbe)";
        else if (options.Export == ProbeExport.Local || (options.Export == ProbeExport.Auto && !hasCollector))
            viewer = Probe.LocalViewer;
        if (viewer is not null)
        {
            options.Export = ProbeExport.Local;
            destination = $"{viewer} (local viewer)";
        }
    },
    tracing => tracing.AddProcessor(printer));

// Two customers, two conversations. Each question is one trace.
ScriptedModel model = new();

SupportAgent ada = new(model, conversationId: "conversation-1041", customerId: "ada");
await AskAsync(ada, "Where is my order A-1042?");
await AskAsync(ada, "Can I still return it when it arrives?");

SupportAgent grace = new(model, conversationId: "conversation-1042", customerId: "grace");
await AskAsync(grace, "Which card payments do you accept?");

bool exported = Probe.Flush(TimeSpan.FromSeconds(5));
printer.Print(Console.Out);

if (printer.Count == 0)
{
    Console.Error.WriteLine("Nothing was recorded: is PANDAPROBE_ENABLED off, or OTEL_SDK_DISABLED on?");
    return 1;
}

if (destination is null)
{
    Console.WriteLine(
        "Nothing left this machine. To look at the traces, start pandaprobe-local and run this again. To export them, set PANDAPROBE_API_KEY and PANDAPROBE_PROJECT_NAME, or OTEL_EXPORTER_OTLP_ENDPOINT to the address of a collector.");
    return 0;
}

if (!exported)
{
    Console.Error.WriteLine($"NOT exported: {destination} did not take the traces. Is it running, and are the address and the key right?");
    return 1;
}

Console.WriteLine($"Exported to {destination}.");
if (viewer is not null)
{
    foreach (string trace in printer.Traces)
        Console.WriteLine($"  {viewer}traces/{trace}");
}

return 0;

static async Task AskAsync(SupportAgent agent, string question)
{
    Console.WriteLine($"{agent.CustomerId,-6} > {question}");
    Console.WriteLine($"agent  > {await agent.AnswerAsync(question)}");
    Console.WriteLine();
}

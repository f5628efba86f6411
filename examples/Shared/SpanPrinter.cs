using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace Examples;

/// <summary>Prints what was recorded, so that an example shows something without a backend.</summary>
internal sealed class SpanPrinter : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _ended = new();

    public override void OnEnd(Activity data) => _ended.Enqueue(data);

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("Recorded:");
        foreach (Activity span in _ended.Where(span => span.GetTagItem("pandaprobe.span.kind") is not null)
            .OrderBy(span => span.StartTimeUtc))
        {
            string indent = span.ParentSpanId == default ? "" : "  ";
            string model = span.GetTagItem("gen_ai.request.model") is { } name ? $" · {name}" : "";
            string usage = span.GetTagItem("gen_ai.usage.input_tokens") is { } input
                ? $" · {input} → {span.GetTagItem("gen_ai.usage.output_tokens")} tokens" : "";
            string cost = span.GetTagItem("pandaprobe.cost.total") is { } total ? $" · ${total:0.######}" : "";
            string session = span.GetTagItem("session.id") is { } id ? $" · session {id}" : "";
            string failure = span.Status == ActivityStatusCode.Error ? $" · FAILED: {span.StatusDescription}" : "";
            Console.WriteLine(
                $"  {indent}{span.GetTagItem("pandaprobe.span.kind")} {span.DisplayName}{model}{usage}{cost}{session}{failure}");
            if (span.GetTagItem("gen_ai.output.messages") is { } answer)
                Console.WriteLine($"  {indent}  {answer}");
        }
    }
}

using System.Diagnostics;
using OpenTelemetry;

namespace Decorators;

/// <summary>Prints what was recorded, each span when it ends: children before their parents.</summary>
internal sealed class PrintedSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        string kind = data.GetTagItem("pandaprobe.span.kind") as string ?? "";
        Console.WriteLine($"   {kind,-9} {data.DisplayName}");
        Print("in", data.GetTagItem("input.value") ?? data.GetTagItem("gen_ai.input.messages"));
        Print("out", data.GetTagItem("output.value") ?? data.GetTagItem("gen_ai.output.messages"));
        Print("session", data.GetTagItem("session.id"));
        if (data.Status == ActivityStatusCode.Error)
            Print("error", data.StatusDescription);
    }

    private static void Print(string name, object? value)
    {
        if (value is not null)
            Console.WriteLine($"             {name}: {value}");
    }
}

using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace Streaming;

/// <summary>Prints what was recorded of each stream when its span ends.</summary>
internal sealed class StreamPrinter : BaseProcessor<Activity>
{
    public int Count { get; private set; }

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("pandaprobe.metadata.stream.outcome") is not { } outcome)
            return;

        Count++;
        Console.WriteLine();
        Console.WriteLine($"  outcome     {outcome}, finish reason {Reasons(data)}, status {data.Status}");
        Console.WriteLine(
            $"  first chunk {Milliseconds(data.GetTagItem("gen_ai.response.time_to_first_chunk"))} of {data.Duration.TotalMilliseconds:N0} ms");
        Console.WriteLine(
            $"  tokens      {Text(data, "gen_ai.usage.input_tokens")} in, {Text(data, "gen_ai.usage.output_tokens")} out "
            + $"({Text(data, "pandaprobe.token_count_method")}), {Text(data, "pandaprobe.cost.total")} USD");
        Console.WriteLine();
    }

    private static string Reasons(Activity span) =>
        span.GetTagItem("gen_ai.response.finish_reasons") is string[] reasons ? string.Join(", ", reasons) : "none";

    private static string Milliseconds(object? seconds) =>
        seconds is double known ? (known * 1000).ToString("N0", CultureInfo.InvariantCulture) : "–";

    private static string Text(Activity span, string name) =>
        Convert.ToString(span.GetTagItem(name), CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : "–";
}

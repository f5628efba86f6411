using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;

namespace Quickstart;

/// <summary>Collects the spans that ended and prints them as trees, one per trace, with totals per session.</summary>
internal sealed class TracePrinter : BaseProcessor<Activity>
{
    private readonly ConcurrentQueue<Activity> _ended = new();

    public int Count => _ended.Count;

    /// <summary>The ids of the traces, the earliest first.</summary>
    public IEnumerable<string> Traces => _ended.OrderBy(span => span.StartTimeUtc).Select(span => span.TraceId.ToHexString()).Distinct();

    public override void OnEnd(Activity data) => _ended.Enqueue(data);

    public void Print(TextWriter output)
    {
        Activity[] spans = [.. _ended.OrderBy(span => span.StartTimeUtc)];
        HashSet<ActivitySpanId> known = [.. spans.Select(span => span.SpanId)];
        ILookup<ActivitySpanId, Activity> children = spans.ToLookup(span => span.ParentSpanId);

        foreach (IGrouping<string, Activity> session in spans.Where(span => !known.Contains(span.ParentSpanId))
            .GroupBy(root => Text(root, "session.id")))
        {
            string heading = session.Key.Length == 0 ? "No session" : $"Session {session.Key} · user {Text(session.First(), "user.id")}";
            output.WriteLine(heading);
            output.WriteLine(Row("", "time", "model", "tokens", "cost"));

            Totals total = default;
            foreach (Activity root in session)
            {
                Totals trace = Sum(root, children);
                total += trace;
                PrintSpan(output, root, "", "", children, trace);
                output.WriteLine();
            }

            output.WriteLine(
                $"Session total: {Counted(session.Count(), "trace")}, {Counted(total.Calls, "model call")}, {total.Input:N0} tokens in, {total.Output:N0} out, "
                + $"{Dollars(total.Cost)}, {Counted(total.Errors, "failed step")}");
            output.WriteLine();
        }
    }

    private static void PrintSpan(
        TextWriter output, Activity span, string branch, string indent, ILookup<ActivitySpanId, Activity> children, Totals? totals = null)
    {
        Activity[] below = [.. children[span.SpanId]];
        Totals shown = totals ?? Own(span);
        string step = $"{branch}{Kind(span)} {span.DisplayName}";
        string duration = $"{span.Duration.TotalMilliseconds:N0} ms";
        string tokens = shown.Calls == 0 ? "" : $"{shown.Input:N0} → {shown.Output:N0}";
        string cost = shown.Calls == 0 ? "" : Dollars(shown.Cost);
        output.WriteLine(Row(step, duration, Text(span, "gen_ai.request.model"), tokens, cost));

        if (span.Status == ActivityStatusCode.Error)
            output.WriteLine($"{indent}{(below.Length > 0 ? "│" : " ")}  ✗ {Text(span, "error.type")}: {span.StatusDescription}");

        for (int i = 0; i < below.Length; i++)
        {
            bool last = i == below.Length - 1;
            PrintSpan(output, below[i], indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "), children);
        }
    }

    private static string Row(string step, string duration, string model, string tokens, string cost) =>
        $"{step,-38}{duration,7}  {model,-13}{tokens,13}  {cost,9}".TrimEnd();

    /// <summary>
    /// What a span and everything below it used. A model call's numbers are its own; those of all other spans would only repeat them.
    /// </summary>
    private static Totals Sum(Activity span, ILookup<ActivitySpanId, Activity> children)
    {
        Totals own = Own(span);
        Totals total = own;
        foreach (Activity child in children[span.SpanId])
        {
            Totals below = Sum(child, children);
            total += own.Calls > 0 ? new Totals { Errors = below.Errors } : below;
        }

        return total;
    }

    private static Totals Own(Activity span)
    {
        Totals own = new() { Errors = span.Status == ActivityStatusCode.Error ? 1 : 0 };
        return Kind(span) is not ("LLM" or "EMBEDDING")
            ? own
            : own with
            {
                Calls = 1,
                Input = (long)Number(span, "gen_ai.usage.input_tokens"),
                Output = (long)Number(span, "gen_ai.usage.output_tokens"),
                Cost = (decimal)Number(span, "pandaprobe.cost.total"),
            };
    }

    private static string Kind(Activity span) => span.GetTagItem("pandaprobe.span.kind") as string ?? "OTHER";

    private static string Text(Activity span, string tag) => span.GetTagItem(tag)?.ToString() ?? "";

    private static double Number(Activity span, string tag) => Convert.ToDouble(span.GetTagItem(tag), CultureInfo.InvariantCulture);

    private static string Dollars(decimal amount) => $"${amount:0.000000}";

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private readonly record struct Totals(int Calls, long Input, long Output, decimal Cost, int Errors)
    {
        public static Totals operator +(Totals a, Totals b) =>
            new(a.Calls + b.Calls, a.Input + b.Input, a.Output + b.Output, a.Cost + b.Cost, a.Errors + b.Errors);
    }
}

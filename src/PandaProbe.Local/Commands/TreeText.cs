using System.Globalization;
using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Commands;

/// <summary>Prints a trace as the tree that the repository's README shows.</summary>
internal static class TreeText
{
    // Beyond this, every level would only push the text out of the window.
    private const int MaxIndent = 40;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static void WriteHeading(TextWriter output, string? session, string? user)
    {
        output.WriteLine(session is null ? "No session" : $"Session {Line(session)}{(user is null ? "" : $" · user {Line(user)}")}");
        output.WriteLine(Row("", "time", "model", "tokens", "cost"));
    }

    public static void Write(TextWriter output, TraceFacts trace)
    {
        StepTree tree = trace.Tree;
        var sums = TraceSums.Of(trace.Steps);
        Stack<(StepFacts Step, string Branch, string Indent, int Depth)> open = new();
        foreach (StepFacts root in tree.Roots.Reverse())
            open.Push((root, "", "", 0));
        HashSet<string> seen = new(StringComparer.Ordinal);
        bool isFirst = true;
        while (open.TryPop(out (StepFacts Step, string Branch, string Indent, int Depth) next))
        {
            if (!seen.Add(next.Step.Id))
                continue;

            // The first root stands for the trace, so it shows what all calls used.
            WriteStep(output, next.Step, next.Branch, isFirst ? sums : null);
            isFirst = false;
            StepFacts[] children = [.. tree.Children(next.Step)];
            if (next.Step.IsError)
                output.WriteLine($"{next.Indent}{(children.Length > 0 ? "│" : " ")}  ✗ {Error(next.Step)}");
            bool isDeep = next.Depth >= MaxIndent;
            for (int i = children.Length - 1; i >= 0; i--)
            {
                bool isLast = i == children.Length - 1;
                string branch = next.Indent + (isLast ? "└─ " : "├─ ");
                open.Push((children[i], branch, isDeep ? next.Indent : next.Indent + (isLast ? "   " : "│  "), next.Depth + 1));
            }
        }
    }

    private static void WriteStep(TextWriter output, StepFacts step, string branch, TraceSums? totals)
    {
        TraceSums shown = totals ?? TraceSums.Of([step]);
        bool isShown = shown.Calls > 0 || shown.Input > 0 || shown.Output > 0;
        string cost = !isShown ? "" : shown.Priced == 0
            ? "–" : string.Create(Culture, $"{(shown.Estimated > 0 ? "~" : "")}${shown.Cost:0.000000}");
        string time = step.IsRunning ? "running" : string.Create(Culture, $"{step.Duration.TotalMilliseconds:N0} ms");
        output.WriteLine(Row(
            $"{branch}{StepKinds.Name(step.Kind)} {Line(step.Name)}", time, step.Kind.IsCall() || step.Kind == StepKind.Retriever
            ? Line(step.Model ?? "") : "",
            isShown ? Words.Tokens(shown.Input, shown.Output) : "", cost));
    }

    private static string Error(StepFacts step) => Words.Cut(Line(step.Error ?? "failed"), 500);

    private static string Row(string step, string duration, string model, string tokens, string cost) =>
        $"{step,-38}{duration,7}  {model,-13}{tokens,13}  {cost,9}".TrimEnd();

    /// <summary>Makes one line of a text, without the control characters by which it could write over the terminal.</summary>
    public static string Line(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\x1f') || text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
        ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter))
        : text;
}

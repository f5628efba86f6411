using PandaProbe.Local.Concluding;
using PandaProbe.Local.Reading;
using PandaProbe.Local.Storing;

namespace PandaProbe.Local.Mcp;

/// <summary>A comparison of two traces as text: what changed, then both trees side by side.</summary>
internal static class RunComparison
{
    private const int LongestValue = 400;

    public static void Write(TextWriter text, TraceItem before, TraceItem after, Comparison comparison)
    {
        text.WriteLine($"{after.Name}: {comparison.Sentence}");
        text.WriteLine($"before {before.Id}: {comparison.Before.Sentence}");
        text.WriteLine($"now    {after.Id}: {comparison.After.Sentence}");
        if (comparison.Changes.Count > 0)
            text.WriteLine("\nChanged, causes first:");
        foreach (StepChange change in comparison.Changes)
            Write(text, change);
        text.WriteLine("\nSteps (time before → now):");
        foreach (ComparedStep step in comparison.Steps)
            Write(text, step);
    }

    private static void Write(TextWriter text, StepChange change)
    {
        text.Write($"- {change.What} of {change.Step}: ");
        if (change.What is "model" || change.What.StartsWith("parameter", StringComparison.Ordinal))
        {
            text.WriteLine($"{change.Before ?? "none"} → {change.After ?? "none"}");
        }
        else if (change.What is "arguments" or "tools")
        {
            text.WriteLine(string.Join(
                "; ", JsonDiff.Of(change.Before, change.After).Take(10)
                .Select(item => $"{item.Path}: {Short(item.Before)} → {Short(item.After)}")));
        }
        else
        {
            text.WriteLine(Words.Cut(string.Concat(WordDiff.Of(change.Before ?? "", change.After ?? "").Select(Mark)), LongestValue * 2));
        }
    }

    // Only what changed, with a few words around it.
    private static string Mark(TextChange change) => change.Change switch
    {
        Change.Removed => $"[-{Words.Cut(change.Text, LongestValue)}-]",
        Change.Added => $"{{+{Words.Cut(change.Text, LongestValue)}+}}",
        _ => change.Text.Length > 80 ? $"{change.Text[..40]}…{change.Text[^40..]}" : change.Text,
    };

    private static void Write(TextWriter text, ComparedStep step)
    {
        StepFacts facts = (step.After ?? step.Before)!;
        string name = $"{new string(' ', Math.Min(step.Depth, 20) * 2)}{StepKinds.Name(facts.Kind)} {facts.Name}";
        string sides = (step.Before, step.After) switch
        {
            (null, { } only) => $"new, {Side(only)}",
            ({ } only, null) => $"gone, {Side(only)}",
            var (before, after) => $"{Side(before!)} → {Side(after!)}",
        };
        text.WriteLine($"{name}: {sides}");
    }

    private static string Side(StepFacts step) =>
        (step.IsError ? $"✗ {Words.ErrorType(step.Error)} " : "") + (step.IsRunning ? "running" : Words.Time(step.Duration))
        + (step is { Counts: true, Input: { } input } ? $" {Words.Tokens(input, step.Output ?? 0)}" : "");

    private static string Short(string? value) => Words.Cut(value ?? "none", LongestValue);
}

using PandaProbe.Local.Reading;

namespace PandaProbe.Local.Concluding;

/// <summary>A difference that can explain others.</summary>
/// <param name="What"><c>model</c>, <c>parameter temperature</c>, <c>system prompt</c>, <c>tools</c>, <c>input</c>, <c>arguments</c>,
/// <c>output</c>.</param>
/// <param name="Step">The name of the span.</param>
/// <param name="BeforeId">The span of the first trace.</param>
/// <param name="AfterId">The span of the second trace.</param>
/// <param name="Before">The first value, shortened in no way; <see langword="null"/> when there is none.</param>
/// <param name="After">The second value.</param>
internal sealed record StepChange(string What, string Step, string BeforeId, string AfterId, string? Before, string? After);

/// <summary>Two traces side by side, and what changed from the first to the second: causes first.</summary>
internal sealed record Comparison(
    string Sentence, Conclusion Before, Conclusion After, IReadOnlyList<ComparedStep> Steps, IReadOnlyList<StepChange> Changes,
    TimeSpan? FirstTokenDelta)
{
    // Contents of two traces are read one by one. More differences than this nobody reads.
    private const int MaxChanges = 200;

    private static readonly string[] Order = ["model", "parameter", "system prompt", "tools", "input", "arguments", "output"];

    /// <summary>Compares two traces.</summary>
    /// <param name="before">The earlier trace, and how to read the contents of its spans by their ids.</param>
    /// <param name="after">The later trace, and how to read the contents of its spans by their ids.</param>
    public static Comparison Of(
        (TraceFacts Trace, Func<string, ReadSpan?> Read) before, (TraceFacts Trace, Func<string, ReadSpan?> Read) after)
    {
        var left = Conclusion.Of(before.Trace, id => before.Read(id)?.ToolArguments);
        var right = Conclusion.Of(after.Trace, id => after.Read(id)?.ToolArguments);
        List<ComparedStep> steps = StepAlignment.Align(before.Trace.Tree, after.Trace.Tree);
        List<StepChange> changes = [];
        foreach (ComparedStep step in steps)
        {
            if (step is { Before: { } a, After: { } b } && changes.Count < MaxChanges && before.Read(a.Id) is { } first
                && after.Read(b.Id) is { } second)
            {
                AddChanges(changes, a, first, b, second);
            }
        }

        changes = [.. changes.OrderBy(change => Array.FindIndex(Order, change.What.StartsWith))];
        Comparison comparison = new("", left, right, steps, changes, FirstToken(after.Trace) - FirstToken(before.Trace));
        return comparison with { Sentence = comparison.Say() };
    }

    private string Say()
    {
        List<string> words = [];
        if (Before.Outcome != After.Outcome)
            words.Add($"{Name(Before.Outcome)} before, {Name(After.Outcome)} now");
        foreach (StepChange change in Changes.Where(change => change.What == "model").Take(1))
            words.Add($"model {change.Before ?? "none"} → {change.After ?? "none"}");
        string[] causes = [.. Changes.Where(change => change.What is not ("model" or "input" or "output" or "arguments"))
            .Select(change => change.What).Distinct().Take(3)];
        if (causes.Length > 0)
            words.Add($"changed {string.Join(", ", causes)}");
        words.Add($"{Signed(After.Duration - Before.Duration)} time");
        long tokens = After.Sums.Input + After.Sums.Output - Before.Sums.Input - Before.Sums.Output;
        if (tokens != 0)
            words.Add($"{(tokens > 0 ? "+" : "−")}{Words.Count(Math.Abs(tokens), "token")}");
        if (After.Sums.Priced > 0 && Before.Sums.Priced > 0 && After.Sums.Cost != Before.Sums.Cost)
            words.Add($"{(After.Sums.Cost > Before.Sums.Cost ? "+" : "")}{Words.Dollars(After.Sums.Cost - Before.Sums.Cost)}");
        if (FirstTokenDelta is { } first)
            words.Add($"{Signed(first)} to the first token");
        int added = Steps.Count(step => step.Before is null);
        int removed = Steps.Count(step => step.After is null);
        if (added > 0)
            words.Add($"{Words.Count(added, "step")} more");
        if (removed > 0)
            words.Add($"{Words.Count(removed, "step")} less");
        return string.Join("; ", words);
    }

    private static void AddChanges(List<StepChange> changes, StepFacts a, ReadSpan before, StepFacts b, ReadSpan after)
    {
        Add("model", before.Model, after.Model);
        foreach (string key in before.Parameters.Concat(after.Parameters).Select(parameter => parameter.Key)
            .Distinct(StringComparer.Ordinal).Take(50))
        {
            Add($"parameter {key}", Value(before.Parameters, key), Value(after.Parameters, key));
        }

        Add("system prompt", System(before), System(after));
        AddJson("tools", before.ToolDefinitions, after.ToolDefinitions);
        Add("input", Text(before.Input) ?? before.InputValue, Text(after.Input) ?? after.InputValue);
        AddJson("arguments", before.ToolArguments, after.ToolArguments);
        Add("output", Text(before.Output) ?? before.OutputValue ?? before.ToolResult, Text(after.Output) ?? after.OutputValue
            ?? after.ToolResult);

        void Add(string what, string? first, string? second)
        {
            if (first != second)
                changes.Add(new StepChange(what, b.Name, a.Id, b.Id, first, second));
        }

        void AddJson(string what, string? first, string? second)
        {
            if (Arguments.Normalise(first) != Arguments.Normalise(second))
                changes.Add(new StepChange(what, b.Name, a.Id, b.Id, first, second));
        }
    }

    private static string? Value(List<ReadField> fields, string key) => fields.Find(field => field.Key == key).Json;

    private static string? System(ReadSpan span)
    {
        string text = string.Join("\n\n", span.Input.Where(message => message.Role == ReadMessage.System).Select(message => message.Text));
        return text.Length > 0 ? text : null;
    }

    private static string? Text(IReadOnlyList<ReadMessage> messages)
    {
        IEnumerable<ReadMessage> said = messages.Where(message => message.Role != ReadMessage.System);
        return said.Any() ? string.Join("\n\n", said.Select(MessageText.Of)) : null;
    }

    private static long? FirstTokenOf(StepFacts step) => step.FirstToken is { } first ? step.Start + first : null;

    private static TimeSpan? FirstToken(TraceFacts trace)
    {
        if (trace.Steps.Min(FirstTokenOf) is not { } first)
            return null;

        return TimeSpan.FromTicks((first - trace.Steps.Min(step => step.Start)) / 100);
    }

    private static string Signed(TimeSpan time) => time > TimeSpan.Zero ? $"+{Words.Time(time)}" : Words.Time(time);

    private static string Name(Outcome outcome) => outcome switch
    {
        Outcome.Failed => "failed",
        Outcome.Running => "running",
        _ => "completed",
    };
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using PandaProbe.Safety;

namespace PandaProbe.Testing;

/// <summary>
/// The evaluators that most agents need. Those without a model are exact, free, and give the same score every time: use them first.
/// </summary>
public static class Evaluators
{
    private const int MaxReason = 200;
    private static readonly TimeSpan MaxPatternTime = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Makes <c>exact</c>: 1 when the output is <see cref="EvaluationCase.Expected"/>, apart from white space around it and from the kind
    /// of line ends. Cases without it are left out.
    /// </summary>
    /// <param name="ignoreCase">Whether capital and small letters are the same.</param>
    public static Evaluator Exact(bool ignoreCase = false)
    {
        StringComparison comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return OfAnswer("exact", (output, expected) => EvaluatorScore.From(
            string.Equals(Plain(output), Plain(expected), comparison), $"expected {Shown(expected)}, was {Shown(output)}"));
    }

    /// <summary>Makes <c>regex</c>: 1 when a regular expression matches somewhere in the output.</summary>
    /// <param name="pattern">The regular expression of .NET. A match that takes longer than a second is an error of the evaluator.</param>
    /// <param name="options">The options of the regular expression.</param>
    public static Evaluator Regex(string pattern, RegexOptions options = RegexOptions.CultureInvariant)
    {
        Regex regex = new(pattern, options, MaxPatternTime);
        return Of("regex", attempt => EvaluatorScore.From(
            regex.IsMatch(attempt.Output), $"{Shown(attempt.Output)} does not match {pattern}"));
    }

    /// <summary>Makes <c>json-schema</c>: 1 when the output is JSON that a schema accepts.</summary>
    /// <param name="schema">
    /// The JSON schema. Known are <c>type</c>, <c>enum</c>, <c>const</c>, the limits of numbers, texts, lists and objects, <c>pattern</c>,
    /// <c>properties</c>, <c>required</c>, <c>additionalProperties</c>, <c>items</c>, <c>prefixItems</c>, <c>uniqueItems</c>, <c>anyOf</c>,
    /// <c>oneOf</c>, <c>allOf</c>, <c>not</c>, and <c>$ref</c> inside the schema. <c>format</c> is not checked.
    /// </param>
    /// <exception cref="ArgumentException">The text is not such a schema, or has a keyword that is not known.</exception>
    public static Evaluator JsonSchema(string schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var parsed = Testing.JsonSchema.Parse(schema);
        return Of("json-schema", attempt =>
        {
            try
            {
                using var document = JsonDocument.Parse(attempt.Output);
                return parsed.FindFault(document.RootElement) is { } fault ? new EvaluatorScore(0, fault) : new EvaluatorScore(1);
            }
            catch (JsonException exception)
            {
                return new EvaluatorScore(0, $"the output should be JSON, but {JsonFault.Of(exception)}");
            }
        });
    }

    /// <summary>
    /// Makes <c>token-f1</c>: how many words the output shares with <see cref="EvaluationCase.Expected"/>, as the harmonic mean of
    /// precision and recall. Case and punctuation do not count. It suits languages with spaces between words; for others use
    /// <see cref="EditDistance"/>. It passes at 0.5.
    /// </summary>
    public static Evaluator TokenF1() =>
        OfAnswer("token-f1", (output, expected) => new EvaluatorScore(Testing.TokenF1.Of(output, expected))).PassingAt(0.5);

    /// <summary>
    /// Makes <c>edit-distance</c>: the share of characters that stay when the output is edited into <see cref="EvaluationCase.Expected"/>
    /// (Levenshtein). Texts of more than 20,000 characters are an error of the evaluator. It passes at 0.8.
    /// </summary>
    public static Evaluator EditDistance() => OfAnswer(
        "edit-distance", (output, expected) => new EvaluatorScore(Testing.EditDistance.Similarity(Plain(output), Plain(expected))))
        .PassingAt(0.8);

    /// <summary>
    /// Makes <c>trajectory</c>: 1 when the calls of tools are those of <see cref="EvaluationCase.Trajectory"/>. Cases without it are left
    /// out.
    /// </summary>
    /// <param name="options">How to compare; <see langword="null"/> wants the same calls in the same order.</param>
    /// <param name="isGraded">
    /// Whether the score is the F1 of precision and recall instead of 1 or 0. It then shows progress, and still passes at 1 only.
    /// </param>
    public static Evaluator Trajectory(TrajectoryOptions? options = null, bool isGraded = false) =>
        new("trajectory", (attempt, _) =>
        {
            TrajectoryComparison comparison = Testing.Trajectory.From(attempt.Traces).CompareWith(attempt.Case.Trajectory!, options);
            double score = isGraded ? comparison.F1 : comparison.IsMatch ? 1 : 0;
            return new(new EvaluatorScore(score, comparison.IsMatch ? null : comparison.ToString()));
        })
        {
            AppliesTo = @case => @case.Trajectory is not null,
        };

    /// <summary>
    /// Makes <c>max-cost</c>: 1 when the model calls cost at most so many US dollars. A call without a known price is an error of the
    /// evaluator.
    /// </summary>
    public static Evaluator MaxCost(decimal dollars) => Of("max-cost", attempt => attempt.UnpricedCalls > 0 && attempt.Cost <= dollars
        ? throw new EvaluatorException($"The cost is not known: {Texts.Count(attempt.UnpricedCalls, "model call")} without a price.")
        : EvaluatorScore.From(attempt.Cost <= dollars, $"cost {Texts.Dollars(attempt.Cost)}, more than {Texts.Dollars(dollars)}"));

    /// <summary>Makes <c>max-duration</c>: 1 when the task took at most so long.</summary>
    public static Evaluator MaxDuration(TimeSpan duration) => Of("max-duration", attempt => EvaluatorScore.From(
        attempt.Duration <= duration,
        $"took {Texts.Seconds(attempt.Duration)}, more than {Texts.Seconds(duration)}"));

    /// <summary>
    /// Makes <c>no-loops</c>: 1 when no tool was called with the same arguments, and no model with the same messages, more often than
    /// allowed, as <see cref="TraceLoopAssertions.ShouldNotLoop"/> checks it.
    /// </summary>
    /// <param name="most">How often the same call is allowed. The default is 2: once, and once again.</param>
    public static Evaluator NoLoops(int most = 2) => Of("no-loops", attempt =>
    {
        string[] loops = [.. attempt.Traces.SelectMany(trace => TraceLoopAssertions.Loops(trace, most))];
        return EvaluatorScore.From(loops.Length == 0, string.Join("; ", loops));
    });

    /// <summary>
    /// Makes <c>no-leaks</c>: 1 when neither secrets nor personal data stand in the output. The reason names types and places, and never
    /// what was found.
    /// </summary>
    /// <param name="options">What to look for; <see langword="null"/> looks for everything that PandaProbe.Safety knows.</param>
    /// <param name="wholeTrace">Whether the names, errors, attributes and events of all spans are searched as well.</param>
    public static Evaluator NoLeaks(SafetyOptions? options = null, bool wholeTrace = false)
    {
        SensitiveScanner? scanner = options is null ? null : new(options);
        return Of("no-leaks", attempt =>
        {
            string[] leaks = [.. LeakSearch.Find(attempt, text => scanner?.Scan(text) ?? Sensitive.Scan(text), wholeTrace).Take(5)];
            return EvaluatorScore.From(leaks.Length == 0, string.Join(", ", leaks));
        });
    }

    /// <summary>
    /// Makes an evaluator that asks a model. The model sees the input, the output, and the expected answer where there is one. What it
    /// costs is counted into the budget. An answer without a usable grade is an error of the evaluator and no score. It passes at 0.5.
    /// </summary>
    /// <param name="name">The name of the score.</param>
    /// <param name="client">The judge. It need not be of the same provider as the agent.</param>
    /// <param name="criterion">What to grade, for example "The answer is friendly and does not promise a date".</param>
    /// <param name="options">The scale, the prices and the options of the chat; <see langword="null"/> leaves the defaults.</param>
    /// <exception cref="ArgumentException"><see cref="JudgeOptions.BestGrade"/> is below 2.</exception>
    public static Evaluator Judge(string name, IChatClient client, string criterion, JudgeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrWhiteSpace(criterion);
        options ??= new JudgeOptions();
        if (options.BestGrade < 2)
            throw new ArgumentException($"BestGrade is {options.BestGrade}, and must be at least 2.", nameof(options));

        Judge judge = new(client, criterion, options);
        return new Evaluator(name, judge.EvaluateAsync) { PassAt = 0.5 };
    }

    private static Evaluator Of(string name, Func<EvaluationAttempt, EvaluatorScore> evaluate) =>
        new(name, (attempt, _) => new(evaluate(attempt)));

    private static Evaluator OfAnswer(string name, Func<string, string, EvaluatorScore> compare) =>
        new(name, (attempt, _) => new(compare(attempt.Output, attempt.Case.Expected!))) { AppliesTo = @case => @case.Expected is not null };

    private static string Plain(string text) => text.ReplaceLineEndings("\n").Trim();

    private static string Shown(string text) => TextCut.Short(text, MaxReason);
}

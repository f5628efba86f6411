using System.Text.Json;

namespace PandaProbe.Testing.Evaluations;

/// <summary>A report full of texts that would break out of HTML, Markdown or XML.</summary>
internal static class HostileReport
{
    public const string Script = "</pre></td><script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">";

    public static readonly string[] Texts =
    [
        Script,
        "' onmouseover='document.title=1' x='",
        "| a | b |\n|---|---|\n# Heading\n[link](https://example.org) ![](https://example.org/x.png) @everyone www.example.org `code` ~~no~~",
        "]]> <![CDATA[ \u0000\u0001\u001B[31m \uFFFE \uD800 lone",
        "\u202Egnp.exe \u2066hidden\u200B",
        "&lt;already&gt; &#60;",
        "👍 ünï 漢字 عربى",
    ];

    public static async Task<(EvaluationReport Report, EvaluationGate Gate)> MakeAsync()
    {
        EvaluationCase[] cases = [.. Texts.Select((text, i) => new EvaluationCase($"{i} {text}", text) { Expected = text + "!" })];
        Evaluation evaluation = new(Script, cases, (@case, _) => @case.Input == Texts[3]
            ? throw new InvalidOperationException(Script) : AnswerAsync(@case.Input))
        {
            Parallelism = 1,
            Evaluators =
            {
                Evaluators.Exact(), new(Script, (_, _) => throw new EvaluatorException(Script)),
                new("| graded", (attempt, _) => new(new EvaluatorScore(0.5, attempt.Output))) { PassAt = 0.5 },
            },
        };
        EvaluationReport report = await evaluation.RunAsync();
        string baseline = JsonSerializer.Serialize(new
        {
            evaluation = Script,
            evaluators = new Dictionary<string, Dictionary<string, double>>
            {
                ["exact"] = cases.ToDictionary(one => one.Id, _ => 1.0),
                ["gone " + Script] = new() { ["a"] = 1 },
            },
        });
        return (report, report.CompareWith(EvaluationBaseline.Parse(baseline)));
    }

    private static Task<string> AnswerAsync(string text)
    {
        using TraceScope trace = Probe.StartTrace(text, input: text);
        using (SpanScope tool = Probe.StartSpan(text, ProbeSpanKind.Tool))
            tool.SetInput(text);
        return Task.FromResult(text);
    }
}

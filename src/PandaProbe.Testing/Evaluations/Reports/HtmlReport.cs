using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>
/// Writes a report as one page of HTML without scripts. The page forbids itself to load anything, and every text of an agent is encoded.
/// </summary>
internal sealed class HtmlReport(EvaluationReport report, EvaluationGate? gate)
{
    private const int MaxOpen = 5;

    private readonly StringBuilder _html = new();

    public string Write()
    {
        _html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture,
            $"<title>{HtmlText.Encode(report.Name)}</title>\n<style>\n{HtmlStyle.Css}\n</style>\n</head>\n<body>\n")
            .Append(CultureInfo.InvariantCulture, $"<header>\n<h1><bdi>{HtmlText.Encode(report.Name)}</bdi></h1>\n")
            .Append(CultureInfo.InvariantCulture,
            $"<p class=\"totals\">{HtmlText.Encode(ReportText.Totals(report))}</p>\n</header>\n<main>\n");
        WriteGate();
        WriteEvaluators();
        WriteAttempts();
        return _html.Append("</main>\n</body>\n</html>\n").ToString().ReplaceLineEndings("\n");
    }

    private void WriteGate()
    {
        if (gate is null)
            return;

        int failed = gate.Checks.Count(check => !check.IsPassed);
        string verdict = gate.IsPassed ? "Passed: nothing got worse." : $"Not passed: {Texts.Count(failed, "check")} failed.";
        _html.Append(CultureInfo.InvariantCulture, $"<p class=\"banner {(gate.IsPassed ? "good" : "bad")}\">{verdict}</p>\n");
    }

    private void WriteEvaluators()
    {
        _html.Append(
            "<h2>Evaluators</h2>\n<div class=\"wide\"><table>\n<tr><th scope=\"col\">Name</th><th scope=\"col\">Mean</th><th scope=\"col\">0 … 1</th><th scope=\"col\">Cases</th>")
            .Append(gate is null ? "" : "<th scope=\"col\">Against the baseline</th>").Append("</tr>\n");
        foreach (EvaluatorSummary summary in report.Evaluators)
        {
            ScoreEstimate estimate = summary.Estimate;
            string errors = summary.Errors == 0 ? "" : $" <span class=\"chip warn\">{Texts.Count(summary.Errors, "error")}</span>";
            _html.Append(CultureInfo.InvariantCulture,
                $"<tr><td><bdi>{HtmlText.Encode(summary.Name)}</bdi></td><td class=\"number\">{estimate}</td>")
                .Append("<td>").Append(estimate.Count == 0 ? "" : Scale(estimate)).Append("</td>")
                .Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{estimate.Count}{errors}</td>");
            WriteCheck(gate?.Checks.FirstOrDefault(check => check.Name == summary.Name));
            _html.Append("</tr>\n");
        }

        foreach (GateCheck check in gate?.Checks.Where(one => report.Evaluators.All(summary => summary.Name != one.Name)) ?? [])
        {
            _html.Append(CultureInfo.InvariantCulture, $"<tr><td><bdi>{HtmlText.Encode(check.Name)}</bdi></td><td></td><td></td><td></td>");
            WriteCheck(check);
            _html.Append("</tr>\n");
        }

        _html.Append("</table></div>\n").Append(
            CultureInfo.InvariantCulture,
            $"<p class=\"totals\">The mean of all such cases lies in the interval with {report.Confidence:0.#%} confidence.</p>\n");
    }

    private void WriteCheck(GateCheck? check)
    {
        if (gate is null)
            return;

        string chip = check is { IsPassed: false } ? "<span class=\"chip bad\">failed</span> " : "";
        _html.Append(CultureInfo.InvariantCulture, $"<td>{chip}{HtmlText.Encode(check?.Text ?? "")}</td>");
    }

    private static string Scale(ScoreEstimate estimate) => string.Create(
        CultureInfo.InvariantCulture,
        $"<div class=\"scale\" role=\"img\" aria-label=\"{estimate.Low:0.000} to {estimate.High:0.000}\" title=\"{estimate.Low:0.000} to {estimate.High:0.000}\"><i style=\"left:{estimate.Low * 100:0.#}%;width:{(estimate.High - estimate.Low) * 100:0.#}%\"></i><b style=\"left:{estimate.Mean * 99:0.#}%\"></b></div>");

    private void WriteAttempts()
    {
        _html.Append("<h2>Attempts</h2>\n");
        int open = 0;
        foreach (EvaluationResult result in report.Results)
        {
            bool isOpen = result is { IsPassed: false, Status: not EvaluationStatus.NotRun } && open++ < MaxOpen;
            _html.Append(isOpen ? "<details open>" : "<details>").Append("<summary>").Append(State(result))
                .Append(CultureInfo.InvariantCulture, $"<bdi class=\"name\">{HtmlText.Encode(ReportText.Attempt(result, report))}</bdi>");
            foreach (EvaluatorResult score in result.Scores)
                _html.Append(Chip(score));
            _html.Append(
                CultureInfo.InvariantCulture,
                $"<span class=\"facts\">{Texts.Dollars(result.Cost + result.EvaluatorCost)} · {Texts.Seconds(result.Duration)}</span>")
                .Append("</summary>\n<div class=\"body\">\n");
            WriteText("Why", string.Join("\n", ReportText.Problems(result)));
            WriteText("Input", result.Case.Input);
            WriteText("Expected", result.Case.Expected);
            WriteText("Output", result.Output);
            WriteText("Reasons", Reasons(result));
            WriteText("Trace", string.Join("\n", result.Traces.Select(trace => trace.ToString())));
            _html.Append("</div></details>\n");
        }
    }

    private void WriteText(string title, string? text)
    {
        if (!string.IsNullOrEmpty(text))
            _html.Append(CultureInfo.InvariantCulture, $"<h3>{title}</h3><pre dir=\"auto\">{HtmlText.Encode(text)}</pre>\n");
    }

    // Those of scores that did not pass stand under "Why".
    private static string Reasons(EvaluationResult result) => string.Join(
        "\n", result.Scores.Where(score => score is { IsPassed: true, Reason.Length: > 0 })
        .Select(score => $"{score.Name}: {score.Reason}"));

    private static string State(EvaluationResult result) => result switch
    {
        { Status: EvaluationStatus.NotRun } => "<span class=\"chip\">not run</span>",
        { Status: EvaluationStatus.Failed } => "<span class=\"chip bad\">threw</span>",
        { IsPassed: true } => "<span class=\"chip good\">passed</span>",
        _ => "<span class=\"chip bad\">not passed</span>",
    };

    private static string Chip(EvaluatorResult score) => string.Create(
        CultureInfo.InvariantCulture,
        $"<span class=\"chip {(score.IsPassed is not { } passed ? "warn" : passed ? "good" : "bad")}\">{HtmlText.Encode(score.Name)} {(score.Value is { } value ? ReportText.Score(value) : "error")}</span>");
}

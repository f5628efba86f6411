using System.Globalization;
using System.Text;

namespace PandaProbe.Testing;

/// <summary>
/// Writes a report for a pull request. Texts of agents stand in code elements with everything encoded that Markdown, HTML or GitHub would
/// act on: links, pictures, mentions of people.
/// </summary>
internal sealed class MarkdownReport(EvaluationReport report, EvaluationGate? gate)
{
    private const int MaxProblems = 20;
    private const int MaxText = 200;

    private readonly StringBuilder _text = new();

    public string Write()
    {
        string mark = gate is null ? "" : gate.IsPassed ? "✅ " : "❌ ";
        Line($"### {mark}{Encoded(report.Name)}").Line("").Line(Encoded(ReportText.Totals(report))).Line("");
        WriteEvaluators();
        WriteProblems();
        return _text.ToString();
    }

    private void WriteEvaluators()
    {
        Line(gate is null ? "| Evaluator | Score | Cases |" : "| Evaluator | Score | Cases | |");
        Line(gate is null ? "|---|---|---|" : "|---|---|---|---|");
        foreach (EvaluatorSummary summary in report.Evaluators)
        {
            string errors = summary.Errors == 0 ? "" : $", {Texts.Count(summary.Errors, "error")}";
            string row = $"| {Encoded(summary.Name)} | {summary.Estimate} | {summary.Estimate.Count}{errors} |";
            GateCheck? check = gate?.Checks.FirstOrDefault(one => one.Name == summary.Name);
            Line(gate is null ? row : $"{row} {(check is { IsPassed: false } ? "❌ " : "")}{Encoded(check?.Text ?? "")} |");
        }

        foreach (GateCheck check in gate?.Checks.Where(one => report.Evaluators.All(summary => summary.Name != one.Name)) ?? [])
            Line($"| {Encoded(check.Name)} | | | {(check.IsPassed ? "" : "❌ ")}{Encoded(check.Text)} |");
        Line("");
    }

    private void WriteProblems()
    {
        EvaluationResult[] problems = [.. report.NotPassed];
        if (problems.Length == 0)
            return;

        Line($"<details><summary>{Texts.Count(problems.Length, "attempt")} did not pass</summary>").Line("");
        Line("| Case | Why | Output |").Line("|---|---|---|");
        foreach (EvaluationResult result in problems.Take(MaxProblems))
        {
            string why = string.Join("<br>", ReportText.Problems(result).Select(Code));
            Line($"| {Code(ReportText.Attempt(result, report))} | {why} | {Code(result.Output ?? "")} |");
        }

        Line("");
        if (problems.Length > MaxProblems)
            Line($"{problems.Length - MaxProblems} more are in the HTML report.").Line("");
        Line("</details>");
    }

    private MarkdownReport Line(string line)
    {
        _text.Append(line).Append('\n');
        return this;
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"<code>{Encoded(TextCut.Short(text, MaxText))}</code>";

    // Whatever is neither a letter, a digit nor harmless becomes a reference to its character, which no rule of Markdown sees.
    private static string Encoded(string text)
    {
        StringBuilder encoded = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (!rune.IsAscii || Rune.IsLetterOrDigit(rune) || " .,;()/$+-%?'".Contains((char)rune.Value, StringComparison.Ordinal))
                encoded.Append(rune.ToString());
            else
                encoded.Append(CultureInfo.InvariantCulture, $"&#{rune.Value};");
        }

        // GitHub makes links of these even inside of HTML.
        return encoded.ToString().Replace("www.", "www&#46;", StringComparison.OrdinalIgnoreCase);
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace PandaProbe.Testing.Evaluations;

public sealed partial class ReportTests
{
    [Fact]
    public async Task The_page_loads_nothing_and_runs_nothing()
    {
        (EvaluationReport report, EvaluationGate gate) = await HostileReport.MakeAsync();

        string html = report.ToHtml(gate);

        string[] allowed =
        [
            "html", "head", "meta", "title", "style", "body", "header", "main", "h1", "h2", "h3", "p", "div", "table", "tr", "th", "td",
                "bdi", "span", "i",
            "b", "details", "summary", "pre",
        ];
        Tag().Matches(html).Select(tag => tag.Groups[1].Value).Distinct().Except(allowed).ShouldBeEmpty();
        Attribute().Matches(html).Select(attribute => attribute.Groups[1].Value).Distinct()
            .Except(["lang", "charset", "http-equiv", "content", "name", "class", "title", "style", "open", "dir", "scope", "role",
            "aria-label"]).ShouldBeEmpty();
        html.ShouldContain("default-src 'none'");
        html.ShouldContain("&lt;script&gt;document.title");
        html.ShouldNotContain("\u202E");
        html.ShouldNotContain("\u0000");
        html.ShouldContain("👍 ünï 漢字 عربى");
        html.ShouldContain("&amp;lt;already&amp;gt;");
    }

    [Fact]
    public async Task A_very_long_output_is_cut()
    {
        Evaluation evaluation = new(
            "long", [new("a", new string('x', 5_000_000))], (@case, _) => Task.FromResult(@case.Input))
        {
            Evaluators = { Evaluators.NoLoops() },
        };

        string html = (await evaluation.RunAsync()).ToHtml();

        html.Length.ShouldBeLessThan(60_000);
        html.ShouldContain("… (5,000,000 characters)");
    }

    [Fact]
    public async Task Junit_is_valid_xml_with_a_test_per_attempt_and_check()
    {
        (EvaluationReport report, EvaluationGate gate) = await HostileReport.MakeAsync();

        XElement suite = XDocument.Parse(report.ToJUnit(gate)).Root!.Element("testsuite")!;

        suite.Elements("testcase").Count().ShouldBe(HostileReport.Texts.Length + gate.Checks.Count);
        ((int)suite.Attribute("tests")!).ShouldBe(suite.Elements("testcase").Count());
        ((int)suite.Attribute("failures")!).ShouldBe(suite.Descendants("failure").Count());
        ((int)suite.Attribute("errors")!).ShouldBe(suite.Descendants("error").Count());
        suite.Descendants("error").ShouldHaveSingleItem().Value.ShouldContain("<script>");
        suite.Attribute("name")!.Value.ShouldBe(HostileReport.Script);
    }

    [Fact]
    public async Task Junit_says_what_a_build_server_shows()
    {
        EvaluationReport report = await Reports.OfAsync(("exact", [1, 0]), ("judge", [null, 1]));

        report.ToJUnit(report.CompareWith(null, new() { AllowedErrors = 1 })).ShouldBe(
            """
            <testsuites>
              <testsuite name="support" tests="4" failures="1" errors="0" skipped="0" time="0.000">
                <testcase classname="support" name="0" time="0.000">
                  <system-out>judge has no score: The judge gave no grade.</system-out>
                </testcase>
                <testcase classname="support" name="1" time="0.000">
                  <failure message="exact 0.00: so">exact 0.00: so

            Output:
            1</failure>
                </testcase>
                <testcase classname="support" name="gate: exact" time="0.000">
                  <system-out>0.50 ± 0.41</system-out>
                </testcase>
                <testcase classname="support" name="gate: judge" time="0.000">
                  <system-out>1.00 ± 0.79</system-out>
                </testcase>
              </testsuite>
            </testsuites>

            """.ReplaceLineEndings("\n"), StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public async Task Markdown_is_a_table_and_the_attempts_that_did_not_pass()
    {
        EvaluationReport before = await Reports.OfAsync(("exact", Reports.Passed(3, 3)), ("tone", [0.5, 0.75, 1]));
        EvaluationReport now = await Reports.OfAsync(("exact", Reports.Passed(2, 3)), ("tone", [0.5, 0.75, null]));

        now.ToMarkdown(now.CompareWith(EvaluationBaseline.From(before))).ShouldBe(
            """
            ### ❌ support

            3 cases · 3 attempts · 1 attempt did not pass · $0

            | Evaluator | Score | Cases | |
            |---|---|---|---|
            | exact | 0.67 ± 0.46 | 3 | 0.67 ± 0.46, was 1.00&#58; no regression |
            | tone | 0.63 ± 0.63 | 2, 1 error | ❌ 1 of 3 attempts without a score, because the evaluator failed |

            <details><summary>1 attempt did not pass</summary>

            | Case | Why | Output |
            |---|---|---|
            | <code>2</code> | <code>exact 0.00&#58; so</code><br><code>tone has no score&#58; The judge gave no grade.</code> | <code>2</code> |

            </details>

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Nothing_in_markdown_is_a_link_a_picture_a_mention_or_markup_of_an_agent()
    {
        (EvaluationReport report, EvaluationGate gate) = await HostileReport.MakeAsync();

        string markdown = report.ToMarkdown(gate);

        markdown.ShouldNotContain("@");
        markdown.ShouldNotContain("[");
        markdown.ShouldNotContain("://");
        markdown.ShouldNotContain("www.");
        Tag().Matches(markdown).Select(tag => tag.Groups[1].Value).Distinct().Except(["details", "summary", "code", "br"]).ShouldBeEmpty();
        markdown.Split('\n').Where(line => line.StartsWith('|')).ShouldAllBe(line => line.EndsWith('|'));
    }

    [Fact]
    public async Task The_same_results_give_the_same_reports()
    {
        (string, double?[])[] scores = [("exact", [1, 0, 1]), ("grade", [0.2, 0.4, 0.9])];
        EvaluationReport one = await Reports.OfAsync(scores);
        EvaluationReport two = await Reports.OfAsync(scores);

        two.ToMarkdown().ShouldBe(one.ToMarkdown());
        two.Evaluators.Select(summary => summary.Estimate).ShouldBe(one.Evaluators.Select(summary => summary.Estimate));
    }

    [GeneratedRegex("<([a-zA-Z][a-zA-Z0-9]*)")]
    private static partial Regex Tag();

    [GeneratedRegex("""<[a-z0-9]+(?: [a-z-]+(?:="[^"]*")?)*? ([a-z-]+)(?:="[^"]*")?(?= [a-z-]+|>)""")]
    private static partial Regex Attribute();
}

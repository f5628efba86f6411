using Microsoft.Playwright;
using PandaProbe.Testing;
using PandaProbe.Testing.Evaluations;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>The HTML report of an evaluation, opened from the file that it is. Its texts try to break out of the page.</summary>
public sealed class EvaluationReportTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    private const int Phone = 400;

    [BrowserFact]
    public async Task A_report_of_hostile_texts_is_readable_in_both_themes_and_on_a_phone_and_asks_for_nothing()
    {
        List<string> problems = [];
        foreach ((ColorScheme scheme, int width) in (
            (ColorScheme, int)[])[(ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, Phone),
            (ColorScheme.Dark, Phone)])
        {
            await using OpenPage page = await OpenAsync(pages, scheme, width);

            (await page.Page.TitleAsync()).ShouldBe(HostileReport.Script);
            (await page["script, img, iframe, link, a, [onerror], [onmouseover]"].CountAsync()).ShouldBe(0);
            await page.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(attempt => attempt.open = true)");
            (await page["pre"].AllTextContentsAsync()).ShouldContain(HostileReport.Script);
            int needed = await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            if (needed > width)
                problems.Add($"{scheme}: of {width} pixels it takes {needed}");
            problems.AddRange(await page.Page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll('td')].filter(cell => cell.textContent && cell.clientWidth < 40)
                  .map(cell => `a cell is ${cell.clientWidth} pixels wide: ${cell.textContent}`)
                """));
            problems.AddRange((await page.Page.EvaluateAsync<string[]>(AccessibilityTests.Checks))
                .Where(problem => problem != "no nav[aria-label]").Select(problem => $"{scheme} {width}: {problem}"));
        }

        problems.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task An_attempt_is_opened_and_closed_by_the_keyboard()
    {
        await using OpenPage page = await OpenAsync(pages, ColorScheme.Light, 1280);
        ILocator attempt = page["details"].Last;
        await attempt.Locator("summary").FocusAsync();

        await page.PressAsync("Enter");
        (await attempt.GetAttributeAsync("open")).ShouldNotBeNull();
        await page.PressAsync("Space");
        (await attempt.GetAttributeAsync("open")).ShouldBeNull();
    }

    internal static async Task<OpenPage> OpenAsync(PagesFixture pages, ColorScheme scheme, int width)
    {
        (EvaluationReport report, EvaluationGate gate) = await HostileReport.MakeAsync();
        string path = Path.Combine(Directory.CreateTempSubdirectory("evaluation-").FullName, "report.html");
        report.SaveHtml(path, gate);
        return await OpenPage.OpenAsync(pages.Context, new Uri(path), scheme, width);
    }
}

using Microsoft.Playwright;
using static PandaProbe.Local.Browser.Tests.Otlp;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>
/// Models and tools write whatever they like. No page may run, load or believe any of it; <see cref="OpenPage"/> counts what the policy
/// refuses: nothing may get that far.
/// </summary>
public sealed class HostileTextTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    private const string Markup = """
        <script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><iframe src="https://example.com"></iframe>
        [click](javascript:alert(4)) [data](data:text/html,<script>alert(5)</script>) ![pixel](https://tracker.example/pixel.png)
        <a href="javascript:alert(6)">x</a> <style>body{display:none}</style> **bold** `code`
        """;

    private const string Deceit =
        "\u001b[31mred\u001b[0m \u001b]8;;https://example.com\u0007link\u001b]8;;\u0007 abc\u202egnp.exe\u202c \u2066x\u2069 \0 bell\a";

    [BrowserFact]
    public async Task Markup_of_models_is_shown_and_never_run()
    {
        (Otlp trace, string session) = await SendAsync(Markup);
        foreach (string path in (string[])[$"/traces/{trace.TraceId}", $"/sessions/{session}", "/", "/search?q=bold"])
        {
            await using OpenPage page = await pages.OpenAsync(path);
            await page.UntilAsync(
                "document.querySelector('main').innerText.includes('<script>alert(1)</script>') || document.querySelector('main').innerText.includes('bold')");
            if (path.StartsWith("/traces", StringComparison.Ordinal))
            {
                await page.UntilAsync("document.querySelector('#tab-body strong')?.innerText === 'bold'");
                foreach (string tab in (string[])["Attributes", "Raw"])
                {
                    await page[$"[role=tab]:has-text('{tab}')"].ClickAsync();
                }
            }

            (await page.Page.EvaluateAsync<int>(
                "document.querySelectorAll('main script, main iframe, main svg, main style, main img').length")).ShouldBe(0);
            (await page.Page.EvaluateAsync<int>(
                "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || /^\\s*(javascript|data:text)/i.test(a.value))).length")).ShouldBe(0);
        }
    }

    [BrowserFact]
    public async Task Characters_that_deceive_the_eye_become_visible()
    {
        (Otlp trace, _) = await SendAsync(Deceit);
        await using OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#tab-body')?.innerText.includes('gnp.exe')");

        string text = await page["main"].InnerTextAsync();
        text.ShouldContain("abc⟨U+202E⟩gnp.exe⟨U+202C⟩");
        text.ShouldContain("red link");
        text.ShouldNotContain("\u001b");
        text.ShouldNotContain("\u202e");
    }

    [BrowserFact]
    public async Task Halves_of_surrogate_pairs_do_no_harm()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        Otlp trace = new();
        trace.Add("lone", null, 0, 10, null, null, ("gen_ai.operation.name", "chat"), ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"half \ud83d and \udc3c, whole \ud83d\udc3c"}]}]"""));
        await pages.Viewer.SendAsync(trace);
        await using OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#tab-body')?.innerText.includes('whole 🐼')");
        await page.PressAsync("c");
        await page.UntilAsync("document.querySelector('dialog[open]')");
        await page.PressAsync("j");
        await page.UntilAsync("navigator.clipboard.readText().then(text => text.includes('whole'))");
    }

    [BrowserFact]
    public async Task A_text_of_ten_megabytes_folds_and_can_be_shown_whole()
    {
        string text = string.Concat(Enumerable.Range(0, 200_000).Select(static i => $"line {i:D6} of a tool's long report, one of many\n"));
        Otlp trace = new();
        trace.AddTool("report", null, 0, 10, "{}", text, "call_1");
        await pages.Viewer.SendAsync(trace);
        await using OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
        ILocator more =
            page[$"button:has-text('Show all {text.Length.ToString("N0", System.Globalization.CultureInfo.InvariantCulture)} characters')"];
        await more.ClickAsync();
        await page.UntilAsync("document.querySelector('#tab-body').textContent.includes('line 199999')");
    }

    [BrowserFact]
    public async Task Names_of_everything_are_hostile_as_well()
    {
        string name = $"<b onclick=alert(7)>{Guid.NewGuid():N}</b>\u202e";
        Otlp trace = new();
        trace.Shared["session.id"] = name;
        trace.Shared["user.id"] = "<img src=x onerror=alert(8)>";
        string arguments = """{"<em>key</em>":"</script><script>alert(9)</script>"}""";
        trace.AddCall(
            null, 0, 10, [Message("<i>role</i>", Text("hello"))],
            [Message("assistant", Call("<u>id</u>", "<s>tool</s>", arguments))], model: "<h1>model</h1>", error: "<marquee>");
        await pages.Viewer.SendAsync(trace);
        foreach (string path in (string[])[$"/traces/{trace.TraceId}", $"/sessions/{Uri.EscapeDataString(name)}", "/"])
        {
            await using OpenPage page = await pages.OpenAsync(path);
            await page.UntilAsync("document.querySelector('main').innerText.includes('<h1>model</h1>')");
            (await page.Page.EvaluateAsync<int>(
                "document.querySelectorAll('main b, main i, main u, main s, main em, main marquee, main img').length")).ShouldBe(0);
        }
    }

    private async Task<(Otlp Trace, string Session)> SendAsync(string text)
    {
        string session = $"hostile-{Guid.NewGuid():N}";
        Otlp trace = new();
        trace.Shared["session.id"] = session;
        trace.AddCall(null, 0, 10, [Message("system", Text(text)), Message("user", Text(text))],
            [Message("assistant", Thought(text), Text(text))]);
        await pages.Viewer.SendAsync(trace);
        return (trace, session);
    }
}

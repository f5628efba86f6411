namespace PandaProbe.Local.Browser.Tests;

public sealed class CompareAndSearchTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task A_comparison_tells_changed_settings_first_and_texts_word_by_word()
    {
        string name = $"session-{Guid.NewGuid():N}";
        Otlp before = Samples.Turn(name, start: DateTimeOffset.UtcNow.AddMinutes(-3));
        Otlp after = Samples.Turn(name, question: "Where is my order 4711?", model: "gpt-5.4-mini");
        await pages.Viewer.SendAsync(before);
        await pages.Viewer.SendAsync(after);
        await using OpenPage page = await pages.OpenAsync($"/compare?a={before.TraceId}&b={after.TraceId}");
        await page.UntilAsync("document.querySelector('.aligned .chosen')");

        (await page[".change h3"].First.InnerTextAsync()).ShouldStartWith("model");
        (await page[".change .words"].First.Locator("ins").InnerTextAsync()).ShouldContain("mini");
        (await page[".aligned tbody tr"].CountAsync()).ShouldBe(6);
        await page.PressAsync("n");
        await page.UntilAsync("document.querySelector('section[aria-label^=Differences]').innerText.includes('input')");
        (await page["section[aria-label^=Differences] ins"].AllInnerTextsAsync()).ShouldContain(text => text.Contains("my"));
        page.Page.Url.ShouldContain("row=");
        await page.PressAsync("j", "k", "w");
        await page.UntilAsync("id => location.search.includes('a=' + id)", after.TraceId);
    }

    [BrowserFact]
    public async Task D_compares_with_the_previous_trace_of_the_same_name()
    {
        string name = $"agent-{Guid.NewGuid():N}";
        Otlp before = new(DateTimeOffset.UtcNow.AddMinutes(-1));
        before.Add(name, null, 0, 10);
        Otlp after = new();
        after.Add(name, null, 0, 20);
        await pages.Viewer.SendAsync(before);
        await pages.Viewer.SendAsync(after);
        await using OpenPage page = await pages.OpenAsync($"/traces/{after.TraceId}");
        await page.UntilAsync("document.querySelector('#span h2')");
        await page.PressAsync("d");
        await page.UntilAsync(
            "pair => location.href.endsWith(`/compare?a=${pair[0]}&b=${pair[1]}`) || location.href.includes(`/compare?a=${pair[0]}&b=${pair[1]}&`)", new[] { before.TraceId, after.TraceId });
        await page.UntilAsync("document.querySelector('.deltas')?.innerText.includes('+10 ms')");
    }

    [BrowserFact]
    public async Task A_search_finds_words_marks_them_and_sums_up_what_it_found()
    {
        string word = $"refund{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Turn($"search-{word}", question: $"Can I get a {word}?"));
        await using OpenPage page = await pages.OpenAsync("/");
        await page.PressAsync("/");
        await page.UntilAsync("location.pathname === '/search' && document.activeElement.matches('.query input')");
        await page.Page.Keyboard.TypeAsync(word);
        await page.UntilAsync("word => document.querySelector('mark')?.innerText === word", word);
        page.Page.Url.ShouldContain($"q={word}");
        (await page[".hit-item"].AllInnerTextsAsync()).ShouldContain(hit => hit.Contains("in order-agent"));
        string groups = await page[".groups"].InnerTextAsync();
        groups.ShouldContain("gpt-5.4");
        groups.ShouldContain("lookup_order");
        await page.PressAsync("ArrowDown", "Enter");
        await page.UntilAsync("location.pathname.startsWith('/traces/') && location.search.includes('span=')");
    }
}

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Pages over a network on which every answer takes most of a second.</summary>
public sealed class SlowNetworkTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    private const int Latency = 1000;

    [BrowserFact]
    public async Task Every_page_says_that_it_loads_and_is_whole_when_it_appears()
    {
        string session = $"slow-{Guid.NewGuid():N}";
        Otlp before = Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-1));
        Otlp after = Samples.Turn(session, 2);
        await pages.Viewer.SendAsync(before);
        await pages.Viewer.SendAsync(after);
        (string Path, string Loading, string Whole)[] all =
        [
            ("/", "Loading", ".strip dd"), ($"/sessions/{session}", "Loading the session", "#turn-2"),
            ($"/traces/{after.TraceId}", "Loading the trace", "#tree .row"),
            ($"/compare?a={before.TraceId}&b={after.TraceId}", "Comparing", ".aligned .chosen"),
            ("/search?q=order", "Searching", ".hit-item"),
        ];
        await Task.WhenAll(all.Select(async one =>
        {
            await using OpenPage page = await OpenAsync(one.Path);
            await page.UntilAsync(
                "one => document.querySelector('main')?.innerText.includes(one[0]) && document.querySelector(one[1]) === null",
                new[] { one.Loading, one.Whole });
            // A key that comes too early does no harm. The box of the search has the focus, and takes letters.
            if (!one.Path.StartsWith("/search", StringComparison.Ordinal))
                await page.PressAsync("j");
            await page.UntilAsync("whole => document.querySelector(whole) !== null", one.Whole);
            await page.UntilAsync("what => !document.querySelector('main').innerText.includes(what)", $"{one.Loading} ");
        }));
    }

    [BrowserFact]
    public async Task A_span_that_is_on_its_way_is_never_shown_as_the_one_before()
    {
        Otlp trace = Samples.Turn($"slow-{Guid.NewGuid():N}");
        await pages.Viewer.SendAsync(trace);
        await using OpenPage page = await OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#span .error-box')");

        await page.PressAsync("End");
        await page.UntilAsync("document.querySelector('#span[aria-busy=true]')?.innerText === 'Loading chat gpt-5.4 …'");
        // The tree stays usable.
        await page.PressAsync("Home", "End");
        await page.UntilAsync(
            "document.querySelector('#span h2')?.innerText.includes('chat') && !document.querySelector('#span[aria-busy]')");
    }

    private Task<OpenPage> OpenAsync(string path) =>
        OpenPage.OpenAsync(pages.Context, new Uri(pages.Viewer.Address, path), latency: Latency);
}

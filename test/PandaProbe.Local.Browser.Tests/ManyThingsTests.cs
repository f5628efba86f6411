using System.Diagnostics;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Long conversations and long lists. PANDAPROBE_BIG=1 has a list of a million traces; the suite has one of 2,000.</summary>
public sealed class ManyThingsTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task A_session_of_five_hundred_turns_is_read_as_a_whole()
    {
        string session = $"long-{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Many(500, "question", session));
        await using OpenPage page = await pages.OpenAsync($"/sessions/{session}");
        await page.UntilAsync("document.querySelectorAll('.turn').length === 500");

        (await page["main header"].First.InnerTextAsync()).ShouldContain("500");
        await page.PressAsync("End");
        await page.UntilAsync(
            "document.activeElement.id === 'turn-500' && document.activeElement.getBoundingClientRect().top < innerHeight");
        await page.PressAsync("k");
        await page.UntilAsync("document.activeElement.id === 'turn-499'");
    }

    [BrowserFact]
    public Task A_long_list_comes_in_pages() => ListAsync(2000);

    [BigBrowserFact]
    public Task A_list_of_a_million_traces_comes_in_pages() => ListAsync(1_000_000);

    private async Task ListAsync(int traces)
    {
        await using Viewer viewer = await Viewer.StartAsync();
        for (int sent = 0; sent < traces; sent += 2000)
            await viewer.SendAsync(Samples.Many(2000, "question"));
        await using OpenPage page = await OpenPage.OpenAsync(pages.Context, viewer.Address);
        await page.UntilAsync("document.querySelectorAll('.item').length === 50");

        (await page[".strip"].InnerTextAsync()).ShouldContain(traces < 10_000 ? "2,000" : "1.0M");
        (await page["main"].InnerTextAsync()).ShouldContain("The numbers above are about the newest 1,000 traces.");
        long start = Stopwatch.GetTimestamp();
        await page.PressAsync("o");
        await page.UntilAsync("document.querySelectorAll('.item').length === 100");
        await page.PressAsync("o");
        await page.UntilAsync("document.querySelectorAll('.item').length === 150");
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(5));
        (await page.Page.EvaluateAsync<int>("new Set([...document.querySelectorAll('.item')].map(item => item.dataset.key)).size"))
            .ShouldBe(150);
    }
}

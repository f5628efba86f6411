using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

public sealed class LivePageTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task An_empty_viewer_says_what_to_do_and_shows_the_first_trace_as_it_arrives()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        await using Viewer viewer = await Viewer.StartAsync();
        await using OpenPage page = await OpenAsync(viewer, "/");

        await page.UntilAsync("document.querySelector('h1')?.innerText === 'No traces yet'");
        string text = await page["main"].InnerTextAsync();
        text.ShouldContain($"port {viewer.Address.Port} (HTTP)");
        text.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:");
        await page["button:has-text('Copy')"].First.ClickAsync();
        (await page.CopiedAsync()).ShouldContain("dotnet add package PandaProbe.OpenTelemetry");
        await page.UntilAsync("document.querySelector('.connection').dataset.state === 'live'");

        await viewer.SendAsync(Samples.Turn("first"));
        await page.UntilAsync("document.querySelectorAll('.item').length === 1");
        string item = await page[".item"].InnerTextAsync();
        item.ShouldContain("Where is order 4711?");
        item.ShouldContain("Your order **4711** was shipped");
        item.ShouldContain("2 tool calls");
        item.ShouldContain("gpt-5.4");
        item.ShouldContain("2,920 → 72");
        item.ShouldContain("50 % cached");
        item.ShouldContain("user user-abc");
        (await page[".strip"].InnerTextAsync()).ShouldContain("2,920");
    }

    [BrowserFact]
    public async Task New_conversations_wait_until_they_are_asked_for_and_come_by_themselves_while_following()
    {
        await using Viewer viewer = await Viewer.StartAsync();
        await viewer.SendAsync(Samples.Turn("old"));
        await using OpenPage page = await OpenAsync(viewer, "/");
        await page.UntilAsync(
            "document.querySelectorAll('.item').length === 1 && document.querySelector('.connection').dataset.state === 'live'");

        await viewer.SendAsync(Samples.Turn("new", question: "Do you sell tea?"));
        await page.UntilAsync("document.querySelector('.news').innerText === '1 new' && !document.querySelector('.news').hidden");
        (await page[".item"].CountAsync()).ShouldBe(1);
        (await page["#announcer"].TextContentAsync()).ShouldBe("1 new");
        await page.PressAsync("n");
        (await page[".item"].CountAsync()).ShouldBe(2);
        (await page[".item"].First.InnerTextAsync()).ShouldContain("Do you sell tea?");

        await page.PressAsync("f");
        page.Page.Url.ShouldContain("follow=1");
        await viewer.SendAsync(Samples.Turn("newer", question: "And coffee?"));
        await page.UntilAsync("document.querySelectorAll('.item').length === 3");
        (await page[".item"].First.InnerTextAsync()).ShouldContain("And coffee?");

        // The row that has the focus keeps it when the list is drawn anew.
        await page.PressAsync("j", "j", "k");
        await viewer.SendAsync(Samples.Turn("newer", 2, "Is it strong?"));
        await page.UntilAsync("document.querySelector('.item').innerText.includes('2 turns')");
        await page.PressAsync("Enter");
        await page.UntilAsync("location.pathname === '/sessions/newer'");
    }

    [BrowserFact]
    public async Task A_running_span_ticks_and_is_replaced_by_the_ended_one()
    {
        await using Viewer viewer = await Viewer.StartAsync();
        Otlp started = new(DateTimeOffset.UtcNow);
        string root = started.Add("slow-agent", null, 0, null, null, null, ("pandaprobe.span.kind", "AGENT"));
        await viewer.SendAsync(started);

        await using OpenPage list = await OpenAsync(viewer, "/");
        await list.UntilAsync("document.querySelector('section[aria-label=\"Running now\"] .item')?.innerText.includes('slow-agent')");
        await using OpenPage page = await OpenAsync(viewer, $"/traces/{started.TraceId}");
        await page.UntilAsync("document.querySelector('#tree .row.running .time')");
        string before = await page["#tree .row.running .time"].InnerTextAsync();
        await page.UntilAsync("before => document.querySelector('#tree .row.running .time').innerText !== before", before);

        Otlp ended = new(DateTimeOffset.UtcNow.AddMilliseconds(-300)) { TraceId = started.TraceId };
        ended.Add("slow-agent", null, 0, 300, null, root, ("pandaprobe.span.kind", "AGENT"));
        ended.Add("child", root, 100, 200);
        await viewer.SendAsync(ended);
        await page.UntilAsync(
            "document.querySelectorAll('#tree .row:not([hidden])').length === 2 && !document.querySelector('#tree .row.running')");
        await list.UntilAsync("!document.querySelector('section[aria-label=\"Running now\"] .item')");
    }

    [BrowserFact]
    public async Task Reconnecting_misses_nothing()
    {
        await using Viewer first = await Viewer.StartAsync();
        await first.SendAsync(Samples.Turn("before"));
        await using OpenPage page = await OpenAsync(first, "/?follow=1");
        page.MayLoseConnection = true;
        await page.UntilAsync(
            "document.querySelectorAll('.item').length === 1 && document.querySelector('.connection').dataset.state === 'live'");
        await first.EndAsync();
        await page.UntilAsync("document.querySelector('.connection').dataset.state === 'lost'");

        await using Viewer second = await Viewer.StartAsync(first.Store, first.Address.Port);
        await second.SendAsync(Samples.Turn("meanwhile"));
        await page.UntilAsync("document.querySelectorAll('.item').length === 2");
        await page.UntilAsync("document.querySelector('.connection').dataset.state === 'live'");
    }

    [BrowserFact]
    public async Task Two_tabs_see_the_same_trace_arrive()
    {
        await using OpenPage one = await pages.OpenAsync("/?follow=1");
        await using OpenPage two = await pages.OpenAsync("/?follow=1");
        string question = $"Is this {Guid.NewGuid():N}?";
        foreach (OpenPage page in (OpenPage[])[one, two])
        {
            await page.UntilAsync("document.querySelector('.connection').dataset.state === 'live'");
        }

        await pages.Viewer.SendAsync(Samples.Turn($"tabs-{Guid.NewGuid():N}", question: question));
        foreach (OpenPage page in (OpenPage[])[one, two])
        {
            await page.UntilAsync("question => document.querySelector('main').innerText.includes(question)", question);
        }
    }

    private Task<OpenPage> OpenAsync(Viewer viewer, string path) =>
        OpenPage.OpenAsync(pages.Context, new Uri(viewer.Address, path), ColorScheme.Light, 1440, 900);
}

using System.Globalization;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Every state of a page is in its address: a link that was kept shows the same when the viewer was restarted.</summary>
public sealed class RestartTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    /// <summary>What a reader sees, without the times that go on: texts, what is chosen, what stands in fields.</summary>
    private const string Sight = """
        () => {
          const main = document.querySelector('main').cloneNode(true);
          main.querySelectorAll('time[data-time], .hit-item .num, .loading').forEach(element => element.remove());
          const chosen = [...document.querySelectorAll('.chosen, [aria-selected=true], [aria-pressed=true]')].map(element => element.className + element.textContent.replace(/(now|\d+ s|\d+ min)$/, ''));
          return [location.pathname + location.search, main.textContent, ...chosen, ...[...document.querySelectorAll('input')].map(field => field.value)].join('\n');
        }
        """;

    [BrowserFact]
    public async Task Every_link_shows_the_same_after_a_restart()
    {
        await using Viewer first = await Viewer.StartAsync();
        Otlp before = Samples.Turn("kept", start: DateTimeOffset.UtcNow.AddMinutes(-1));
        Otlp after = Samples.Turn("kept", 2, "Can I send it back?", model: "gpt-5.4-mini");
        await first.SendAsync(before);
        await first.SendAsync(after);
        using HttpClient client = new();
        using var heads = System.Text.Json.JsonDocument.Parse(
            await client.GetStringAsync(new Uri(first.Address, $"/api/traces/{after.TraceId}")));
        string span = heads.RootElement.GetProperty("spans").GetProperty("id")[3].GetString()!;
        (string Address, string Ready)[] links =
        [
            ("/?follow=1", ".item .answered"),
            ("/sessions/kept?turn=2", "#turn-2.chosen .answer strong"),
            ("/sessions/kept?show=traces", ".item .answered"),
            ($"/traces/{after.TraceId}?span={span}&tab=attributes&find=lookup", "#tab-attributes[aria-selected=true]"),
            ($"/compare?a={before.TraceId}&b={after.TraceId}&row=2", ".aligned tr:nth-child(3).chosen"),
            ("/search?q=send+back", ".hit-item mark"),
        ];
        await using OpenPage page = await OpenPage.OpenAsync(pages.Context, first.Address);
        page.MayLoseConnection = true;
        List<string> sights = [];
        foreach ((string address, string ready) in links)
        {
            sights.Add(await SeeAsync(page, first, address, ready));
        }

        await first.EndAsync();
        await using Viewer second = await Viewer.StartAsync(first.Store, first.Address.Port);
        for (int i = 0; i < links.Length; i++)
        {
            (await SeeAsync(page, second, links[i].Address, links[i].Ready)).ShouldBe(sights[i], links[i].Address);
        }
    }

    private static async Task<string> SeeAsync(OpenPage page, Viewer viewer, string address, string ready)
    {
        await page.Page.GotoAsync(new Uri(viewer.Address, address).ToString());
        await page.UntilAsync("ready => document.querySelector(ready) !== null", ready);
        string sight = await page.Page.EvaluateAsync<string>(Sight);
        sight.Length.ShouldBeGreaterThan(200, string.Create(CultureInfo.InvariantCulture, $"{address} shows hardly anything"));
        sight.ShouldStartWith(address);
        return sight;
    }
}

namespace PandaProbe.Local.Browser.Tests;

/// <summary>
/// Every key that <c>?</c> lists on a page is pressed, and no other one is. What a key does must not be so before it is pressed.
/// </summary>
public sealed class KeyTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    private const string Dialog = "document.querySelector('dialog[open]') !== null";
    private const string NoDialog = "document.querySelector('dialog[open]') === null";

    /// <summary>The keys of every page: the list, and the ways to the first page and to the search.</summary>
    private static readonly Press[] Everywhere = [new("?", Dialog), new("Escape", NoDialog),
        new("l", "location.pathname === '/'", Back: true)];

    [BrowserFact]
    public async Task Every_key_of_the_list_works()
    {
        string word = $"keys{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Many(60, word));
        await using OpenPage page = await pages.OpenAsync("/");
        await page.UntilAsync(
            "document.querySelectorAll('.item').length > 50 || document.querySelector('.more') && !document.querySelector('.more').hidden");
        await page.UntilAsync("document.querySelector('.connection').dataset.state === 'live'");
        await pages.Viewer.SendAsync(Samples.Turn($"news-{word}"));
        await page.UntilAsync("!document.querySelector('.news').hidden");

        await PressAllAsync(page, ".item",
        [
            new("n", "document.querySelector('.news').hidden"),
            new("ArrowDown", Chosen(".item", 0)), new("j", Chosen(".item", 1)), new("k", Chosen(".item", 0)),
            new("j", Chosen(".item", 1)), new("ArrowUp", Chosen(".item", 0)),
            new("o", "document.querySelectorAll('.item').length > 60"),
            new("f", "location.search.includes('follow=1')"), new("f", "!location.search.includes('follow')"),
            new("Enter", "location.pathname !== '/'", Back: true), new("/", "location.pathname === '/search'", Back: true),
            new("?", Dialog), new("Escape", NoDialog),
            new("l", "window.before === undefined", Before: "window.before = 1"),
        ]);
    }

    [BrowserFact]
    public async Task Every_key_of_a_trace_works()
    {
        string session = $"keys-{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-3)));
        Otlp trace = Samples.Turn(session, 2);
        await pages.Viewer.SendAsync(trace);
        await using OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#span .error-box')");

        static string At(int place) => $"document.querySelector('#tree [aria-selected=true]')?.dataset.place === '{place}'";
        static string Rows(int rows) => $"document.querySelectorAll('#tree .row:not([hidden])').length === {rows}";
        static string Tab(string name) => $"document.querySelector('[role=tab][aria-selected=true]')?.id === 'tab-{name}'";
        IEnumerable<Press> unfolding = from key in (string[])["0", "1", "2", "3", "4"]
                                       from press in (Press[])[new("Space", Rows(1)), new(key, Rows(6))]
                                       select press;
        await PressAllAsync(page, "#span .error-box",
        [
            new("Home", At(0)), new("ArrowDown", At(1)), new("j", At(2)), new("k", At(1)), new("ArrowUp", At(0)), new("End", At(5)),
            new("PageUp", At(0)), new("PageDown", At(5)), new("ArrowLeft", At(0)), new("ArrowRight", At(1)), new("ArrowLeft", At(0)),
            .. unfolding,
            new("e", At(2)), new("End", At(5)), new("E", At(2)),
            new("/", "document.activeElement.id === 'find'"),
            new("Escape", "document.activeElement.id !== 'find'",
            Before: "document.activeElement.value = 'lookup'; document.activeElement.dispatchEvent(new Event('input'))"),
            new("Home", At(0)), new("n", At(2)), new("n", At(3)), new("N", At(2)),
            new("f", "document.querySelector('#tree.following') !== null"), new("f", "document.querySelector('#tree.following') === null"),
            new("]", Tab("attributes"), Ready: Tab("tool")), new("[", Tab("tool")),
            new("x", "document.querySelector('#span .stack').open"),
            new("Enter", "document.activeElement.id === 'tab-body'"),
            new("c", Dialog), new("Escape", NoDialog), new("s", "document.activeElement.id === 'score-value'"), new("Escape", NoDialog),
            new("d", "location.pathname === '/compare'", Back: true), new("t", "location.pathname.startsWith('/sessions/')", Back: true),
            .. Everywhere,
        ]);
    }

    [BrowserFact]
    public async Task Every_key_of_a_conversation_works()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        string session = $"keys-{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-3)));
        await pages.Viewer.SendAsync(Samples.Turn(session, 2));
        await using OpenPage page = await pages.OpenAsync($"/sessions/{session}");
        await page.UntilAsync("document.querySelector('.turn .answer strong')");

        static string At(int turn) => $"document.activeElement.id === 'turn-{turn}'";
        await PressAllAsync(page, ".turn .answer strong",
        [
            new("ArrowDown", At(1)), new("j", At(2)), new("k", At(1)), new("j", At(2)), new("ArrowUp", At(1)), new("End", At(2)),
            new("Home", At(1)),
            new("e",
            "document.querySelector('#turn-2.chosen') !== null || document.querySelector('#announcer')?.textContent === 'no failures'"),
            new("x", "document.querySelector('.turn details') !== null && document.querySelector('.turn details:not([open])') === null"),
            new("c", "document.querySelector('#announcer')?.textContent === 'transcript copied'"),
            new("f", "document.querySelector('#announcer')?.textContent === 'following'"),
            new("t", "document.querySelector('.item') !== null"), new("t", "document.querySelector('.turn') !== null"),
            new("Enter", "location.pathname.startsWith('/traces/')", Back: true),
            new("/", "location.pathname === '/search'", Back: true), .. Everywhere,
        ]);
    }

    [BrowserFact]
    public async Task Every_key_of_a_comparison_works()
    {
        string session = $"keys-{Guid.NewGuid():N}";
        Otlp a = Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-3));
        Otlp b = Samples.Turn(session, 2, "Can I send it back?", model: "gpt-5.4-mini");
        await pages.Viewer.SendAsync(a);
        await pages.Viewer.SendAsync(b);
        await using OpenPage page = await pages.OpenAsync($"/compare?a={a.TraceId}&b={b.TraceId}");
        await page.UntilAsync("document.querySelector('.aligned .chosen')");

        static string At(int row) => $"document.querySelectorAll('.aligned tbody tr')[{row}].classList.contains('chosen')";
        await PressAllAsync(page, ".aligned .chosen",
        [
            new("ArrowDown", At(1)), new("j", At(2)), new("k", At(1)), new("ArrowUp", At(0)), new("n", At(1)),
            new("a", $"location.pathname === '/traces/{a.TraceId}'", Back: true),
            new("b", $"location.pathname === '/traces/{b.TraceId}'", Back: true),
            new("/", "location.pathname === '/search'", Back: true),
            new("w", $"location.search.startsWith('?a={b.TraceId}')", Back: true), .. Everywhere,
        ]);
    }

    [BrowserFact]
    public async Task Every_key_of_the_search_works()
    {
        string word = $"keys{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Many(60, word));
        await using OpenPage page = await pages.OpenAsync($"/search?q={word}");
        await page.UntilAsync("document.querySelector('.hit-item')");

        const string InBox = "document.activeElement.matches('.query input')";
        await PressAllAsync(page, ".hit-item",
        [
            new("/", InBox), new("Escape", $"!{InBox}"), new("/", InBox), new("ArrowDown", Chosen(".hit-item", 0)),
                new("j", Chosen(".hit-item", 1)),
            new("k", Chosen(".hit-item", 0)), new("j", Chosen(".hit-item", 1)), new("ArrowUp", Chosen(".hit-item", 0)),
            new("o", "document.querySelectorAll('.hit-item').length > window.before",
            Before: "window.before = document.querySelectorAll('.hit-item').length"),
            new("Enter", "location.pathname.startsWith('/traces/')", Back: true),
            new("Escape", $"!{InBox}"), .. Everywhere,
        ]);
    }

    private static string Chosen(string rows, int index) =>
        $"[...document.querySelectorAll('{rows}')].indexOf(document.activeElement) === {index}";

    private static async Task PressAllAsync(OpenPage page, string ready, Press[] presses)
    {
        string[] listed = await ListedAsync(page);
        presses.Select(static press => press.Key).Distinct().ShouldBe(listed, ignoreOrder: true);
        foreach (Press press in presses)
        {
            if (press.Ready is not null)
                await page.UntilAsync(press.Ready);
            if (press.Before is not null)
                await page.Page.EvaluateAsync($"() => {{ {press.Before} }}");
            (await page.Page.EvaluateAsync<bool>($"() => Boolean({press.Until})")).ShouldBeFalse($"{press} is so before the key");
            // Shift is part of a capital letter.
            await page.PressAsync(char.IsAsciiLetterUpper(press.Key[0]) && press.Key.Length == 1 ? $"Shift+{press.Key}" : press.Key);
            await page.UntilAsync(press.Until);
            if (press.Back)
            {
                await page.Page.GoBackAsync();
                await page.UntilAsync("ready => document.querySelector(ready) !== null", ready);
            }
        }
    }

    /// <summary>Reads the keys from the list, by the names that the keyboard gives them.</summary>
    private static async Task<string[]> ListedAsync(OpenPage page)
    {
        // A page may begin in a field.
        await page.PressAsync("Escape", "?");
        string[] listed = await page.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('dialog kbd')].map(key => key.innerText)");
        await page.PressAsync("Escape");
        Dictionary<string, string> names = new()
        {
            ["↑"] = "ArrowUp",
            ["↓"] = "ArrowDown",
            ["←"] = "ArrowLeft",
            ["→"] = "ArrowRight",
            ["PgUp"] = "PageUp",
            ["PgDn"] = "PageDown",
            ["Esc"] = "Escape",
        };
        return [.. listed.Select(key => names.GetValueOrDefault(key, key)).Distinct()];
    }

    /// <summary>A key, what must be so after it, what is done before it, and whether it leads to another page.</summary>
    private sealed record Press(string Key, string Until, string? Before = null, string? Ready = null, bool Back = false);
}

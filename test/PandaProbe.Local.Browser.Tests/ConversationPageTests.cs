using System.Text.Json.Nodes;
using static PandaProbe.Local.Browser.Tests.Otlp;

namespace PandaProbe.Local.Browser.Tests;

public sealed class ConversationPageTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task A_session_reads_as_a_conversation()
    {
        await using OpenPage page = await OpenSessionAsync();

        (await page["h1"].InnerTextAsync()).ShouldBe("Where is order 4711?");
        (await page[".turn"].CountAsync()).ShouldBe(2);
        string first = await page["#turn-1 .said"].InnerTextAsync();
        string[] inOrder = ["Where is order 4711?", "System:", "I need its state first.", "lookup_order", "✕ System.TimeoutException",
            "lookup_order", "shipped", "search-rules", "1 document", "arrives within"];
        int at = 0;
        foreach (string words in inOrder)
        {
            int found = first.IndexOf(words, at, StringComparison.OrdinalIgnoreCase);
            found.ShouldBeGreaterThanOrEqualTo(0, $"'{words}' behind {at} in: {first}");
            at = found + 1;
        }

        string gutter = await page["#turn-1 .gutter"].InnerTextAsync();
        gutter.ShouldContain("1.24 s");
        gutter.ShouldContain("2,920 → 72");
        gutter.ShouldContain("1 failed step");
        (await page["#turn-1 .answer strong"].InnerTextAsync()).ShouldBe("4711");
        string second = await page["#turn-2 .said"].InnerTextAsync();
        second.ShouldNotContain("Where is order 4711?");
        second.ShouldContain("Can I send it back?");
    }

    [BrowserFact]
    public async Task Every_key_of_the_conversation_works()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        await using OpenPage page = await OpenSessionAsync();

        await page.PressAsync("j", "j");
        await page.UntilAsync("document.activeElement.id === 'turn-2'");
        page.Page.Url.ShouldContain("turn=2");
        await page.PressAsync("k");
        await page.UntilAsync("document.activeElement.id === 'turn-1'");
        await page.PressAsync("End");
        await page.UntilAsync("document.activeElement.id === 'turn-2'");
        await page.PressAsync("Home", "e");
        await page.UntilAsync("document.activeElement.id === 'turn-2'");
        await page.PressAsync("x");
        (await page[".turn details:not([open])"].CountAsync()).ShouldBe(0);
        (await page[".turn"].First.InnerTextAsync()).ShouldContain("Parcels arrive within three working days.");
        await page.PressAsync("x");
        (await page[".turn details[open]"].CountAsync()).ShouldBe(0);
        await page.PressAsync("c");
        await page.UntilAsync("navigator.clipboard.readText().then(text => text.includes('## Turn 2'))");
        string transcript = await page.CopiedAsync();
        transcript.ShouldContain("""**lookup_order** `{"id":"4711"}` → ✕ System.TimeoutException: The warehouse did not answer""");
        transcript.ShouldContain("**search-rules** delivery times → 1 document");
        await page.PressAsync("t");
        (await page[".item"].CountAsync()).ShouldBe(2);
        page.Page.Url.ShouldContain("show=traces");
        await page.PressAsync("t", "Home", "Enter");
        await page.UntilAsync("location.pathname.startsWith('/traces/')");
    }

    [BrowserFact]
    public async Task A_turn_appears_while_the_page_is_open_and_leaves_what_was_unfolded()
    {
        string session = $"session-{Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Turn(session));
        await using OpenPage page = await pages.OpenAsync($"/sessions/{session}");
        await page.UntilAsync(
            "document.querySelectorAll('.turn').length === 1 && document.querySelector('.connection').dataset.state === 'live'");
        await page["#turn-1 .thought summary"].ClickAsync();

        await pages.Viewer.SendAsync(Samples.Turn(session, 2, "Can I send it back?", DateTimeOffset.UtcNow));
        await page.UntilAsync("document.querySelectorAll('.turn').length === 2");
        (await page["#turn-1 .thought[open]"].CountAsync()).ShouldBe(1);
        await page.UntilAsync("document.querySelector('#announcer').textContent === '1 new turn'");
    }

    private async Task<OpenPage> OpenSessionAsync()
    {
        string session = $"session/ü {Guid.NewGuid():N}";
        await pages.Viewer.SendAsync(Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-1)));
        JsonArray history =
        [
            Message("user", Text("Where is order 4711?")),
            Message("assistant", Text("Your order **4711** was shipped and arrives within *three working days*. (answer 1)")),
        ];
        await pages.Viewer.SendAsync(Samples.Turn(session, 2, "Can I send it back?", history: history));
        OpenPage page = await pages.OpenAsync($"/sessions/{Uri.EscapeDataString(session)}");
        await page.UntilAsync("document.querySelectorAll('.turn').length === 2");
        await page.UntilAsync("document.querySelector('#turn-1 .answer strong')");
        return page;
    }
}

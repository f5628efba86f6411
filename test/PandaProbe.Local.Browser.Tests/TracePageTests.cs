using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

public sealed class TracePageTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    private const string Selected = "#tree [aria-selected=true]";

    [BrowserFact]
    public async Task A_trace_says_in_one_sentence_what_happened_and_selects_the_failure()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        (await page["h1"].InnerTextAsync()).ShouldContain("Failed in lookup_order: TimeoutException after 47 ms, retried, recovered");
        (await page[Selected].InnerTextAsync()).ShouldContain("lookup_order");
        (await page["#span .error-box"].InnerTextAsync()).ShouldContain("The warehouse did not answer within 47 ms.");
        page.Page.Url.ShouldContain("span=");
        (await page["h1.recovered"].CountAsync()).ShouldBe(1);
    }

    [BrowserFact]
    public async Task Rows_tell_kind_tokens_cost_time_and_where_an_error_lies()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(6);
        ILocator root = page["#tree [role=treeitem][aria-level='1']"];
        (await root.GetAttributeAsync("class"))!.ShouldContain("leads-to-error");
        (await root.GetAttributeAsync("aria-expanded")).ShouldBe("true");
        (await root.InnerTextAsync()).ShouldContain("Σ 2,920 → 72");
        (await page["#whole"].InnerTextAsync()).ShouldBe("1.24 s");
        string call = await page["#tree [role=treeitem][data-kind=LLM]:visible"].First.InnerTextAsync();
        call.ShouldContain("1,200 → 30");
        call.ShouldContain("$0.00");
        call.ShouldContain("410 ms");
        ILocator second = page["#tree [role=treeitem]:visible"].Nth(2);
        (await second.GetAttributeAsync("aria-level"), await second.GetAttributeAsync("aria-posinset"),
            await second.GetAttributeAsync("aria-setsize")).ShouldBe(("2", "2", "5"));
        double left = await page.Page.EvaluateAsync<double>("parseFloat(document.querySelectorAll('#tree .line')[5].style.left)");
        left.ShouldBe(100 * 650 / 1240.0, 0.5);
    }

    [BrowserFact]
    public async Task Every_key_of_the_tree_works()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        await page.PressAsync("Home");
        await ShouldSelectAsync(page, 0);
        await page.PressAsync("ArrowDown");
        await ShouldSelectAsync(page, 1);
        await page.PressAsync("j", "j", "k");
        await ShouldSelectAsync(page, 2);
        await page.PressAsync("ArrowLeft");
        await ShouldSelectAsync(page, 0);
        await page.PressAsync("ArrowLeft");
        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(1);
        (await page["#tree [role=treeitem]:visible"].InnerTextAsync()).ShouldContain("5 folded");
        await page.PressAsync("ArrowRight");
        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(6);
        await page.PressAsync("ArrowRight");
        await ShouldSelectAsync(page, 1);
        await page.PressAsync("End");
        await ShouldSelectAsync(page, 5);
        await page.PressAsync("PageUp");
        await ShouldSelectAsync(page, 0);
        await page.PressAsync("PageDown");
        await ShouldSelectAsync(page, 5);
        await page.PressAsync("Home", "Space");
        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(1);
        await page.PressAsync("0");
        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(6);
        await page.PressAsync("End", "e");
        await ShouldSelectAsync(page, 2);
        await page.PressAsync("Home", "Shift+E");
        await ShouldSelectAsync(page, 2);
        await page.PressAsync("Home", "ArrowLeft", "1");
        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(6);
    }

    [BrowserFact]
    public async Task Finding_marks_hits_and_steps_through_them()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        await page.PressAsync("/");
        await page.Page.Keyboard.TypeAsync("lookup");
        (await page["#found"].InnerTextAsync()).ShouldBe("2 found");
        (await page["#tree .hit:visible"].CountAsync()).ShouldBe(2);
        page.Page.Url.ShouldContain("find=lookup");
        await page.PressAsync("Escape", "Home", "n");
        await ShouldSelectAsync(page, 2);
        await page.PressAsync("n");
        await ShouldSelectAsync(page, 3);
        await page.PressAsync("Shift+N");
        await ShouldSelectAsync(page, 2);
        await page.PressAsync("/", "Enter");
        await ShouldSelectAsync(page, 3);
    }

    [BrowserFact]
    public async Task Tabs_show_the_parts_of_a_span_and_are_in_the_address()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        await page.PressAsync("End");
        await page.UntilAsync("document.querySelector('#span h2')?.innerText.includes('chat')");
        (await page["[role=tab][aria-selected=true]"].InnerTextAsync()).ShouldStartWith("Messages");
        string messages = await page["#tab-body"].InnerTextAsync();
        messages.ShouldContain("Where is order 4711?");
        messages.ShouldContain("lookup_order");
        (await page["#tab-body .answer, #tab-body strong"].First.InnerTextAsync()).ShouldBe("4711");
        await page["#tab-body .call summary"].ClickAsync();
        (await page["#tab-body .call .inside"].InnerTextAsync()).ShouldContain("shipped");
        await page["#tab-body .thought summary"].ClickAsync();
        (await page["#tab-body .thought .inside"].InnerTextAsync()).ShouldContain("I need its state first.");

        await page.PressAsync("]");
        (await page["[role=tab][aria-selected=true]"].InnerTextAsync()).ShouldStartWith("Attributes");
        (await page["#tab-body"].InnerTextAsync()).ShouldContain("gen_ai.usage.input_tokens");
        page.Page.Url.ShouldContain("tab=attributes");
        await page.PressAsync("]");
        (await page["#tab-body"].InnerTextAsync()).ShouldContain("\"chat gpt-5.4\"");
        await page.PressAsync("[", "[");
        (await page["[role=tab][aria-selected=true]"].InnerTextAsync()).ShouldStartWith("Messages");
        await page.PressAsync("Enter");
        (await page.Page.EvaluateAsync<string>("document.activeElement.id")).ShouldBe("tab-body");

        await page["#tree [role=treeitem][data-kind=RETRIEVER]:visible"].ClickAsync();
        await page["[role=tab]:has-text('Documents')"].ClickAsync();
        (await page["#tab-body"].InnerTextAsync()).ShouldContain("Parcels arrive within three working days.");
    }

    [BrowserFact]
    public async Task A_stack_is_one_key_away()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        await page.PressAsync("x");
        (await page["#span .stack .inside"].InnerTextAsync()).ShouldContain("at Shop.Orders.LookUp(String id)");
    }

    [BrowserFact]
    public async Task Question_mark_lists_the_keys()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        await page.PressAsync("?");
        string keys = await page["dialog"].InnerTextAsync();
        keys.ShouldContain("next error");
        keys.ShouldContain("compare with the previous trace of this name");
        await page.PressAsync("Escape");
        (await page["dialog"].CountAsync()).ShouldBe(0);
    }

    [BrowserFact]
    public async Task A_score_is_given_by_keyboard_and_shown()
    {
        await using OpenPage page = await pages.OpenTurnAsync();

        await page.PressAsync("s");
        await page.UntilAsync("document.activeElement.id === 'score-value'");
        await page.Page.Keyboard.TypeAsync("0.75");
        await page.PressAsync("Enter");
        await page.UntilAsync("document.querySelector('#outcome').innerText.includes('quality 0.75')");
    }

    [BrowserFact]
    public async Task A_trace_that_is_not_there_says_why()
    {
        await using OpenPage page = await pages.OpenAsync("/traces/00000000000000000000000000000001");
        page.MayMiss = true;
        await page.UntilAsync("document.querySelector('#outcome .notice')?.innerText.includes('not here')");
    }

    private static Task ShouldSelectAsync(OpenPage page, int place) =>
        page.UntilAsync("place => document.querySelector('#tree [aria-selected=true]')?.dataset.place === String(place)", place);
}

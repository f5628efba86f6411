using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

public sealed class TracePageTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    private const string Selected = "#tree [aria-selected=true]";

    [BrowserFact]
    public async Task A_trace_says_in_one_sentence_what_happened_and_selects_the_failure()
    {
        await using OpenPage page = await OpenTurnAsync();

        (await page["h1"].InnerTextAsync()).ShouldContain("Failed in lookup_order: TimeoutException after 47 ms, retried, recovered");
        (await page[Selected].InnerTextAsync()).ShouldContain("lookup_order");
        (await page["#span .error-box"].InnerTextAsync()).ShouldContain("The warehouse did not answer within 47 ms.");
        page.Page.Url.ShouldContain("span=");
    }

    [BrowserFact]
    public async Task Rows_tell_kind_tokens_cost_time_and_where_an_error_lies()
    {
        await using OpenPage page = await OpenTurnAsync();

        (await page["#tree [role=treeitem]:visible"].CountAsync()).ShouldBe(6);
        ILocator root = page["#tree [role=treeitem][aria-level='1']"];
        (await root.GetAttributeAsync("class"))!.ShouldContain("leads-to-error");
        (await root.GetAttributeAsync("aria-expanded")).ShouldBe("true");
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
        await using OpenPage page = await OpenTurnAsync();

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
        await using OpenPage page = await OpenTurnAsync();

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
        await using OpenPage page = await OpenTurnAsync();

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
        await using OpenPage page = await OpenTurnAsync();

        await page.PressAsync("x");
        (await page["#span .stack .inside"].InnerTextAsync()).ShouldContain("at Shop.Orders.LookUp(String id)");
    }

    [BrowserFact]
    public async Task Question_mark_lists_the_keys()
    {
        await using OpenPage page = await OpenTurnAsync();

        await page.PressAsync("?");
        string keys = await page["dialog"].InnerTextAsync();
        keys.ShouldContain("next error");
        keys.ShouldContain("compare with the previous trace of this name");
        await page.PressAsync("Escape");
        (await page["dialog"].CountAsync()).ShouldBe(0);
    }

    [BrowserFact]
    public async Task A_span_is_copied_as_Markdown_JSON_OTLP_curl_and_a_test()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        await using OpenPage page = await OpenTurnAsync();
        await page.PressAsync("End");
        await page.UntilAsync("document.querySelector('#span h2')?.innerText.includes('chat')");

        (await CopyAsync(page, "m")).ShouldContain("Your order **4711** was shipped");
        string json = await CopyAsync(page, "j");
        System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("model").GetString().ShouldBe("gpt-5.4");
        string curl = await CopyAsync(page, "u");
        curl.ShouldStartWith("curl https://api.openai.com/v1/chat/completions");
        curl.ShouldContain("\"tool_call_id\": \"call_1\"");
        string test = await CopyAsync(page, "t");
        test.ShouldContain("public async Task order_agent_does_what_it_did()");
        test.ShouldContain("Where is order 4711?");
        test.ShouldContain("TOOL lookup_order error:*TimeoutException");
        test.ShouldContain("trace.Tools.Exactly(\"lookup_order\", \"lookup_order\");");
        test.ShouldContain("modelCalls: 2, toolCalls: 2");
        Compiler.Errors(test).ShouldBeEmpty();
        string otlp = await CopyAsync(page, "o");
        otlp.ShouldContain("\"resourceSpans\"");
        (await CopyAsync(page, "a")).ShouldBe(page.Page.Url);
    }

    [BrowserFact]
    public async Task A_request_by_curl_has_the_pictures_and_the_tools_of_the_call()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        const string Input = """
            [{"role":"user","parts":[{"type":"text","content":"What's this?"},{"type":"blob","mime_type":"image/png","content":"iVBORw0KGgo="}]}]
            """;
        const string Tools = """[{"type":"function","name":"look_up","description":"Looks up","parameters":{"type":"object"}}]""";
        foreach ((string provider, string picture, string tool) in (
            (string, string, string)[])
            [
                ("openai", "{ url: 'data:image/png;base64,iVBORw0KGgo=' }", "function"),
                ("anthropic", "{ type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' }", "input_schema"),
            ])
        {
            Otlp trace = new();
            trace.Add("chat", null, 0, 10, null, null, ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", provider),
                ("gen_ai.request.model", "m"), ("gen_ai.input.messages", Input), ("gen_ai.tool.definitions", Tools));
            await pages.Viewer.SendAsync(trace);
            await using OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
            await page.UntilAsync("document.querySelector('#tab-body .message')");

            string curl = await CopyAsync(page, "u");
            curl.ShouldContain($"api.{provider}.com");
            string body = curl[curl.IndexOf('{', StringComparison.Ordinal)..^1].Replace("'\\''", "'", StringComparison.Ordinal);
            (await page.Page.EvaluateAsync<bool>($$"""
                body => {
                  const { messages, tools } = JSON.parse(body);
                  const [text, picture] = messages[0].content;
                  return text.text === "What's this?" && JSON.stringify(picture.image_url ?? picture.source) === JSON.stringify({{picture}}) && '{{tool}}' in tools[0];
                }
                """, body)).ShouldBeTrue(curl);
        }
    }

    [BrowserFact]
    public async Task A_trace_is_exported_as_a_file()
    {
        await using OpenPage page = await OpenTurnAsync();
        await page.PressAsync("c");
        await page.UntilAsync("document.querySelector('dialog[open]')");

        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => page.PressAsync("f"));
        download.SuggestedFilename.ShouldEndWith(".jsonl");
        string text = await File.ReadAllTextAsync((await download.PathAsync())!);
        text.ShouldContain("\"resourceSpans\"");
        text.ShouldContain("Where is order 4711?");
    }

    [BrowserFact]
    public async Task A_test_compiles_whatever_the_names_and_texts_are()
    {
        const string Odd = "a \"\"\"quoted\"\"\" {name} \\ 7 × model:x \u2028 \t ✓";
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        Otlp trace = new();
        string root = trace.Add(Odd, null, 0, 100, null, null, ("pandaprobe.span.kind", "AGENT"));
        trace.AddCall(root, 1, 2, [Otlp.Message("user", Otlp.Text($"{Odd}\n\"\"\"\"\r\n    {Odd}"))], [], model: Odd);
        trace.AddTool(Odd, root, 3, 4, """{"text":"\"\"\""}""", Odd, "call", Odd);
        await pages.Viewer.SendAsync(trace);
        await using OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#span .error-box')");

        Compiler.Errors(await CopyAsync(page, "t")).ShouldBeEmpty();
        await page.PressAsync("Home", "ArrowDown");
        await page.UntilAsync("document.querySelector('#span h2')?.innerText.includes('chat')");
        Compiler.Errors(await CopyAsync(page, "t")).ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_score_is_given_by_keyboard_and_shown()
    {
        await using OpenPage page = await OpenTurnAsync();

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

    private static async Task<string> CopyAsync(OpenPage page, string key)
    {
        await page.Page.EvaluateAsync("navigator.clipboard.writeText('')");
        await page.PressAsync("c");
        await page.UntilAsync("document.querySelector('dialog[open]')");
        await page.PressAsync(key);
        await page.UntilAsync("navigator.clipboard.readText().then(text => text !== '')");
        return await page.CopiedAsync();
    }

    private static Task ShouldSelectAsync(OpenPage page, int place) =>
        page.UntilAsync("place => document.querySelector('#tree [aria-selected=true]')?.dataset.place === String(place)", place);

    private async Task<OpenPage> OpenTurnAsync()
    {
        Otlp trace = Samples.Turn($"session-{Guid.NewGuid():N}");
        await pages.Viewer.SendAsync(trace);
        OpenPage page = await pages.OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#span .error-box')");
        return page;
    }
}

using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>A span and its trace in the forms that somebody else can use.</summary>
public sealed class CopyTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task A_span_is_copied_as_Markdown_JSON_OTLP_curl_and_a_test()
    {
        using IDisposable turn = await PagesFixture.ClipboardAsync();
        await using OpenPage page = await pages.OpenTurnAsync();
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
        await using OpenPage page = await pages.OpenTurnAsync();
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

    private static async Task<string> CopyAsync(OpenPage page, string key)
    {
        await page.Page.EvaluateAsync("navigator.clipboard.writeText('')");
        await page.PressAsync("c");
        await page.UntilAsync("document.querySelector('dialog[open]')");
        await page.PressAsync(key);
        await page.UntilAsync("navigator.clipboard.readText().then(text => text !== '')");
        return await page.CopiedAsync();
    }
}

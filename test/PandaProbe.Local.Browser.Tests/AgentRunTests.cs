namespace PandaProbe.Local.Browser.Tests;

/// <summary>The Quickstart runs as a program of its own, and the pages show it as it goes.</summary>
public sealed class AgentRunTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task Conversations_of_a_running_agent_appear_on_open_pages()
    {
        await using Viewer viewer = await Viewer.StartAsync();
        await using OpenPage list = await OpenPage.OpenAsync(pages.Context, new Uri(viewer.Address, "/?follow=1"));
        await list.UntilAsync("document.querySelector('.connection').dataset.state === 'live'");
        await list.Page.EvaluateAsync("window.sameDocument = true");

        await ExampleRun.RunAsync("Quickstart", viewer.Address);
        await list.UntilAsync("document.querySelector('.item .answered')");
        string session = (await list[".item[href^='/sessions/']"].First.GetAttributeAsync("href"))!;
        await using OpenPage conversation = await OpenPage.OpenAsync(pages.Context, new Uri(viewer.Address, session));
        await conversation.UntilAsync("document.querySelector('.turn') && document.querySelector('.connection').dataset.state === 'live'");
        int turns = await conversation[".turn"].CountAsync();
        await conversation.Page.EvaluateAsync("window.sameDocument = true");

        await ExampleRun.RunAsync("Quickstart", viewer.Address);
        await conversation.UntilAsync("turns => document.querySelectorAll('.turn').length === 2 * turns", turns);
        foreach (OpenPage page in (OpenPage[])[list, conversation])
            (await page.Page.EvaluateAsync<bool>("window.sameDocument")).ShouldBeTrue();
    }
}

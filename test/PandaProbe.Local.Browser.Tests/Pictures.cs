using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Takes pictures of all pages, light and dark, from the traces of the examples. <c>pictures.sh</c> runs it.</summary>
public sealed class Pictures
{
    private const string Variable = "PANDAPROBE_PICTURES";

    private static readonly string[] Examples = ["Quickstart", "Decorators", "MultiTurnSession", "Streaming", "Quickstart"];

    private static readonly (string Suffix, ColorScheme Scheme, int Width)[] Forms =
        [("light", ColorScheme.Light, 1280), ("dark", ColorScheme.Dark, 1280), ("phone", ColorScheme.Light, 400)];

    [PictureFact]
    public async Task All_pages_are_drawn_light_and_dark()
    {
        string directory = Directory.CreateDirectory(Environment.GetEnvironmentVariable(Variable)!).FullName;
        PagesFixture pages = new();
        await pages.InitializeAsync();
        try
        {
            await DrawAsync(pages, "empty", "/", "h1", directory);
            foreach (string example in Examples)
            {
                await ExampleRun.RunAsync(example, pages.Viewer.Address);
            }

            (string a, string b) = await TurnsAsync(pages.Viewer.Address);
            await DrawAsync(pages, "live", "/", ".item", directory);
            await DrawAsync(pages, "conversation", "/sessions/conversation-1041", ".turn", directory);
            await DrawAsync(pages, "trace", $"/traces/{b}", "#span h2", directory);
            await DrawAsync(pages, "trace-messages", $"/traces/{b}", "#span h2", directory, "End");
            await DrawAsync(pages, "compare", $"/compare?a={a}&b={b}", ".aligned .chosen", directory);
            await DrawAsync(pages, "search", "/search?q=order", ".hit-item", directory);
            await DrawAsync(pages, "keys", $"/traces/{b}", "#span h2", directory, "?");
            foreach ((string suffix, ColorScheme scheme, int width) in Forms)
            {
                await using OpenPage page = await EvaluationReportTests.OpenAsync(pages, scheme, width);
                await page.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"evaluation-{suffix}.png"), FullPage = true });
            }
        }
        finally
        {
            await pages.DisposeAsync();
        }
    }

    private static async Task DrawAsync(PagesFixture pages, string name, string path, string ready, string directory, params string[] keys)
    {
        foreach ((string suffix, ColorScheme scheme, int width) in Forms)
        {
            await using OpenPage page = await pages.OpenAsync(path, scheme, width, height: width < 1000 ? 800 : 720);
            await page.UntilAsync("ready => document.querySelector(ready) !== null", ready);
            await page.PressAsync(keys);
            // Markdown and the contents of a span come by requests of their own.
            await page.Page.WaitForLoadStateAsync(LoadState.DOMContentLoaded);
            await Task.Delay(600);
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"{name}-{suffix}.png") });
        }
    }

    /// <summary>The first and the last turn of the Quickstart that failed and recovered.</summary>
    private static async Task<(string First, string Last)> TurnsAsync(Uri viewer)
    {
        using HttpClient client = new();
        using var answer = System.Text.Json.JsonDocument.Parse(
            await client.GetStringAsync(new Uri(viewer, "/api/traces?name=support-turn&errors=1&order=asc")));
        string[] ids = [.. answer.RootElement.GetProperty("items").EnumerateArray()
            .Select(static item => item.GetProperty("id").GetString()!)];
        return (ids[0], ids[^1]);
    }

    private sealed class PictureFactAttribute : BrowserFactAttribute
    {
        public PictureFactAttribute()
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
            {
                Skip ??= $"Set {Variable} to a directory to run it.";
            }
        }
    }
}

using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>
/// Takes pictures of all pages, light and dark, from the traces of the examples and of <see cref="TripAgent"/>. <c>pictures.sh</c> runs it.
/// </summary>
public sealed class Pictures
{
    private const string Variable = "PANDAPROBE_PICTURES";

    private static readonly string[] Examples = ["Quickstart", "Decorators", "MultiTurnSession", "Streaming", "Quickstart"];

    private static readonly (int Width, int Height)[] Sizes = [(400, 860), (1280, 720), (2560, 1440), (3840, 2160)];

    private static readonly (string Name, ColorScheme Scheme, int Width)[] Reports =
        [("light", ColorScheme.Light, 1280), ("dark", ColorScheme.Dark, 1280), ("phone", ColorScheme.Light, 400)];

    [PictureFact]
    public async Task All_pages_are_drawn_light_and_dark_from_a_phone_to_4K()
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

            // The SDK finds the viewer by its directory.
            Environment.SetEnvironmentVariable("PANDAPROBE_LOCAL_DIRECTORY", pages.Viewer.Store);
            Probe.Configure(static options => options.Export = ProbeExport.Local);
            using IDisposable running = await new TripAgent("trip-2026-031", TripAgent.Beach()).TalkAsync();
            Probe.Flush().ShouldBeTrue();
            string[] support = await TracesAsync(pages.Viewer.Address, "name=support-turn&errors=1");
            string[] trip = await TracesAsync(pages.Viewer.Address, "name=trip-turn");
            (string Name, string Path, string Ready, string[] Keys)[] all =
            [
                ("live", "/", ".item", []),
                ("conversation", "/sessions/trip-2026-031", ".turn .answer strong", []),
                ("trace", $"/traces/{trip[0]}", "#span .error-box", []),
                ("trace-messages", $"/traces/{trip[0]}", "#span h2", ["End"]),
                ("trace-running", $"/traces/{trip[^1]}", "#span h2", []),
                ("compare", $"/compare?a={support[0]}&b={support[^1]}", ".aligned .chosen", []),
                ("compare-texts", $"/compare?a={trip[0]}&b={trip[1]}", ".aligned .chosen", ["n"]),
                ("search", "/search?q=flight", ".hit-item", []),
                ("keys", $"/traces/{trip[0]}", "#span h2", ["?"]),
            ];
            foreach ((string name, string path, string ready, string[] keys) in all)
            {
                await DrawAsync(pages, name, path, ready, directory, keys);
            }

            foreach ((string name, ColorScheme scheme, int width) in Reports)
            {
                await using OpenPage page = await EvaluationReportTests.OpenAsync(pages, scheme, width);
                await page.Page.ScreenshotAsync(new() { Path = Path.Combine(directory, $"evaluation-{name}.png"), FullPage = true });
            }
        }
        finally
        {
            await pages.DisposeAsync();
        }
    }

    private static async Task DrawAsync(PagesFixture pages, string name, string path, string ready, string directory, params string[] keys)
    {
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            foreach ((int width, int height) in Sizes)
            {
                await using OpenPage page = await pages.OpenAsync(path, scheme, width, height);
                await page.UntilAsync("ready => document.querySelector(ready) !== null", ready);
                await page.PressAsync(keys);
                // Markdown and the contents of a span come by requests of their own.
                await Task.Delay(600);
                await page.Page.ScreenshotAsync(
                    new() { Path = Path.Combine(directory, $"{name}-{width}-{scheme}.png".ToLowerInvariant()) });
            }
        }
    }

    /// <summary>The ids of traces, the oldest first.</summary>
    private static async Task<string[]> TracesAsync(Uri viewer, string query)
    {
        using HttpClient client = new();
        using var answer = System.Text.Json.JsonDocument.Parse(
            await client.GetStringAsync(new Uri(viewer, $"/api/traces?order=asc&{query}")));
        return [.. answer.RootElement.GetProperty("items").EnumerateArray().Select(static item => item.GetProperty("id").GetString()!)];
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

using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>
/// One browser and one viewer for the classes that run at the same time: the first one starts them, the last one ends them. Each class has
/// a browser context, and with it a cache and connections; each test opens pages of its own and sends traces of its own.
/// </summary>
public sealed class PagesFixture : IAsyncLifetime
{
    /// <summary>
    /// Containers run as root, and have a small /dev/shm. The popups of the address bar are pages of their own in each window that is
    /// opened, and take more time than the page under test.
    /// </summary>
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-features=WebUIOmniboxAimPopup,WebUIOmniboxPopup"];

    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly SemaphoreSlim OneClipboard = new(1);
    private static int _users;
    private static IPlaywright? _playwright;
    private static IBrowser? _browser;
    private static Viewer? _viewer;

    private IBrowserContext? _context;

    /// <summary>The context of this class.</summary>
    internal IBrowserContext Context => _context!;

    internal Viewer Viewer => _viewer!;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Executable is not { } executable)
            return;

        await Gate.WaitAsync();
        try
        {
            if (_users++ == 0)
                await StartAsync(executable);
        }
        finally
        {
            Gate.Release();
        }

        _context = await _browser!.NewContextAsync(new() { Permissions = ["clipboard-read", "clipboard-write"] });
    }

    public async Task DisposeAsync()
    {
        if (BrowserFactAttribute.Executable is null)
            return;

        await _context!.CloseAsync();
        await Gate.WaitAsync();
        try
        {
            if (--_users > 0)
                return;

            await _browser!.CloseAsync();
            _playwright!.Dispose();
            await _viewer!.DisposeAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>Opens a page of the viewer.</summary>
    internal Task<OpenPage> OpenAsync(
        string path, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900,
        ReducedMotion motion = ReducedMotion.Reduce) =>
            OpenPage.OpenAsync(Context, new Uri(Viewer.Address, path), scheme, width, height, motion);

    /// <summary>Opens a trace of its own: a turn whose first tool call failed, which is the span that is selected.</summary>
    internal async Task<OpenPage> OpenTurnAsync()
    {
        Otlp trace = Samples.Turn($"session-{Guid.NewGuid():N}");
        await Viewer.SendAsync(trace);
        OpenPage page = await OpenAsync($"/traces/{trace.TraceId}");
        await page.UntilAsync("document.querySelector('#span .error-box')");
        return page;
    }

    /// <summary>Waits until no other test copies: all pages of a browser have one clipboard.</summary>
    internal static async Task<IDisposable> ClipboardAsync()
    {
        await OneClipboard.WaitAsync();
        return new Turn();
    }

    private static async Task StartAsync(string executable)
    {
        Task<Viewer> starting = Viewer.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = Arguments });
        _viewer = await starting;
    }

    private sealed class Turn : IDisposable
    {
        public void Dispose() => OneClipboard.Release();
    }
}

/// <summary>What is measured runs when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

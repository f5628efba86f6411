using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>One browser and one viewer for all tests of a collection. Each test sends traces of its own.</summary>
public sealed class PagesFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;

    internal IBrowser Browser { get; private set; } = null!;

    internal Viewer Viewer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (BrowserFactAttribute.Executable is not { } executable)
        {
            return;
        }

        Task<Viewer> starting = Viewer.StartAsync();
        _playwright = await Playwright.CreateAsync();
        // Containers run as root, and have a small /dev/shm.
        Browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = executable, Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"] });
        Viewer = await starting;
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.CloseAsync();
        }

        _playwright?.Dispose();
        if (Viewer is not null)
        {
            await Viewer.DisposeAsync();
        }
    }

    /// <summary>Opens a page of the viewer.</summary>
    internal Task<OpenPage> OpenAsync(string path, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900) =>
        OpenPage.OpenAsync(Browser, new Uri(Viewer.Address, path), scheme, width, height);
}

/// <summary>
/// The tests run side by side in two halves of about the same length: while one page waits for the viewer, the other has the processor. A
/// browser for every class would take longer to start than its tests take.
/// </summary>
[CollectionDefinition(Name)]
public sealed class PagesCollection : ICollectionFixture<PagesFixture>
{
    public const string Name = "pages";
}

/// <summary>The other half.</summary>
[CollectionDefinition(Name)]
public sealed class OtherPagesCollection : ICollectionFixture<PagesFixture>
{
    public const string Name = "other pages";
}

using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>
/// A page of the viewer. Whatever it does, it must not break the content policy, log an error or show a dialog: each of them is
/// remembered, and fails the test at its end.
/// </summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly List<string> _problems = [];

    private OpenPage(IPage page)
    {
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Gets or sets whether requests may fail, because the test ends the viewer.</summary>
    public bool MayLoseConnection { get; set; }

    /// <summary>Gets or sets whether an answer may be 404, because the test asks for what is not there.</summary>
    public bool MayMiss { get; set; }

    /// <summary>Opens an address, over a network whose answers take a while if <paramref name="latency"/> says so.</summary>
    public static async Task<OpenPage> OpenAsync(
        IBrowserContext context, Uri address, ColorScheme scheme = ColorScheme.Light, int width = 1440, int height = 900,
        ReducedMotion motion = ReducedMotion.Reduce, int latency = 0)
    {
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(10_000);
        await page.EmulateMediaAsync(new() { ColorScheme = scheme, ReducedMotion = motion });
        await page.SetViewportSizeAsync(width, height);
        OpenPage open = new(page);
        await page.ExposeFunctionAsync("reportViolation", (string what) => open.Add($"policy: {what}"));
        await page.AddInitScriptAsync("""
            document.addEventListener('securitypolicyviolation', event => window.reportViolation(event.violatedDirective + ' ' + event.blockedURI));
            """);
        page.Console += (_, message) => open.AddError(message);
        page.PageError += (_, error) => open.Add($"exception: {error}");
        page.Dialog += (_, dialog) => open.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) => open.Check(request, address);
        if (latency > 0)
        {
            ICDPSession session = await context.NewCDPSessionAsync(page);
            await session.SendAsync("Network.enable");
            await session.SendAsync("Network.emulateNetworkConditions", new()
            {
                ["offline"] = false,
                ["latency"] = latency,
                ["downloadThroughput"] = -1,
                ["uploadThroughput"] = -1,
            });
        }

        await page.GotoAsync(address.ToString(), new() { WaitUntil = latency > 0 ? WaitUntilState.Commit : WaitUntilState.Load });
        return open;
    }

    public ILocator this[string selector] => Page.Locator(selector);

    public async Task PressAsync(params string[] keys)
    {
        foreach (string key in keys)
        {
            await Page.Keyboard.PressAsync(key);
        }
    }

    /// <summary>
    /// Waits until an expression is true in the page. Playwright's own way evaluates texts in the page, which the policy forbids.
    /// </summary>
    public async Task UntilAsync(string expression, object? argument = null)
    {
        long start = Environment.TickCount64;
        while (!await HoldsAsync(expression, argument))
        {
            (Environment.TickCount64 - start).ShouldBeLessThan(30_000, $"This did not become true: {expression}");
            await Task.Delay(15);
        }
    }

    public Task<string> CopiedAsync() => Page.EvaluateAsync<string>("navigator.clipboard.readText()");

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        lock (_problems)
        {
            _problems.Where(problem => !MayMiss || !problem.Contains("404", StringComparison.Ordinal)).ShouldBeEmpty();
        }
    }

    private async Task<bool> HoldsAsync(string expression, object? argument)
    {
        // As a function, the expression is evaluated by the debugger and not by the page.
        string function = argument is null ? $"() => Promise.resolve({expression}).then(Boolean)" : expression;
        try
        {
            return await Page.EvaluateAsync<bool>(function, argument);
        }
        catch (PlaywrightException exception) when (exception.Message.Contains("context was destroyed", StringComparison.Ordinal))
        {
            // The page is on its way to another address.
            return false;
        }
    }

    private void AddError(IConsoleMessage message)
    {
        bool isLost = MayLoseConnection && message.Text.Contains("ERR_", StringComparison.Ordinal);
        if (message.Type == "error" && !isLost)
        {
            Add($"console: {message.Text}");
        }
    }

    private void Check(IRequest request, Uri address)
    {
        if (!request.Url.StartsWith(address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            && !request.Url.StartsWith("data:", StringComparison.Ordinal))
        {
            Add($"request to another host: {request.Url}");
        }
    }

    private void Add(string problem)
    {
        lock (_problems)
        {
            _problems.Add(problem);
        }
    }
}

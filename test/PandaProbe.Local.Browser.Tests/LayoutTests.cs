using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Widths from a phone to 4K, movement for those who want it, and what the pages load.</summary>
public sealed class LayoutTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    /// <summary>
    /// Lists what reaches beyond the box that holds it. The page need not be wider for that: what is out of sight may be cut off.
    /// </summary>
    private const string CutOff = """
        () => [...document.querySelectorAll('#outcome, .turn, .message, .item, .hit-item, .change, .group, .strip, .span-head, .span-pane')].flatMap(box => {
          const right = box.getBoundingClientRect().right + 1;
          const scrolls = element => getComputedStyle(element).overflowX !== 'visible';
          return [...box.querySelectorAll('*')].filter(element => {
            if (!element.checkVisibility() || element.closest('.unseen') || element.getBoundingClientRect().right <= right) return false;
            for (let at = element.parentElement; at !== box; at = at.parentElement) if (scrolls(at)) return false;
            return true;
          }).map(element => element.outerHTML.slice(0, 100));
        }).slice(0, 3)
        """;

    private static readonly int[] Widths = [400, 600, 768, 1024, 1440, 2560, 3840];

    [BrowserFact]
    public async Task No_page_is_wider_than_the_window()
    {
        string session = $"wide-{Guid.NewGuid():N}";
        string longName = string.Concat(Enumerable.Repeat("averylongwordwithoutablank", 12));
        Otlp before = Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-2));
        Otlp after = Samples.Turn(session, 2, longName, model: longName);
        await pages.Viewer.SendAsync(before);
        await pages.Viewer.SendAsync(after);
        (string Path, string Ready)[] all =
        [
            ("/", ".item"), ($"/sessions/{session}", ".turn .answer strong"), ($"/traces/{after.TraceId}", "#span .error-box"),
            ($"/compare?a={before.TraceId}&b={after.TraceId}", ".aligned .chosen"), ($"/search?q={longName}", ".hit-item"),
        ];
        List<string> wide = [];
        foreach ((string path, string ready) in all)
        {
            await using OpenPage page = await pages.OpenAsync(path);
            await page.UntilAsync("ready => document.querySelector(ready) !== null", ready);
            foreach (int width in Widths)
            {
                await page.Page.SetViewportSizeAsync(width, 900);
                int found = await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
                if (found > width)
                    wide.Add($"{path} needs {found} of {width} pixels");
                wide.AddRange((await page.Page.EvaluateAsync<string[]>(CutOff)).Select(element => $"{path} at {width} cuts off {element}"));
            }
        }

        wide.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task Nothing_moves_for_a_reader_who_asked_for_that()
    {
        const string Moving =
            "document.getAnimations().filter(one => one.playState === 'running' && one.effect.getTiming().duration > 0).length";
        Otlp running = new(DateTimeOffset.UtcNow);
        running.Add("moves", null, 0, null, null, null, ("pandaprobe.span.kind", "AGENT"));
        await pages.Viewer.SendAsync(running);

        foreach ((ReducedMotion motion, bool moves) in (
            (ReducedMotion, bool)[])[(ReducedMotion.NoPreference, true), (ReducedMotion.Reduce, false)])
        {
            await using OpenPage page = await pages.OpenAsync($"/traces/{running.TraceId}", motion: motion);
            await page.UntilAsync("document.querySelector('.outcome-text.running')");
            (await page.Page.EvaluateAsync<int>(Moving) > 0).ShouldBe(moves, $"{motion}");
        }
    }

    /// <summary>A module that is found only when another one has arrived costs a round trip.</summary>
    [BrowserFact]
    public async Task Pages_name_all_their_modules_at_once()
    {
        foreach (string path in (string[])["/", "/sessions/none", "/traces/00000000000000000000000000000001", "/compare", "/search"])
        {
            await using OpenPage page = await pages.OpenAsync(path);
            page.MayMiss = true;
            (string[] Named, string[] Loaded) scripts = (
                await page.Page.EvaluateAsync<string[]>(
                "[...document.querySelectorAll('link[rel=modulepreload], script[src]')].map(one => one.href ?? one.src).sort()"),
                await page.Page.EvaluateAsync<string[]>(
                "[...new Set(performance.getEntriesByType('resource').map(one => one.name).filter(name => name.endsWith('.js')))].sort()"));
            scripts.Loaded.Length.ShouldBeGreaterThan(5);
            scripts.Named.Select(static one => one).ShouldBe(scripts.Loaded, path);
            string[] imported = await page.Page.EvaluateAsync<string[]>("""
                async () => {
                  const seen = new Set();
                  const follow = async address => {
                    if (seen.has(address)) return;
                    seen.add(address);
                    const text = await (await fetch(address)).text();
                    await Promise.all([...text.matchAll(/^import [^;]*?"([^"]+)";/gm)].map(([, one]) => follow(new URL(one, address).href)));
                  };
                  await Promise.all([...document.scripts].map(script => follow(script.src)));
                  return [...seen].sort();
                }
                """);
            scripts.Named.ShouldBe(imported, path);
        }
    }
}

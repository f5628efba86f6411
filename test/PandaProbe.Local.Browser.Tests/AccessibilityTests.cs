using Microsoft.Playwright;

namespace PandaProbe.Local.Browser.Tests;

/// <summary>Every page, in both themes: names, roles, contrast, order of focus.</summary>
public sealed class AccessibilityTests(PagesFixture pages) : IClassFixture<PagesFixture>
{
    [BrowserFact]
    public async Task Every_page_is_readable_named_and_in_order_in_both_themes()
    {
        string session = $"access-{Guid.NewGuid():N}";
        Otlp before = Samples.Turn(session, start: DateTimeOffset.UtcNow.AddMinutes(-2));
        Otlp after = Samples.Turn(
            session, 2, "Can I send these back?\n\n| order | item |\n|---|---|\n| 4711 | **kettle** |", model: "gpt-5.4-mini");
        await pages.Viewer.SendAsync(before);
        await pages.Viewer.SendAsync(after);
        (string Path, string Ready)[] all =
        [
            ("/", ".item"),
            ($"/sessions/{session}", ".turn .user th"),
            ($"/traces/{after.TraceId}", "#span .error-box"),
            ($"/compare?a={before.TraceId}&b={after.TraceId}", ".aligned .chosen"),
            ("/search?q=refund", ".hit-item"),
        ];
        List<string> problems = [];
        foreach ((string path, string ready) in all)
        {
            await using OpenPage page = await pages.OpenAsync(path);
            await page.UntilAsync("ready => document.querySelector(ready) !== null", ready);
            foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                problems.AddRange((await page.Page.EvaluateAsync<string[]>(Checks)).Select(problem => $"{path} {scheme}: {problem}"));
            }

            problems.AddRange((await FocusAsync(page)).Select(problem => $"{path}: {problem}"));
        }

        problems.ShouldBeEmpty();
    }

    private static async Task<IEnumerable<string>> FocusAsync(OpenPage page)
    {
        await page.Page.EvaluateAsync(WatchFocus);
        // Behind the last place Tab begins again with the first.
        for (int i = 0; i < 4 && !await page.Page.EvaluateAsync<bool>("watched.isOver"); i++)
        {
            await page.PressAsync([.. Enumerable.Repeat("Tab", 15)]);
        }

        List<string> problems = [.. await page.Page.EvaluateAsync<string[]>("watched.problems")];
        if (await page.Page.EvaluateAsync<int>("watched.reached.length") < 4)
        {
            problems.Add("hardly anything can be reached by Tab");
        }

        return problems;
    }

    /// <summary>Remembers which element gets the focus, whether that shows, and whether it stands behind the one before.</summary>
    private const string WatchFocus = """
        () => {
          window.watched = { reached: [], problems: [], isOver: false };
          document.addEventListener('focusin', ({ target }) => {
            const { reached, problems } = watched;
            if (reached.includes(target)) watched.isOver = true;
            if (watched.isOver) return;
            const before = reached.at(-1);
            reached.push(target);
            const name = target.outerHTML.slice(0, 80);
            const shows = element => element && parseFloat(getComputedStyle(element).outlineWidth) > 0 && getComputedStyle(element).outlineStyle !== 'none';
            if (before && !(before.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING)) problems.push('focus goes back to ' + name);
            if (!shows(target) && !shows(target.querySelector('[aria-selected=true]'))) problems.push('focus cannot be seen on ' + name);
          });
          document.activeElement.blur();
          document.querySelector('.skip').focus();
        }
        """;

    /// <summary>Returns what is wrong with names, roles and contrast of a page.</summary>
    internal const string Checks = """
        () => {
          const problems = [];
          const say = (what, element) => problems.push(what + ': ' + element.outerHTML.slice(0, 110));
          const seen = element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) && element.getClientRects().length > 0;

          // Names and roles
          const nameOf = element => {
            const by = element.getAttribute('aria-labelledby');
            if (by) return by.split(' ').map(id => document.getElementById(id)?.textContent ?? '').join(' ').trim();
            return (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? '').trim();
          };
          for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=tab], [role=tree], [role=treeitem], [role=separator], [role=tabpanel], dialog'))
            if (seen(element) && !nameOf(element)) say('has no name', element);
          for (const image of document.querySelectorAll('img')) if (!image.hasAttribute('alt')) say('has no text', image);
          for (const item of document.querySelectorAll('[role=treeitem]:not([hidden])'))
            for (const name of ['aria-level', 'aria-posinset', 'aria-setsize', 'aria-selected']) if (!item.hasAttribute(name)) say('has no ' + name, item);
          const tree = document.querySelector('[role=tree]');
          if (tree && !document.getElementById(tree.getAttribute('aria-activedescendant'))) say('has no active row', tree);
          const ids = [...document.querySelectorAll('[id]')].filter(seen).map(element => element.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => problems.push('id twice: ' + id));
          if (document.documentElement.lang !== 'en') problems.push('no language');
          if (!document.title) problems.push('no title');
          for (const one of ['main', 'header', 'nav[aria-label]', 'h1']) if (document.querySelectorAll(one).length < 1) problems.push('no ' + one);
          if (document.querySelectorAll('h1').length !== 1) problems.push('not one h1');
          for (const table of document.querySelectorAll('table')) if (!table.querySelector('th[scope]')) say('has no headers', table);
          for (const hidden of document.querySelectorAll('[aria-hidden=true]')) if (hidden.querySelector('a[href], button, input, [tabindex="0"]')) say('hides what can be focused', hidden);

          // Contrast, computed from the colours in force
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          canvas.canvas.width = canvas.canvas.height = 1;
          const known = new Map();
          const parse = colour => {
            if (!known.has(colour)) {
              canvas.clearRect(0, 0, 1, 1);
              canvas.fillStyle = colour;
              canvas.fillRect(0, 0, 1, 1);
              const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
              known.set(colour, [r, g, b, a / 255]);
            }
            return known.get(colour);
          };
          const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const paperOf = element => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) {
              const layer = parse(getComputedStyle(at).backgroundColor);
              layers.push(layer);
              if (layer[3] === 1) break;
            }
            return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
          };
          const light = ([r, g, b]) => {
            const line = value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
            return 0.2126 * line(r) + 0.7152 * line(g) + 0.0722 * line(b);
          };
          const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          let checked = 0;
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.data.trim() || !seen(element) || element.closest('.unseen, .toast')) continue;
            const style = getComputedStyle(element);
            const paper = paperOf(element);
            const ink = over(parse(style.color), paper);
            const size = parseFloat(style.fontSize);
            const wanted = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
            const found = ratio(ink, paper);
            checked++;
            if (found < wanted) problems.push('contrast ' + found.toFixed(2) + ' of "' + texts.currentNode.data.trim().slice(0, 30) + '" in ' + element.className + ' ' + style.color + ' on ' + paper.map(Math.round));
          }
          if (checked < 15) problems.push('only ' + checked + ' texts were checked');
          return [...new Set(problems)];
        }
        """;
}

namespace PandaProbe.Testing;

/// <summary>The style of the HTML report, in the colours of the reader's system.</summary>
internal static class HtmlStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1c2024; --soft: #60646c; --line: #d9d9e0; --page: #fcfcfd; --box: #ffffff; --code: #f2f3f5;
          --good: #18794e; --goodbox: #e6f6eb; --bad: #c62a2f; --badbox: #ffebe9; --warn: #8a5300; --warnbox: #fff4d5; --bar: #5b8def; }
        @media (prefers-color-scheme: dark) { :root { --ink: #edeef0; --soft: #a1a6b0; --line: #33363d; --page: #111214; --box: #18191b;
          --code: #212327; --good: #4cc38a; --goodbox: #11291d; --bad: #ff8b8b; --badbox: #3a1517; --warn: #f1b84b; --warnbox: #33270b; --bar: #6f9df5; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 64rem; background: var(--page); color: var(--ink);
          font: 15px/1.5 system-ui, sans-serif; }
        h1 { margin: 0; font-size: 1.5rem; overflow-wrap: anywhere; }
        h2 { margin: 2rem 0 .6rem; font-size: 1.05rem; }
        p.totals { margin: .2rem 0 1.2rem; color: var(--soft); }
        .banner { padding: .6rem .9rem; border-radius: 8px; font-weight: 600; }
        .banner.good { background: var(--goodbox); color: var(--good); }
        .banner.bad { background: var(--badbox); color: var(--bad); }
        .wide { overflow-x: auto; }
        table { width: 100%; border-collapse: collapse; background: var(--box); border: 1px solid var(--line); }
        th, td { padding: .45rem .7rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        th { color: var(--soft); font-weight: 500; font-size: .85rem; }
        td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
        .scale { position: relative; width: 9rem; height: .9rem; margin-top: .3rem; background: var(--code); border-radius: 3px; }
        .scale i { position: absolute; top: .25rem; height: .4rem; background: var(--bar); opacity: .5; border-radius: 2px; }
        .scale b { position: absolute; top: 0; width: 2px; height: .9rem; background: var(--ink); }
        details { margin: .4rem 0; background: var(--box); border: 1px solid var(--line); border-radius: 8px; }
        summary { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; padding: .5rem .8rem; cursor: pointer; }
        summary::before { content: "▸"; color: var(--soft); }
        details[open] > summary::before { content: "▾"; }
        summary:focus-visible { outline: 2px solid var(--bar); outline-offset: 1px; border-radius: 8px; }
        summary .name { flex: 1 1 12rem; font-weight: 600; overflow-wrap: anywhere; }
        .chip { padding: 0 .45rem; border-radius: 4px; font-size: .85rem; font-variant-numeric: tabular-nums; background: var(--code); }
        .chip.good { background: var(--goodbox); color: var(--good); }
        .chip.bad { background: var(--badbox); color: var(--bad); }
        .chip.warn { background: var(--warnbox); color: var(--warn); }
        .facts { color: var(--soft); font-size: .85rem; white-space: nowrap; }
        .body { padding: 0 .8rem .8rem; }
        h3 { margin: .7rem 0 .2rem; font-size: .85rem; font-weight: 500; color: var(--soft); }
        pre { margin: 0; padding: .5rem .7rem; max-height: 24rem; overflow: auto; background: var(--code); border-radius: 6px;
          font: 13px/1.45 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
        @media (max-width: 40rem) {
          tr { display: flex; flex-wrap: wrap; border-bottom: 1px solid var(--line); }
          tr:has(th) { display: none; }
          td { border: 0; }
          td:empty { display: none; }
          td:first-child, td:nth-child(5) { flex: 1 0 100%; }
          td:first-child { font-weight: 600; }
          td:nth-child(4)::before { content: "Cases "; color: var(--soft); }
        }
        """;
}

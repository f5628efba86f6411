// One box for everything that was recorded, and the sums of what it found by model, tool, user and run.
import * as api from "../shared/api.js";
import { showBar } from "../shared/bar.js";
import { $, announce, fill, h, setText } from "../shared/dom.js";
import { keys } from "../shared/keys.js";
import { kindMark } from "../shared/kinds.js";
import { age, cost, count, duration, percent, plural, tokens } from "../shared/numbers.js";
import { read, write } from "../shared/state.js";
import { visible } from "../shared/text.js";
import { filtersOf, wordsOf } from "./filters.js";

const examples = ["error", "model:gpt-5*", "tool:lookup_order", "kind:RETRIEVER", "cost>0.01", "duration>2000", "user:user-abc", '"refund"'];
// What a group is made by: its title, and what is counted in it.
const groupTitles = { model: ["Models", "calls"], tool: ["Tools", "calls"], user: ["Users", "traces"], run: ["Runs", "traces"] };

const main = $("#main");
const box = h("input", { type: "search", "aria-label": "Search", placeholder: 'error model:gpt-5* tool:lookup_order cost>0.01 "refund"', spellcheck: "false", autocomplete: "off" });
const summary = h("p", { class: "faint", role: "status" });
const sumsOf = h("h2");
const groups = h("div", { class: "groups" });
const hits = h("div", { class: "list" });
const more = h("button", { class: "more", type: "button", hidden: true, onclick: () => search(true) }, "More");
let cursor = null;
let run = 0;
let chosen = -1;

showBar();
fill(main,
  h("h1", { class: "unseen" }, "Search and analytics"),
  h("form", { class: "query", role: "search", onsubmit: (event) => { event.preventDefault(); search(); } }, box, h("button", { type: "submit" }, "Search")),
  h("div", { class: "hints" }, "for example", examples.map((example) => h("button", { type: "button", onclick: () => add(example) }, example))),
  h("div", { class: "found" },
    h("section", { "aria-label": "Spans" }, h("h2", null, "Spans"), summary, hits, more),
    h("section", { "aria-label": "Sums" }, sumsOf, groups)));
box.value = read("q") ?? "";
box.focus();
let typing;
box.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(search, 150);
});
addEventListener("popstate", () => { box.value = read("q") ?? ""; search(); });

function add(term) {
  box.value = `${box.value} ${term}`.trim();
  search();
  box.focus();
}

async function search(append = false) {
  const mine = ++run;
  const query = box.value.trim();
  write({ q: query });
  // What an earlier search found does not stand below other words.
  const slow = setTimeout(() => {
    if (mine !== run) return;
    setText(summary, "Searching …");
    if (append !== true) [groups, hits].forEach((element) => fill(element));
  }, 250);
  let found;
  try {
    const filters = filtersOf(query);
    const [page, sums] = await Promise.all([api.search(query, append === true ? cursor : null), append === true ? null : api.analytics(filters)]);
    found = page;
    if (mine !== run) return;
    if (sums) showGroups(sums, filters);
  } catch (problem) {
    if (mine === run) setText(summary, problem.message);
    return;
  } finally {
    clearTimeout(slow);
  }
  cursor = found.next;
  more.hidden = cursor === null;
  if (append !== true) hits.replaceChildren();
  hits.append(...found.items.map(hitElement));
  chosen = -1;
  const all = hits.childElementCount;
  setText(summary, all === 0 && cursor === null ? "Nothing matches." : `${plural(all, "span")}${cursor === null ? "" : " and more"}${found.isComplete ? "" : ". The time ran out before all was looked at: “More” goes on."}`);
  announce(summary.textContent);
}

function hitElement(hit) {
  return h("a", { class: "hit-item", href: `/traces/${hit.trace}?span=${hit.span}` },
    h("div", { class: "line1" },
      kindMark(hit.kind),
      h("span", { class: "what" }, visible(hit.name), hit.traceName && hit.traceName !== hit.name && h("small", null, ` in ${visible(hit.traceName)}`)),
      h("span", { class: "faint num" }, age(hit.start))),
    hit.snippet !== hit.name && h("p", { dir: "auto" }, marked(hit.snippet)));
}

/** The text with the words that were looked for marked in it. */
function marked(text) {
  const words = wordsOf(box.value);
  if (words.length === 0) return visible(text);
  const pattern = new RegExp(words.map(RegExp.escape ?? escape).join("|"), "gi");
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(visible(text.slice(at, match.index)), h("mark", null, visible(match[0])));
    at = match.index + match[0].length;
  }
  return [...parts, visible(text.slice(at))];
}

const escape = (word) => word.replace(/[\^$.*+?()[\]{}|/-]/g, "\\$&");

// Words narrow the spans only: summing up what they leave would read every span.
function showGroups(sums, filters) {
  setText(sumsOf, Object.keys(filters).length > 0 ? "Sums of the traces that match the conditions" : "Sums of all traces");
  fill(groups, Object.keys(groupTitles).map((by) => sums[by]?.some((row) => row.name) && groupTable(by, sums[by])));
}

function groupTable(by, rows) {
  const [title, counted] = groupTitles[by];
  const hasTokens = rows.some((row) => row.input > 0 || row.output > 0);
  const columns = [
    [counted, (row) => count(row.calls)],
    ...(hasTokens ? [
      ["tokens", (row) => (row.input > 0 || row.output > 0 ? tokens(row.input, row.output) : "")],
      ["cost", (row) => (row.cost === null ? (row.input > 0 ? "–" : "") : cost(row.cost))],
    ] : []),
    ["errors", (row) => (row.errors > 0 ? h("span", { class: "error-text" }, percent(row.errors, row.calls)) : "0 %")],
    ["p95", (row) => duration(row.p95)],
  ];
  const measure = rows.some((row) => row.cost > 0) ? "cost" : counted;
  const size = (row) => (measure === "cost" ? row.cost ?? 0 : row.calls);
  const top = Math.max(...rows.map(size), Number.MIN_VALUE);
  const classOf = (name) => [name === "tokens" && "tokens", name === measure && "measure"].filter(Boolean).join(" ") || null;
  return h("section", { class: "group" }, h("table", null,
    h("thead", null, h("tr", null, h("th", { scope: "col" }, title), columns.map(([name]) => h("th", { scope: "col", class: classOf(name) }, name)))),
    h("tbody", null, rows.map((row) => h("tr", null,
      groupName(by, row, size(row) / top), columns.map(([name, write]) => h("td", { class: classOf(name) }, write(row))))))));
}

function groupName(by, { name }, part) {
  const share = h("span", { class: "share", "aria-hidden": "true" });
  share.style.width = `${100 * part}%`;
  return h("th", { scope: "row", title: visible(name ?? "") },
    name ? h("a", { href: `/search?q=${encodeURIComponent(`${by}:${quoted(name)}`)}` }, visible(name)) : h("span", { class: "faint" }, "none"), share);
}

const quoted = (name) => (/[\s"]/.test(name) ? `"${name.replaceAll('"', "")}"` : name);

function move(step) {
  const all = [...hits.children];
  if (all.length === 0) return;
  chosen = Math.max(0, Math.min(all.length - 1, chosen + step));
  all[chosen].focus();
}

keys("Search", [
  ["/", "to the box", () => { box.focus(); box.select(); }],
  ["ArrowDown j", "next hit", () => move(1)],
  ["ArrowUp k", "previous hit", () => move(-1)],
  ["Enter", "open the hit"],
  ["o", "more", () => !more.hidden && search(true)],
]);
box.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown") return;
  event.preventDefault();
  move(1);
});

await search();

// Two traces: what changed between them, first in their settings, then in time, tokens and cost, then word by word.
import * as api from "../shared/api.js";
import { showBar, showPath } from "../shared/bar.js";
import { $, announce, fill, h } from "../shared/dom.js";
import { keys } from "../shared/keys.js";
import { kindMark } from "../shared/kinds.js";
import { clock, cost, count, delta, duration, shortTokens } from "../shared/numbers.js";
import { read, write } from "../shared/state.js";
import { sentence, visible } from "../shared/text.js";
import { differenceOf } from "./words.js";

const main = $("#main");
let comparison;
let rows = [];
let chosen = Number(read("row") ?? 0);
const details = h("section", { "aria-label": "Differences of the chosen spans", "aria-live": "polite" });

showBar();
async function load() {
  try {
    comparison = await api.compare(read("a"), read("b"));
  } catch (problem) {
    fill(main, h("p", { class: "notice bad" }, `The traces could not be compared: ${problem.message}`));
    return;
  }
  const { a, b } = comparison;
  document.title = `${visible(a.name)}, compared – PandaProbe`;
  showPath([["compare"]]);
  fill(main,
    h("h1", null, visible(a.name) === visible(b.name) ? `${visible(a.name)}, before and after` : `${visible(a.name)} and ${visible(b.name)}`),
    h("p", { class: "soft" }, sentence(comparison.sentence)),
    h("div", { class: "sides" }, side("A", a), side("B", b)),
    sums(),
    h("div", { class: "columns" }, settings(), h("section", { "aria-label": "Spans" }, h("h2", null, "Spans"), spans(), details)));
  rows = [...main.querySelectorAll(".aligned tbody tr")];
  choose(Math.min(chosen, rows.length - 1), false);
}

const side = (letter, trace) => h("section", { "aria-label": `Trace ${letter}` },
  h("h2", null, `${letter} `, h("a", { href: `/traces/${trace.id}` }, clock(trace.start))),
  h("p", null, sentence(trace.sentence)));

const causes = /^(model|parameter|system prompt|tools)/;

/** Settings that differ: model, parameters, prompts, tools. They explain most of the rest. */
function settings() {
  const changed = comparison.changes.filter(({ what }) => causes.test(what));
  if (changed.length === 0) return h("p", { class: "faint" }, "Models, parameters, prompts and tools are the same.");
  // An agent that calls its model ten times has changed its model once.
  const groups = Map.groupBy(changed, ({ what, before, after }) => JSON.stringify([what, before, after]));
  return h("section", { class: "settings", "aria-label": "Settings" },
    h("h2", null, "What was changed"), [...groups.values()].map((same) => changeElement(same[0], same.length)));
}

const changeElement = (change, times) => h("div", { class: "change" },
  h("h3", null, visible(change.what), h("span", { class: "faint" }, ` in ${visible(change.step)}${times > 1 ? `, ${times} times` : ""}`)),
  differenceOf(change));

function sums() {
  const { a, b } = comparison;
  const rows = [
    ["Time", "duration", duration], ["Cost", "cost", cost], ["Input tokens", "input", count], ["Output tokens", "output", count],
    ["Model calls", "calls", count], ["Tool calls", "tools", count], ["Errors", "errors", count],
  ];
  const cells = rows.map(([name, field, write]) => [name, `${write(a[field])} → ${write(b[field])}`, deltaElement("dd", a[field], b[field], write)]);
  // The server knows how much earlier the first token came, on the average of the calls that say when.
  if (comparison.firstTokenDelta) cells.splice(1, 0, ["First token", null, deltaElement("dd", 0, comparison.firstTokenDelta, duration)]);
  return h("dl", { class: "strip deltas", "aria-label": "Sums of A and B" },
    cells.map(([name, both, difference]) => h("div", null, h("dt", null, name), difference, both && h("dd", { class: "both" }, both))));
}

function deltaElement(tag, before, after, write) {
  const text = delta(before, after, write);
  // A tenth more or less is noise, and no colour.
  const isNoise = text === "" || Math.abs(after - before) <= 0.1 * Math.abs(before);
  const direction = isNoise ? null : after > before ? "worse" : "better";
  return h(tag, { class: direction ?? "faint" }, direction === "worse" ? "▲ " : direction === "better" ? "▼ " : "", text);
}

function spans() {
  return h("div", { class: "wide-table" }, h("table", { class: "aligned" },
    h("thead", null, h("tr", null, ["span", "time A", "time B", "difference", "tokens A", "tokens B", "cost difference"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, comparison.rows.map((row, i) => spanRow(row, i)))));
}

function spanRow(row, i) {
  const { a, b } = row;
  const one = b ?? a;
  const indent = h("span", { class: "indent" });
  indent.style.setProperty("--depth", Math.min(row.depth, 20));
  return h("tr", { class: a && b ? null : a ? "only-a" : "only-b", onclick: () => choose(i) },
    h("th", { scope: "row" }, indent, kindMark(one.kind), !b ? " − " : !a ? " + " : " ", h("a", { href: `/traces/${(b ? comparison.b : comparison.a).id}?span=${one.id}` }, visible(one.name)),
      !b && " only in A", !a && " only in B", differs(row) && h("span", { class: "soft", title: "contents differ" }, " ≠"),
      a && b && a.isError !== b.isError && h("span", { class: "error-text" }, b.isError ? " ✕ fails now" : " failed before")),
    h("td", null, duration(a?.duration)), h("td", null, duration(b?.duration)), deltaElement("td", a?.duration, b?.duration, duration),
    h("td", null, shortTokens(a?.input, a?.output)), h("td", null, shortTokens(b?.input, b?.output)), deltaElement("td", a?.cost, b?.cost, cost));
}

function choose(index, focus = true) {
  if (index < 0 || !rows[index]) return;
  chosen = index;
  rows.forEach((row, i) => row.classList.toggle("chosen", i === index));
  if (focus) rows[index].querySelector("a").focus();
  write({ row: index });
  const found = changesOf(comparison.rows[index]);
  fill(details, h("h2", null, "Contents of the chosen span"), found.length === 0
    ? h("p", { class: "faint" }, "They are the same.")
    : found.map((change) => changeElement(change, 1)));
}

const changesOf = ({ a, b }) => (a && b ? comparison.changes.filter((change) => change.beforeId === a.id && change.afterId === b.id) : []);
const differs = (row) => changesOf(row).length > 0;
const differing = () => comparison.rows.flatMap((row, i) => (!row.a || !row.b || row.a.isError !== row.b.isError || differs(row) ? [i] : []));

keys("Comparison", [
  ["ArrowDown j", "next span", () => choose(Math.min(chosen + 1, rows.length - 1))],
  ["ArrowUp k", "previous span", () => choose(Math.max(chosen - 1, 0))],
  ["n", "next difference", () => {
    const all = differing();
    if (all.length === 0) announce("no differences");
    else choose(all.find((i) => i > chosen) ?? all[0]);
  }],
  ["a", "open A", () => location.assign(`/traces/${comparison.a.id}`)],
  ["b", "open B", () => location.assign(`/traces/${comparison.b.id}`)],
  ["w", "swap A and B", () => location.assign(`/compare?a=${read("b")}&b=${read("a")}`)],
]);

if (read("a") && read("b")) await load();
else fill(main, h("p", { class: "notice" }, "Open a trace and press d: it is compared with the previous trace of the same name. Or give two ids: /compare?a=…&b=…"));

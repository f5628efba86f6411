// Two traces: what changed between them, first in their settings, then in time, tokens and cost, then word by word.
import * as api from "../shared/api.js";
import { showBar, showPath } from "../shared/bar.js";
import { $, announce, fill, h } from "../shared/dom.js";
import { keys } from "../shared/keys.js";
import { kindMark } from "../shared/kinds.js";
import { clock, cost, count, delta, duration } from "../shared/numbers.js";
import { read, write } from "../shared/state.js";
import { visible } from "../shared/text.js";
import { wordDifference } from "./words.js";

const main = $("#main");
const writers = { time: duration, cost, number: count };
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
    comparison.summary && h("p", { class: "soft" }, visible(comparison.summary)),
    h("div", { class: "sides" }, side("A", a), side("B", b)),
    changes(),
    h("h2", null, "Sums"), sums(),
    h("h2", null, "Spans"), spans(),
    details);
  rows = [...main.querySelectorAll(".aligned tbody tr")];
  choose(Math.min(chosen, rows.length - 1), false);
}

const side = (letter, trace) => h("section", { "aria-label": `Trace ${letter}` },
  h("h2", null, `${letter} `, h("a", { href: `/traces/${trace.id}` }, clock(trace.start))),
  h("p", null, visible(trace.outcome)));

/** Settings that differ: model, parameters, prompts. They explain most of the rest. */
function changes() {
  if (comparison.changes.length === 0) return h("p", { class: "faint" }, "Models, parameters and prompts are the same.");
  return [h("h2", null, "What was changed"), comparison.changes.map((change) => h("div", { class: "change" },
    h("h3", null, visible(change.what), change.where && h("span", { class: "faint" }, ` in ${visible(change.where)}`)),
    wordDifference(change.before ?? "", change.after ?? "")))];
}

function sums() {
  return h("table", { class: "deltas" },
    h("thead", null, h("tr", null, ["", "A", "B", "difference"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, comparison.sums.map(({ name, type, before, after }) => h("tr", null,
      h("th", { scope: "row" }, name), h("td", null, writers[type](before)), h("td", null, writers[type](after)), deltaCell(before, after, writers[type])))));
}

function deltaCell(before, after, write) {
  const text = delta(before, after, write);
  const direction = before === after || text === "" ? null : after > before ? "worse" : "better";
  return h("td", { class: direction }, direction === "worse" ? "▲ " : direction === "better" ? "▼ " : "", text);
}

function spans() {
  return h("table", { class: "aligned" },
    h("thead", null, h("tr", null, ["span", "time A", "time B", "difference", "tokens A", "tokens B", "cost"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", null, comparison.rows.map((row, i) => spanRow(row, i))));
}

function spanRow(row, i) {
  const { a, b } = row;
  const one = b ?? a;
  const indent = h("span", { class: "indent" });
  indent.style.width = `${Math.min(row.depth, 20) * 14}px`;
  return h("tr", { class: a && b ? null : a ? "only-a" : "only-b", onclick: () => choose(i) },
    h("th", { scope: "row" }, indent, kindMark(one.kind), " ", h("a", { href: `/traces/${(b ? comparison.b : comparison.a).id}?span=${one.id}` }, visible(one.name)),
      !b && " − only in A", !a && " + only in B", row.differs && h("span", { class: "soft" }, " ≠"),
      a?.error !== b?.error && h("span", { class: "error-text" }, b?.error ? " ✕ fails now" : " failed before")),
    h("td", null, duration(a?.duration)), h("td", null, duration(b?.duration)), deltaCell(a?.duration, b?.duration, duration),
    h("td", null, a ? count(a.tokens) : ""), h("td", null, b ? count(b.tokens) : ""), deltaCell(a?.cost, b?.cost, cost));
}

async function choose(index, focus = true) {
  if (index < 0 || !rows[index]) return;
  chosen = index;
  rows.forEach((row, i) => row.classList.toggle("chosen", i === index));
  if (focus) rows[index].querySelector("a").focus();
  write({ row: index });
  const differences = await api.spanDifferences(comparison, comparison.rows[index]).catch(() => null);
  if (chosen !== index) return;
  fill(details, h("h2", null, "Contents"), !differences || differences.length === 0
    ? h("p", { class: "faint" }, "The contents of these spans are the same.")
    : differences.map(({ what, before, after }) => h("div", { class: "change" }, h("h3", null, what), wordDifference(before, after))));
}

const differing = () => comparison.rows.flatMap((row, i) => (row.differs || !row.a || !row.b ? [i] : []));

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

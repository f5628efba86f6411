// A row of the tree: the fold mark, kind, name, model, tokens, cost, duration and the time bar.
import { h, setText } from "../shared/dom.js";
import { kindLetters, kindName } from "../shared/kinds.js";
import { cost, duration, shortTokens } from "../shared/numbers.js";
import { visible } from "../shared/text.js";

/** Makes an empty row and returns its parts. */
export function makeRow(parent) {
  const parts = {
    fold: h("span", { class: "fold", "aria-hidden": "true" }),
    kind: h("span", { class: "kind" }),
    name: h("span", { class: "name" }),
    note: h("span", { class: "note" }),
    tokens: h("span", { class: "tokens num" }),
    cost: h("span", { class: "cost num" }),
    time: h("span", { class: "time num" }),
    line: h("span", { class: "line" }),
  };
  const bar = h("span", { class: "times" }, parts.line);
  const element = h("div", { class: "row", role: "treeitem" },
    h("span", { class: "what" }, parts.fold, parts.kind, parts.name, parts.note), parts.tokens, parts.cost, parts.time, bar);
  parent.append(element);
  return { element, ...parts };
}

/** Writes a span into a row. */
export function writeRow(row, view, index, place) {
  const { model } = view;
  const { heads } = model;
  const { element } = row;
  const failed = Boolean(heads.error[index]);
  const running = Number.isNaN(heads.end[index]);
  const end = running ? view.now : heads.end[index];

  element.id = `row-${place % 4096}`;
  element.dataset.place = place;
  element.dataset.kind = heads.kind[index];
  element.style.transform = `translateY(${place * view.rowHeight}px)`;
  element.style.setProperty("--depth", Math.min(heads.depth[index], 24));
  element.setAttribute("aria-level", heads.depth[index] + 1);
  element.setAttribute("aria-posinset", model.position[index]);
  element.setAttribute("aria-setsize", model.siblings(index));
  element.setAttribute("aria-selected", index === view.selected);
  if (model.hasChildren(index)) element.setAttribute("aria-expanded", !model.folded[index]);
  else element.removeAttribute("aria-expanded");
  element.classList.toggle("failed", failed);
  element.classList.toggle("leads-to-error", model.errorBelow[index] === 1);
  element.classList.toggle("running", running);
  element.classList.toggle("hit", view.hits.has(index));

  setText(row.fold, model.hasChildren(index) ? (model.folded[index] ? "▸" : "▾") : "");
  setText(row.kind, kindLetters(heads.kind[index]));
  row.kind.title = kindName(heads.kind[index]);
  setText(row.name, visible(heads.name[index]) || "(no name)");
  setText(row.note, noteOf(model, index, failed));
  writeUsage(row, model, index);
  setText(row.time, duration(end - heads.start[index]));
  row.time.classList.toggle("ticking", running);

  const total = Math.max(view.now - view.begin, 0.001);
  row.line.style.left = `${(100 * (heads.start[index] - view.begin)) / total}%`;
  row.line.style.width = `${Math.max(0, (100 * (end - heads.start[index])) / total)}%`;
}

/** Tokens and cost: the span's own, or those of the calls below it. */
function writeUsage(row, model, index) {
  const { input, output, cost: costs, sum } = model.heads;
  const isOwn = input[index] !== null || output[index] !== null;
  const below = isOwn ? null : model.usageBelow(index);
  const written = below ? shortTokens(below.input, below.output) : shortTokens(input[index], output[index]);
  setText(row.tokens, written && (below || sum[index]) ? `Σ ${written}` : written);
  setText(row.cost, (below?.cost ?? costs[index]) === null ? "" : cost(below?.cost ?? costs[index]));
}

/** What stands beside the name: the error, or the model, and how much is folded away. */
function noteOf(model, index, failed) {
  const { heads } = model;
  const notes = [];
  if (failed) notes.push(`✕ ${typeof heads.error[index] === "string" ? visible(heads.error[index]).replace(/^(?:\w+\.)+(?=\w)/, "") : "error"}`);
  else if (model.errorBelow[index] && model.folded[index]) notes.push("✕ error below");
  if (Number.isNaN(heads.end[index])) notes.push("running");
  if (heads.model[index]) notes.push(visible(heads.model[index]));
  if (model.folded[index]) notes.push(`${model.size[index] - 1} folded`);
  return notes.join(" · ");
}

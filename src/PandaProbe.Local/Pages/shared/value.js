// Shows a value of any size: JSON as a tree that folds, other text as it is. Long texts fold; nothing is cut without saying so.
import { h } from "./dom.js";
import { count } from "./numbers.js";
import { tryJson, visible, cut } from "./text.js";

const longText = 6000;
const block = 50_000;
const manyEntries = 100;
const shortJson = 90;

/** Shows text that may be JSON. */
export function value(text) {
  const parsed = text.length < 2_000_000 ? tryJson(text) : undefined;
  return parsed === undefined ? longPre(text) : h("div", { class: "json" }, json(parsed, 0));
}

/** Shows plain text in its own lines, and the rest of a long one on demand. */
export function longPre(text) {
  if (text.length <= longText) return h("pre", { class: "text", dir: "auto" }, visible(text));
  const holder = h("div", null, h("pre", { class: "text", dir: "auto" }, visible(cut(text, longText / 2))));
  const more = h("button", { type: "button", onclick: () => {
    const parts = [];
    for (let at = 0; at < text.length; at += block) parts.push(h("pre", { class: "text block", dir: "auto" }, visible(text.slice(at, at + block))));
    holder.replaceChildren(...parts);
  } }, `Show all ${count(text.length)} characters`);
  holder.append(more);
  return holder;
}

/** Shows a parsed value. What is short stands on one line; what is deep starts folded. */
export function json(data, depth, key) {
  const label = key === undefined ? null : [h("span", { class: "key" }, visible(String(key))), ": "];
  if (data === null || typeof data !== "object") return h("div", { class: "entry" }, label, scalar(data));

  const entries = Array.isArray(data) ? data.map((item, i) => [i, item]) : Object.entries(data);
  const [open, close] = Array.isArray(data) ? "[]" : "{}";
  const line = entries.length <= 12 ? inline(data) : null;
  if (line !== null) return h("div", { class: "entry" }, label, line);

  const details = h("details", { class: "entry", open: depth < 2 && entries.length <= manyEntries },
    h("summary", null, label, open, h("span", { class: "faint" }, ` ${count(entries.length)} `), close));
  const show = () => {
    if (details.childElementCount > 1 || !details.open) return;
    const items = h("div", { class: "entries" });
    showEntries(items, entries, 0, depth);
    details.append(items);
  };
  details.addEventListener("toggle", show);
  show();
  return details;
}

function showEntries(holder, entries, from, depth) {
  for (const [key, item] of entries.slice(from, from + manyEntries)) holder.append(json(item, depth + 1, key));
  const next = from + manyEntries;
  if (next >= entries.length) return;
  const more = h("button", { type: "button", onclick: () => { more.remove(); showEntries(holder, entries, next, depth); } },
    `${count(entries.length - next)} more`);
  holder.append(more);
}

function scalar(data) {
  if (typeof data !== "string") return h("span", { class: data === null ? "null" : typeof data }, String(data));
  if (data.length <= longText && !data.includes("\n")) return h("span", { class: "string", dir: "auto" }, `"${visible(data)}"`);
  return longPre(data);
}

function inline(data) {
  const text = JSON.stringify(data);
  if (text.length > shortJson || text.includes("\\n")) return null;
  const parts = [];
  const write = (item) => {
    if (item === null || typeof item !== "object") {
      parts.push(scalar(item));
      return;
    }
    const list = Array.isArray(item);
    parts.push(list ? "[" : "{ ");
    Object.entries(item).forEach(([key, inner], i) => {
      if (i > 0) parts.push(", ");
      if (!list) parts.push(h("span", { class: "key" }, visible(key)), ": ");
      write(inner);
    });
    parts.push(list ? "]" : " }");
  };
  write(data);
  return h("span", null, parts);
}

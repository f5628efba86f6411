// The difference of two values, as the server found it: texts word by word, JSON by path, anything else before and after.
import { h } from "../shared/dom.js";
import { visible } from "../shared/text.js";

const elements = { ADDED: "ins", REMOVED: "del" };

export function differenceOf({ words, json, before, after }) {
  if (words) return h("pre", { class: "text words", dir: "auto" }, words.map(({ change, text }) => marked(elements[change], text)));
  if (json) return h("ul", { class: "words mono" }, json.map((change) => h("li", null, `${visible(change.path) || "whole"}: `, beforeAfter(change.a, change.b))));
  return h("pre", { class: "text words", dir: "auto" }, beforeAfter(before, after));
}

const beforeAfter = (before, after) => [before !== undefined && marked("del", before), " ", after !== undefined && marked("ins", after)];

const marked = (element, text) => (element ? h(element, null, visible(text)) : visible(text));

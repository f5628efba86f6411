// Documents that a retriever found, with what it thought of them.
import { h } from "./dom.js";
import { folded } from "./messages.js";
import { visible } from "./text.js";
import { longPre, value } from "./value.js";

export const documentList = (documents) => h("ol", { class: "documents" }, documents.map(({ id, score, content, metadata }) => h("li", null,
  h("header", null, h("span", { class: "mono" }, visible(id ?? "")), score !== null && h("span", { class: "num" }, score.toFixed(3))),
  content && longPre(content),
  metadata && folded("metadata", "Metadata", () => [value(metadata)]))));

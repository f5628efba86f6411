// The kinds of spans: PandaProbe's words, and the letters that stand for them where there is little room.
import { h } from "./dom.js";

const kinds = {
  AGENT: ["AGT", "agent"],
  TOOL: ["TOOL", "tool"],
  LLM: ["LLM", "model call"],
  RETRIEVER: ["RET", "retriever"],
  CHAIN: ["CHN", "chain"],
  EMBEDDING: ["EMB", "embedding"],
  TRACE: ["TRC", "trace"],
};

export const kindLetters = (kind) => kinds[kind]?.[0] ?? "···";
export const kindName = (kind) => kinds[kind]?.[1] ?? "other";

/** A small mark that names a kind in its colour. */
export const kindMark = (kind) => h("span", { class: "kind", "data-kind": kind, title: kindName(kind) }, kindLetters(kind));

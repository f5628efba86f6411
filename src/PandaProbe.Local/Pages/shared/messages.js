// Messages to and from a model: words, thoughts, calls of tools folded with their results, pictures by their type and size.
import { h } from "./dom.js";
import { markdown } from "./markdown.js";
import { bytes, duration, plural } from "./numbers.js";
import { firstLine, visible } from "./text.js";
import { longPre, value } from "./value.js";

const foldAt = 3000;

/**
 * Shows messages in order. A tool's result stands inside the call that asked for it. Messages before the last user message are
 * history that earlier calls have shown: they fold into one line.
 */
export function messageList(messages) {
  const results = resultsByCall(messages);
  const shown = messages.filter((message) => !isOnlyResults(message, results));
  const lastUser = shown.findLastIndex((message) => message.role === "user");
  const start = shown[0]?.role === "system" ? 1 : 0;
  const earlier = lastUser - start >= 3 ? shown.slice(start, lastUser) : [];
  const write = (message) => messageElement(message, results);
  return h("div", { class: "messages" },
    shown.slice(0, start).map((message) => messageElement(message, results, true)),
    earlier.length > 0 && folded("earlier", `${plural(earlier.length, "earlier message")}`, () => earlier.map(write)),
    shown.slice(start + earlier.length).map(write));
}

function resultsByCall(messages) {
  const calls = new Set(messages.flatMap((message) => message.parts.filter((part) => part.kind === "toolCall" && part.id).map((part) => part.id)));
  return new Map(messages.flatMap((message) => message.parts)
    .filter((part) => part.kind === "toolResult" && calls.has(part.id)).map((part) => [part.id, part]));
}

const isOnlyResults = (message, results) =>
  message.parts.length > 0 && message.parts.every((part) => part.kind === "toolResult" && results.get(part.id) === part);

// Why a model stops when all is well.
const expected = /^(stop|end_turn|tool_calls?|tool_use|completed)$/i;

function messageElement(message, results, foldText = false) {
  return h("article", { class: "message", "data-role": message.role, "aria-label": `message of ${visible(message.role)}` },
    h("header", null, visible(message.role), message.name && h("span", { class: "faint" }, ` ${visible(message.name)}`)),
    h("div", { class: "content" },
      message.parts.map((part) => partElement(part, results, foldText)),
      message.finishReason && !expected.test(message.finishReason) && h("p", { class: "faint" }, `finished: ${visible(message.finishReason)}`)));
}

export function partElement(part, results = new Map(), foldText = false) {
  switch (part.kind) {
    case "text": return textElement(part.text ?? "", foldText);
    case "reasoning": return thought(part.text ?? "");
    case "toolCall": return toolCall(part, results.get(part.id));
    case "toolResult": return results.get(part.id) === part ? null : labelled("result", part.id, value(part.text ?? ""));
    case "media": return media(part);
    default: return labelled(part.name ?? "other", null, value(part.text ?? ""));
  }
}

function textElement(text, fold) {
  if (fold && text.length > 160) return folded("system", firstLine(text, 120), () => [markdown(text)]);
  if (text.length <= foldAt) return markdown(text);
  if (text.length > 100_000) return longPre(text);
  return folded("long", `${firstLine(text, 160)} (${plural(text.length, "character")})`, () => [markdown(text)]);
}

export const thought = (text) => folded("thought", text ? firstLine(text, 160) : "a thought that the provider keeps to itself", () => [markdown(text)]);

/** A call of a tool: name and arguments on one line, the result on the next, both in full when it is opened. */
export function toolCall(call, result, { ms, error, isAgain, isRunning, link } = {}) {
  const outcome = error ? `✕ ${error}` : result ? `→ ${firstLine(compact(result.text), 140)}` : isRunning ? "running …" : "no result here";
  const note = [isAgain && "tried again", Number.isFinite(ms) && duration(ms)].filter(Boolean).join(", ");
  const summary = [
    h("span", { class: "tool-name", "data-kind": "TOOL" }, visible(call.name ?? "tool")),
    h("span", { class: "arguments" }, `(${firstLine(compact(call.text), 110)})`),
    h("span", { class: error ? "outcome error-text" : "outcome" }, note && h("span", { class: "faint" }, `${note} `), outcome),
  ];
  return folded(error ? "call failed" : "call", summary, () => [
    labelled("arguments", call.id, value(call.text ?? "")),
    result !== undefined && labelled("result", null, value(result.text ?? "")),
    link && h("p", null, link),
  ]);
}

const compact = (text) => (text ?? "").slice(0, 1000).replace(/\s+/g, " ");

function media(part) {
  const what = [part.name, part.mimeType, part.size !== undefined && bytes(part.size)].filter(Boolean).map(visible).join(", ") || "a file";
  const picture = /^data:image\/(png|jpeg|gif|webp);/i.test(part.uri ?? "");
  return h("figure", { class: "media" },
    picture && h("img", { src: part.uri, alt: what }),
    h("figcaption", null, what, part.uri && !picture && h("span", { class: "faint" }, ` ${firstLine(part.uri, 200)} (not loaded)`)));
}

const labelled = (label, note, content) =>
  h("div", { class: "labelled" }, h("h4", null, visible(label), note && h("span", { class: "faint" }, ` ${visible(note)}`)), content);

/** Something that opens, and is made when it is opened for the first time. */
export function folded(type, summary, make) {
  const details = h("details", { class: `folded ${type}` }, h("summary", { dir: "auto" }, summary));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(h("div", { class: "inside" }, make()));
  });
  return details;
}

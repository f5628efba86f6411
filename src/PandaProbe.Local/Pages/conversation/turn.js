// One turn of a conversation: what a trace was asked, thought, called and answered, beside its numbers.
import { documentList } from "../shared/documents.js";
import { h } from "../shared/dom.js";
import { folded, partElement, thought, toolCall } from "../shared/messages.js";
import { clock, cost, count, duration, percent, plural } from "../shared/numbers.js";
import { signs, statusOf } from "../shared/status.js";
import { firstLine, visible } from "../shared/text.js";

export function turnElement(turn, number) {
  return h("section", { class: "turn", id: `turn-${number}`, tabindex: "-1", "aria-label": `Turn ${number}`, "data-trace": turn.trace },
    gutter(turn, number),
    h("div", { class: "said" },
      turn.earlier > 0 && earlier(turn),
      turn.steps.map((step) => stepElement(turn, step)),
      turn.running && h("p", { class: "faint" }, "running …")));
}

function gutter(turn, number) {
  const status = statusOf(turn);
  const facts = [
    ["time", duration(turn.duration)],
    ["tokens", turn.input > 0 || turn.output > 0 ? `${count(turn.input)} → ${count(turn.output)}` : null],
    ["cached", turn.cacheRead > 0 ? percent(turn.cacheRead, turn.input) : null],
    ["cost", turn.cost === undefined ? null : cost(turn.cost)],
    ["model", turn.model && visible(turn.model)],
    ["status", status !== "ok" && `${signs[status]} ${statusText(turn, status)}`],
  ];
  return h("div", { class: "gutter" },
    h("div", { class: "when" }, h("a", { href: `/traces/${turn.trace}`, title: visible(turn.name) }, `Turn ${number}`), h("time", { datetime: new Date(turn.start).toISOString() }, clock(turn.start))),
    h("dl", null, facts.filter(([, value]) => value).map(([name, value]) =>
      h("div", null, h("dt", null, name), h("dd", { class: name === "status" ? status : null, title: value }, value)))));
}

function statusText({ errors }, status) {
  if (status === "running" || errors === 0) return status === "error" ? "failed" : status;
  return plural(errors, "failed step") + (status === "recovered" ? ", recovered" : "");
}

const earlier = (turn) => folded("earlier", plural(turn.earlier, "earlier message"),
  () => turn.earlierMessages.map((message) => h("div", null, h("div", { class: "who" }, visible(message.role)), message.parts.map((part) => partElement(part)))));

/** A step is what a reader would tell: said, thought, called, answered, failed. */
function stepElement(turn, step) {
  const link = step.span && h("a", { class: "step-link", href: `/traces/${turn.trace}?span=${step.span}`, "aria-label": `open the span of ${visible(step.name ?? step.kind)}` }, "open");
  switch (step.kind) {
    case "user": return h("div", null, who(step, null), h("div", { class: "user" }, words(step)));
    case "system": return folded("system", ["System: ", firstLine(step.parts.map((part) => part.text).join(" "), 110)], () => [words(step)]);
    case "thought": return thought(step.text);
    case "call": return toolCall({ name: step.name, text: step.arguments, id: step.callId }, step.result === null ? undefined : { text: step.result },
      { ms: step.duration, error: step.error && firstLine(step.error), isAgain: step.isAgain, isRunning: turn.running, link });
    case "retrieval": return retrieval(step, link);
    case "error": return h("div", { class: step.retried ? "trouble retried" : "trouble" },
      h("p", null, `✕ ${visible(step.name)}: ${visible(step.text)}`, step.retried && " (tried again, succeeded)", link));
    default: return h("div", null, who(step, link), h("div", { class: "answer" }, words(step)));
  }
}

const who = (step, link) => h("div", { class: "who" }, visible(step.role), link);

const words = (step) => step.parts.map((part) => partElement(part));

const retrieval = (step, link) => folded("call",
  [h("span", { class: "tool-name", "data-kind": "RETRIEVER" }, visible(step.name)), h("span", { class: "soft" }, ` ${firstLine(step.query, 110)}`),
    h("span", { class: step.error ? "outcome error-text" : "outcome" }, step.error ? `✕ ${firstLine(step.error)}` : `→ ${plural(step.documents.length, "document")}`)],
  () => [documentList(step.documents), h("p", null, link)]);

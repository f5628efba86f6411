// The numbers of a span: a line of facts, the bar of its tokens, tables of its attributes.
import { h } from "../shared/dom.js";
import { clock, cost, count, duration, percent } from "../shared/numbers.js";
import { visible } from "../shared/text.js";
import { value } from "../shared/value.js";

/** A list of pairs that a reader takes in at a glance. What is unknown is left out. */
export function facts(span) {
  const { usage } = span;
  const model = span.model && [visible(span.model), span.requestModel && span.requestModel !== span.model ? ` (asked for ${visible(span.requestModel)})` : ""].join("");
  return pairs([
    ["Time", Number.isNaN(span.end) ? "running" : duration(span.end - span.start)],
    ["Started", clock(span.start)],
    ["First token", span.firstTokenMs !== null && duration(span.firstTokenMs)],
    ["Model", model],
    ["Provider", visible(span.provider)],
    ["Tokens", usage && `${count(usage.input)} → ${count(usage.output)}${span.usageIsSum ? " (Σ of the calls below)" : ""}`],
    ["Cached", usage?.cacheRead > 0 && percent(usage.cacheRead, usage.input)],
    ["Cost", usage && span.cost === null ? "unknown price" : span.cost !== null && `${cost(span.cost)}${span.costSource === "estimated" ? " estimated" : ""}`],
    ["Finished", span.finishReasons.map(visible).join(", ")],
    ["Counted", span.tokenCountMethod && span.tokenCountMethod !== "reported" && visible(span.tokenCountMethod)],
    ["Scores", span.scores.map((score) => `${visible(score.name)} ${visible(String(score.label ?? score.value))}`).join(", ")],
  ]);
}

export const pairs = (list) => h("dl", { class: "facts" },
  list.filter(([, what]) => what).map(([name, what]) => h("div", null, h("dt", null, name), h("dd", null, what))));

/** The parts of a call's tokens side by side: cached, new, thought, said. */
export function usageBar(usage) {
  if (!usage || !(usage.input > 0 || usage.output > 0)) return null;
  const input = usage.input ?? 0;
  const output = usage.output ?? 0;
  const cached = Math.min(usage.cacheRead ?? 0, input);
  const reasoning = Math.min(usage.reasoning ?? 0, output);
  const parts = [["cached", cached], ["new", input - cached], ["reasoning", reasoning], ["answer", output - reasoning]].filter(([, tokens]) => tokens > 0);
  const bar = h("div", { class: "usage" }, parts.map(([name, tokens]) => {
    const part = h("span", { class: `part ${name}` });
    part.style.flexGrow = tokens;
    return part;
  }));
  bar.setAttribute("aria-hidden", "true");
  return h("div", { class: "usage-box" }, bar,
    h("p", { class: "legend" }, parts.map(([name, tokens]) => h("span", { class: name }, `${name} ${count(tokens)}`))));
}

/** A table of names and values. */
export function fieldTable(title, fields) {
  if (fields.length === 0) return h("p", { class: "faint" }, "none");
  return h("table", { class: "fields" }, title && h("caption", null, title),
    h("tbody", null, fields.map(({ key, value: content }) => h("tr", null,
      h("th", { scope: "row" }, visible(key)), h("td", null, fieldValue(content))))));
}

function fieldValue(content) {
  if (typeof content === "string") return value(content);
  if (content !== null && typeof content === "object") return value(JSON.stringify(content));
  return h("span", { class: content === null ? "null" : typeof content }, String(content));
}

// A conversation, or a trace without one, as a row of a list.
import { h } from "../shared/dom.js";
import { age, cost, count, duration, percent, plural } from "../shared/numbers.js";
import { signs, statusOf } from "../shared/status.js";
import { firstLine, visible } from "../shared/text.js";

/** The address of the page that shows a row. */
const addressOf = (item) => (item.session ? `/sessions/${encodeURIComponent(item.session)}` : `/traces/${item.trace}`);

/** The line above a list of rows: what it lists, and what the numbers of its rows are. */
export const listHead = (title) => h("div", { class: "list-head" },
  h("h2", null, title), ["model", "tokens", "cost", "time", "age"].map((name) => h("span", { class: name === "model" ? null : "num", "aria-hidden": "true" }, name === "tokens" ? "tokens in → out" : name)));

export function sessionRow(item) {
  const status = statusOf(item);
  const marks = [
    item.name,
    item.traces > 1 && plural(item.traces, "turn"),
    item.tools > 0 && plural(item.tools, "tool call"),
    item.failures > 0 && h("span", { class: "error-text" }, plural(item.failures, "failure")),
    item.failures === 0 && item.errors > 0 && `${plural(item.errors, "failed step")}, recovered`,
    item.user && `user ${visible(item.user)}`,
    ...item.scores.map((score) => `${visible(score.name)} ${visible(String(score.value))}`),
    item.session && visible(item.session),
  ].filter(Boolean);
  return h("a", { class: "item", href: addressOf(item), "data-key": item.key },
    h("div", { class: "words" },
      h("div", { class: "asked" },
        h("span", { class: `status ${status}`, "aria-hidden": "true" }, signs[status]), h("span", { class: "unseen" }, status),
        h("span", { class: item.asked?.startsWith("{") ? "line mono" : "line", dir: "auto" }, firstLine(item.asked) || visible(item.name) || "(nothing was asked)")),
      item.answered && h("div", { class: "answered", dir: "auto" }, firstLine(item.answered)),
      h("div", { class: "marks" }, marks.map((mark) => h("span", null, mark)))),
    h("span", { class: "model" }, visible(item.model)),
    h("span", { class: "tokens num" }, item.input > 0 || item.output > 0 ? `${count(item.input)} → ${count(item.output)}` : "",
      item.cacheRead > 0 && h("small", null, `${percent(item.cacheRead, item.input)} cached`)),
    h("span", { class: "cost num" }, item.cost === undefined ? "" : cost(item.cost), item.estimated && h("small", null, "estimated")),
    h("span", { class: "time num" }, duration(item.duration)),
    h("time", { class: "age num", datetime: new Date(item.last).toISOString(), "data-time": item.last }, age(item.last)));
}

// What happened in a trace, in one sentence, and the facts about it. The time of a trace that runs goes on: it stands in the facts only.
import { h } from "../shared/dom.js";
import { clock, count, duration } from "../shared/numbers.js";
import { signs } from "../shared/status.js";
import { sentence, visible } from "../shared/text.js";
import { pairs } from "./span-facts.js";

export const outcome = (trace) => [
  h("h1", { class: `outcome-text ${trace.status}` },
    h("span", { "aria-hidden": "true" }, signs[trace.status]), h("span", { class: "unseen" }, `${trace.status}: `), ` ${sentence(trace.outcome.replace(/^running for [^;]+/, "running"))}`),
  pairs([
    ["Time", Number.isNaN(trace.end) ? "running" : duration(trace.end - trace.start)],
    ["Started", clock(trace.start)],
    ["Spans", count(trace.heads.id.length)],
    ["Tool calls", trace.sums.tools > 0 && count(trace.sums.tools)],
    ["User", trace.user && visible(trace.user)],
    ["Tags", trace.tags.map(visible).join(", ")],
    ["Environment", [trace.environment, trace.release].filter(Boolean).map(visible).join(" ")],
    ["Scores", trace.scores.map((score) => `${visible(score.name)} ${visible(String(score.value))}`).join(", ")],
  ]),
];

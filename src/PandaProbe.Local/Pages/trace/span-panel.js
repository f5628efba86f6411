// The right side: the span that is selected, in tabs that exist only where there is something to show.
import { documentList } from "../shared/documents.js";
import { announce, fill, h } from "../shared/dom.js";
import { kindMark } from "../shared/kinds.js";
import { messageList, folded } from "../shared/messages.js";
import { duration, plural } from "../shared/numbers.js";
import { visible } from "../shared/text.js";
import { longPre, value } from "../shared/value.js";
import { facts, fieldTable, usageBar } from "./span-facts.js";

/** Which tabs a span has: name, title with count, and what makes its content. */
function tabsOf(span) {
  const messages = span.input.length + span.output.length;
  const tabs = [];
  if (messages > 0) tabs.push(["messages", `Messages ${messages}`, () => messagesOf(span)]);
  if (span.tool) tabs.push(["tool", "Tool", () => toolOf(span)]);
  if (span.documents.length > 0 || span.query) tabs.push(["documents", `Documents ${span.documents.length}`, () => documentsOf(span)]);
  if (messages === 0 && !span.tool && (span.inputValue || span.outputValue)) tabs.push(["content", "Input, output", () => contentOf(span)]);
  tabs.push(["attributes", `Attributes ${span.attributes.length}`, () => attributesOf(span)]);
  const events = span.events.length + span.logs.length;
  if (events > 0) tabs.push(["events", `Events ${events}`, () => eventsOf(span)]);
  tabs.push(["raw", "Raw", () => [value(JSON.stringify(span.raw ?? span))]]);
  return tabs;
}

/** Fills the panel with a span. `chosen` is the tab of the address; `onTab` is told about another choice. */
export function showSpan(panel, span, chosen, onTab) {
  const tabs = tabsOf(span);
  const current = tabs.find(([name]) => name === chosen) ?? tabs[0];
  const body = h("div", { class: "tab-body", role: "tabpanel", id: "tab-body", tabindex: "0", "aria-labelledby": `tab-${current[0]}` }, current[2]());
  const show = (next) => {
    onTab(next[0]);
    for (const button of strip.children) {
      const on = button.id === `tab-${next[0]}`;
      button.setAttribute("aria-selected", on);
      button.tabIndex = on ? 0 : -1;
    }
    body.setAttribute("aria-labelledby", `tab-${next[0]}`);
    fill(body, next[2]());
    announce(next[1]);
  };
  const strip = h("div", { class: "tabs", role: "tablist", "aria-label": "Parts of the span" }, tabs.map((tab) => h("button", {
    type: "button", role: "tab", id: `tab-${tab[0]}`, "aria-controls": "tab-body", "aria-selected": String(tab === current),
    tabindex: tab === current ? "0" : "-1", onclick: () => show(tab),
  }, tab[1])));
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = [...strip.children].indexOf(document.activeElement);
    const next = (at + step + tabs.length) % tabs.length;
    show(tabs[next]);
    strip.children[next].focus();
  });
  fill(panel, headOf(span), strip, body);
  panel.stepTab = (step) => {
    const at = [...strip.children].findIndex((button) => button.getAttribute("aria-selected") === "true");
    show(tabs[(at + step + tabs.length) % tabs.length]);
  };
}

function headOf(span) {
  return h("header", { class: "span-head" },
    h("h2", null, kindMark(span.kind), " ", visible(span.name) || "(no name)", span.kindLabel && h("span", { class: "faint" }, ` ${visible(span.kindLabel)}`)),
    facts(span),
    usageBar(span.usage),
    span.isError && errorOf(span));
}

function errorOf(span) {
  return h("div", { class: "error-box" },
    h("p", null, h("strong", null, `✕ ${visible(span.errorType) || "Error"}`), span.errorMessage && ` ${visible(span.errorMessage)}`),
    span.stack && folded("stack", "Stack", () => [longPre(span.stack)]));
}

function messagesOf(span) {
  return [
    messageList([...span.input, ...span.output.map((message) => ({ ...message, isOutput: true }))]),
    span.toolDefinitions && folded("definitions", "Tools that the model could call", () => [value(span.toolDefinitions)]),
  ];
}

function toolOf(span) {
  const { tool } = span;
  return [
    tool.description && h("p", { class: "soft" }, visible(tool.description)),
    h("h3", null, "Arguments"),
    tool.arguments ? value(tool.arguments) : h("p", { class: "faint" }, "none"),
    h("h3", null, "Result"),
    tool.result ? value(tool.result) : h("p", { class: "faint" }, span.isError ? "none: the call failed" : "none"),
  ];
}

function documentsOf(span) {
  return [
    span.query && [h("h3", null, "Query"), h("p", { dir: "auto" }, visible(span.query))],
    documentList(span.documents),
  ];
}

function contentOf(span) {
  return [
    span.inputValue && [h("h3", null, "Input"), value(span.inputValue)],
    span.outputValue && [h("h3", null, "Output"), value(span.outputValue)],
  ];
}

function attributesOf(span) {
  return [
    fieldTable("Span", span.attributes),
    span.parameters.length > 0 && fieldTable("Parameters of the model", span.parameters),
    span.costParts.length > 0 && fieldTable("Cost", span.costParts),
    span.resource.length > 0 && fieldTable("Resource", span.resource),
    h("p", { class: "faint" },
      `Span ${span.id}, ${span.scope ? `scope ${visible(span.scope)}, ` : ""}read as ${span.readers.length > 0 ? span.readers.map(visible).join(", ") : "no known vocabulary"}.`),
  ];
}

function eventsOf(span) {
  const all = [...span.events, ...span.logs].sort((a, b) => a.time - b.time);
  return h("ol", { class: "events" }, all.map((event) => h("li", null,
    h("header", null, h("span", { class: "num faint" }, `+${duration(event.time - span.start)}`), " ",
      h("strong", null, visible(event.name) || "log"), event.severity && h("span", { class: "faint" }, ` ${visible(event.severity)}`)),
    event.body && value(event.body),
    event.attributes.length > 0 && fieldTable(null, event.attributes))));
}

/** One line about a span for screen readers. */
export const spoken = (span) =>
  [span.name, span.isError ? "failed" : null, duration(span.end - span.start), span.usage && plural(span.usage.input ?? 0, "token")].filter(Boolean).join(", ");

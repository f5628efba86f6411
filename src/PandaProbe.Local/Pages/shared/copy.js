// Copies a span or a trace in the form that somebody else can use.
import * as api from "./api.js";
import { asCSharpTest } from "./csharp-test.js";
import { h, toast } from "./dom.js";
import { choose, openDialog } from "./keys.js";
import { asCurl, asMarkdown } from "./formats.js";

/** Lets the reader choose a form. The span is the selected one. */
export function copyMenu({ trace, span }) {
  if (!trace || !span) return;
  choose(`Copy “${span.name}”`, [
    ["m", "Markdown", () => copyText(asMarkdown(trace, span), "copied as Markdown")],
    ["j", "JSON", () => copyText(JSON.stringify(span, null, 2), "copied as JSON")],
    ["o", "OTLP JSON of the trace", () => copyLater(api.otlp(trace.id), "trace copied as OTLP JSON")],
    ["u", "curl", () => copyText(asCurl(trace, span), "copied as curl")],
    ["t", "C# test of the trace", () => copyText(asCSharpTest(trace, span), "copied as a C# test")],
    ["a", "address of this page", () => copyText(location.href, "address copied")],
  ]);
}

async function copyLater(text, done) {
  try {
    await copyText(await text, done);
  } catch (problem) {
    toast(`not copied: ${problem.message}`);
  }
}

export async function copyText(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done);
  } catch {
    // Beyond this machine, over plain HTTP, browsers give pages no clipboard.
    const field = h("textarea", { rows: 16, cols: 80, readonly: true, "aria-label": "Text to copy" });
    field.value = text;
    openDialog("Copy this", field);
    field.select();
  }
}

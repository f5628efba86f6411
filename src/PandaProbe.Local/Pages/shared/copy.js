// Copies a span or a trace in the form that somebody else can use.
import * as api from "./api.js";
import { copyText } from "./clipboard.js";
import { asCSharpTest } from "./csharp-test.js";
import { asCurl } from "./curl.js";
import { h, toast } from "./dom.js";
import { asMarkdown } from "./formats.js";
import { choose } from "./keys.js";

/** Lets the reader choose a form. The span is the selected one. */
export function copyMenu({ trace, span }) {
  choose(`Copy “${span.name}”`, [
    ["m", "Markdown", () => copyText(asMarkdown(trace, span), "copied as Markdown")],
    ["j", "JSON", () => copyText(JSON.stringify(span.raw, null, 2), "copied as JSON")],
    ["o", "OTLP JSON of the trace", () => copyLater(api.otlp(trace.id), "trace copied as OTLP JSON")],
    ["f", "OTLP JSON of the trace, as a file", () => h("a", { href: api.otlpAddress(trace.id), download: `${trace.id}.jsonl` }).click()],
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

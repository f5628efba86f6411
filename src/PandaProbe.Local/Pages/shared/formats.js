// Writes messages and spans as Markdown.
import { cost, count, duration } from "./numbers.js";

/** All that a message says, calls and files included. */
export const textOf = (message) => message.parts.map((part) => {
  switch (part.kind) {
    case "toolCall": return `\`${part.name}(${part.text ?? ""})\``;
    case "toolResult": return `→ ${part.text ?? ""}`;
    case "reasoning": return `_${part.text ?? ""}_`;
    case "media": return `[${part.mimeType ?? part.name ?? "file"}]`;
    default: return part.text ?? "";
  }
}).join("\n\n");

export function asMarkdown(trace, span) {
  const facts = [
    span.kind, span.model, duration(span.end - span.start),
    span.usage && `${count(span.usage.input)} → ${count(span.usage.output)} tokens`, span.cost !== null && cost(span.cost),
  ].filter(Boolean);
  const lines = [`## ${span.name}`, "", `In trace “${trace.name}” (${trace.id}): ${trace.outcome}`, "", facts.join(" · ")];
  if (span.isError) lines.push("", `**Error** ${span.errorType ?? ""}: ${span.errorMessage ?? ""}`, ...(span.stack ? ["", fence(span.stack)] : []));
  if (span.tool) {
    if (span.tool.arguments) lines.push("", "**Arguments**", fence(span.tool.arguments, "json"));
    if (span.tool.result) lines.push("", "**Result**", fence(span.tool.result, "json"));
  } else {
    lines.push(...said(span.input, "Input", span.inputValue), ...said(span.output, "Output", span.outputValue));
  }
  span.documents.forEach((document) => lines.push("", `- ${document.id ?? "document"}${document.score === null ? "" : ` (${document.score})`}: ${document.content ?? ""}`));
  return `${lines.join("\n")}\n`;
}

const said = (messages, title, value) => (messages.length === 0 && value
  ? ["", `**${title}**`, fence(value)]
  : messages.flatMap((message) => ["", `**${message.role}**`, "", textOf(message)]));

// The fence is longer than any in the text.
function fence(text, language = "") {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** The words of a message, without calls, thoughts and files. */
export const plain = (message) => message.parts.filter((part) => part.kind === "text").map((part) => part.text).join("\n");

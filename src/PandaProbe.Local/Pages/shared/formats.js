// Writes a span as Markdown, and as a request that can be sent again.
import { cost, count, duration } from "./numbers.js";

const textOf = (message) => message.parts.map((part) => {
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
  for (const message of [...span.input, ...span.output]) lines.push("", `**${message.role}**`, "", textOf(message));
  if (span.tool) lines.push("", "**Arguments**", fence(span.tool.arguments ?? "", "json"), "**Result**", fence(span.tool.result ?? "", "json"));
  else {
    if (span.inputValue && span.input.length === 0) lines.push("", "**Input**", fence(span.inputValue));
    if (span.outputValue && span.output.length === 0) lines.push("", "**Output**", fence(span.outputValue));
  }
  span.documents.forEach((document) => lines.push("", `- ${document.id ?? "document"}${document.score === null ? "" : ` (${document.score})`}: ${document.content ?? ""}`));
  return `${lines.join("\n")}\n`;
}

// The fence is longer than any in the text.
function fence(text, language = "") {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}

const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A model call as a request to its provider; any other span as a request to this viewer. */
export function asCurl(trace, span) {
  if (span.kind !== "LLM" || span.input.length === 0) return `curl ${shell(`${location.origin}/api/traces/${trace.id}/spans/${span.id}`)}`;

  const parameters = Object.fromEntries(span.parameters.map(({ key, value }) => [key, value]));
  if (/anthropic/i.test(span.provider ?? "") || /^claude/i.test(span.model ?? "")) {
    const system = span.input.filter((message) => message.role === "system").map(textOf).join("\n\n");
    const messages = span.input.filter((message) => message.role !== "system").map(forAnthropic);
    const body = { model: span.requestModel ?? span.model, max_tokens: 1024, ...parameters, ...(system && { system }), messages };
    return `curl https://api.anthropic.com/v1/messages \\\n  -H "x-api-key: $ANTHROPIC_API_KEY" -H 'anthropic-version: 2023-06-01' -H 'Content-Type: application/json' \\\n  -d ${shell(JSON.stringify(body, null, 2))}`;
  }

  const body = { model: span.requestModel ?? span.model, ...parameters, messages: span.input.flatMap(forOpenAI) };
  return `curl https://api.openai.com/v1/chat/completions \\\n  -H "Authorization: Bearer $OPENAI_API_KEY" -H 'Content-Type: application/json' \\\n  -d ${shell(JSON.stringify(body, null, 2))}`;
}

/** The words of a message, without calls, thoughts and files. */
export const plain = (message) => message.parts.filter((part) => part.kind === "text").map((part) => part.text).join("\n");
const callsOf = (message) => message.parts.filter((part) => part.kind === "toolCall");
const resultsOf = (message) => message.parts.filter((part) => part.kind === "toolResult");

function forOpenAI(message) {
  const results = resultsOf(message);
  if (results.length > 0) return results.map((part) => ({ role: "tool", tool_call_id: part.id, content: part.text ?? "" }));
  const calls = callsOf(message).map((part) => ({ id: part.id, type: "function", function: { name: part.name, arguments: part.text ?? "{}" } }));
  return [{ role: message.role, content: plain(message), ...(calls.length > 0 && { tool_calls: calls }) }];
}

function forAnthropic(message) {
  const results = resultsOf(message);
  if (results.length > 0) return { role: "user", content: results.map((part) => ({ type: "tool_result", tool_use_id: part.id, content: part.text ?? "" })) };
  const calls = callsOf(message);
  if (calls.length === 0) return { role: message.role, content: plain(message) };
  const text = plain(message);
  return {
    role: message.role,
    content: [...(text ? [{ type: "text", text }] : []), ...calls.map((part) => ({ type: "tool_use", id: part.id, name: part.name, input: parsed(part.text) }))],
  };
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

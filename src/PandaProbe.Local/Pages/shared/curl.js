// Writes a model call as a request that can be sent again to its provider.
import { plain, textOf } from "./formats.js";
import { tryJson } from "./text.js";

const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A model call as a request to its provider; any other span as a request to this viewer. */
export function asCurl(trace, span) {
  if (span.kind !== "LLM" || span.input.length === 0) return `curl ${shell(`${location.origin}/api/traces/${trace.id}/spans/${span.id}`)}`;

  const isAnthropic = /anthropic/i.test(span.provider ?? "") || /^claude/i.test(span.model ?? "");
  const [address, headers, body] = isAnthropic
    ? ["https://api.anthropic.com/v1/messages", `-H "x-api-key: $ANTHROPIC_API_KEY" -H 'anthropic-version: 2023-06-01'`, forAnthropic(span)]
    : ["https://api.openai.com/v1/chat/completions", `-H "Authorization: Bearer $OPENAI_API_KEY"`, forOpenAI(span)];
  return `curl ${address} \\\n  ${headers} -H 'Content-Type: application/json' \\\n  -d ${shell(JSON.stringify(body, null, 2))}`;
}

/** The parameters of the call. An answer in one piece is easier to read in a terminal than a stream. */
const parametersOf = (span) => Object.fromEntries(span.parameters.filter(({ key }) => key !== "stream").map(({ key, value }) => [key, value]));

/** The tools that the model could call: [{ name, description, parameters }], or undefined where nobody recorded them. */
const toolsOf = (span) => tryJson(span.toolDefinitions)?.map?.((tool) => tool.function ?? tool).filter((tool) => tool.name);

const partsOf = (message, kind) => message.parts.filter((part) => part.kind === kind);
const picturesOf = (message) => partsOf(message, "media").filter((part) => part.uri && /^image\//.test(part.mimeType ?? "image/"));

function forOpenAI(span) {
  const tools = toolsOf(span)?.map(({ name, description, parameters }) => ({ type: "function", function: { name, description, parameters } }));
  return { model: span.requestModel ?? span.model, ...parametersOf(span), ...(tools && { tools }), messages: span.input.flatMap(openAIMessages) };
}

function openAIMessages(message) {
  const results = partsOf(message, "toolResult");
  if (results.length > 0) return results.map((part) => ({ role: "tool", tool_call_id: part.id, content: part.text ?? "" }));
  const calls = partsOf(message, "toolCall").map((part) => ({ id: part.id, type: "function", function: { name: part.name, arguments: part.text ?? "{}" } }));
  const pictures = picturesOf(message).map((part) => ({ type: "image_url", image_url: { url: part.uri } }));
  const content = pictures.length > 0 ? [{ type: "text", text: plain(message) }, ...pictures] : plain(message);
  return [{ role: message.role, content, ...(calls.length > 0 && { tool_calls: calls }) }];
}

function forAnthropic(span) {
  const system = span.input.filter((message) => message.role === "system").map(textOf).join("\n\n");
  const tools = toolsOf(span)?.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters ?? { type: "object" } }));
  const messages = span.input.filter((message) => message.role !== "system").map(anthropicMessage);
  return { model: span.requestModel ?? span.model, max_tokens: 1024, ...parametersOf(span), ...(system && { system }), ...(tools && { tools }), messages };
}

function anthropicMessage(message) {
  const results = partsOf(message, "toolResult");
  if (results.length > 0) return { role: "user", content: results.map((part) => ({ type: "tool_result", tool_use_id: part.id, content: part.text ?? "" })) };
  const text = plain(message);
  const content = [
    ...(text ? [{ type: "text", text }] : []),
    ...picturesOf(message).map(anthropicPicture),
    ...partsOf(message, "toolCall").map((part) => ({ type: "tool_use", id: part.id, name: part.name, input: tryJson(part.text) ?? { text: part.text } })),
  ];
  return { role: message.role, content: content.length === 1 && text ? text : content };
}

function anthropicPicture({ uri }) {
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(uri) ?? [];
  return { type: "image", source: data ? { type: "base64", media_type: mediaType, data } : { type: "url", url: uri } };
}

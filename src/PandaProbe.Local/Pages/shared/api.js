// Everything that the pages ask the server, and the only place that knows its addresses and forms.

const get = async (address) => answer(await fetch(address, { headers: { Accept: "application/json" } }));

const post = async (address, body) =>
  answer(await fetch(address, { method: "POST", headers: { "Content-Type": "application/json", Accept: "application/json" }, body: JSON.stringify(body) }));

async function answer(response) {
  if (response.ok) return response.status === 204 ? null : response.json();
  const text = await response.text();
  let reason = text;
  try {
    reason = JSON.parse(text).error ?? text;
  } catch {
    // The text itself is the reason.
  }
  throw Object.assign(new Error(reason || `the server answered ${response.status}`), { status: response.status });
}

const query = (parameters) => new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "")).toString();
const enc = encodeURIComponent;

// Lists

/** A page of conversations and traces without one, newest first: { items, next, commit }. */
export async function sessions({ cursor } = {}) {
  const page = await get(`/api/conversations?${query({ after: cursor })}`);
  return { items: page.items.map(listItem), next: page.next ?? null, commit: page.commit };
}

function listItem(item) {
  const { sums } = item;
  return {
    key: item.session ?? item.trace, session: item.session, trace: item.trace, name: item.name, asked: item.input, answered: item.output,
    traces: item.traces, tools: sums.tools, failures: item.failed, errors: sums.errors, running: item.running ?? false, model: item.model, user: item.user,
    input: sums.inputTokens, output: sums.outputTokens, cacheRead: sums.cacheReadTokens, cost: costOf(sums),
    estimated: sums.costIsEstimated, duration: item.duration, last: item.last, scores: item.scores ?? [],
  };
}

/** Dollars; null where nobody knows them, and undefined where nothing was counted that could cost. */
const costOf = ({ cost, inputTokens, outputTokens }) => (cost > 0 || inputTokens > 0 || outputTokens > 0 ? cost ?? null : undefined);

/** The numbers of everything that is stored, and where the viewer listens. */
export async function overview() {
  const { sums, ...rest } = await get("/api/overview");
  return { ...rest, calls: sums.calls, input: sums.inputTokens, output: sums.outputTokens, cost: sums.cost ?? null };
}

// A trace

let known;

/** The heads of a trace. The same object comes back while nothing changed. */
export async function trace(id) {
  const response = await fetch(`/api/traces/${enc(id)}`, { headers: { Accept: "application/json", ...(known && { "If-None-Match": known.tag }) } });
  if (response.status === 304) return known.trace;
  const { trace: item, conclusion, spans } = await answer(response);
  const next = traceOf(item, conclusion, spans);
  known = { tag: response.headers.get("ETag"), trace: next };
  return next;
}

function traceOf(item, conclusion, spans) {
  const { sums } = item;
  // Numbers stand for texts; -1 is none.
  const text = (numbers, none = null) => numbers.map((number) => (number < 0 ? none : spans.texts[number]));
  const count = spans.id.length;
  const start = new Float64Array(count);
  const end = new Float64Array(count);
  let last = item.start;
  let open = 0;
  for (let i = 0; i < count; i++) {
    start[i] = item.start + spans.start[i];
    end[i] = spans.duration[i] < 0 ? NaN : start[i] + spans.duration[i];
    if (end[i] > last) last = end[i];
    if (spans.duration[i] < 0) open++;
  }

  return {
    ...item,
    name: item.name ?? "(no name)", tags: item.tags ?? [], scores: item.scores ?? [],
    status: conclusion.recovered ? "recovered" : { FAILED: "error", RUNNING: "running" }[conclusion.outcome] ?? "ok",
    outcome: conclusion.sentence, conclusion,
    end: conclusion.outcome === "RUNNING" ? NaN : item.start + item.duration,
    lastHeard: item.received, last, open,
    sums: {
      calls: sums.calls, tools: sums.tools, input: sums.inputTokens, output: sums.outputTokens, cacheRead: sums.cacheReadTokens,
      cost: costOf(sums) ?? null, estimated: sums.costIsEstimated,
    },
    heads: {
      id: spans.id, parent: spans.parent, depth: spans.depth, kind: text(spans.kind, "OTHER"), name: text(spans.name), model: text(spans.model),
      start, end, error: spans.error.map((number, i) => (number < 0 ? (spans.flags[i] & 1) === 1 : spans.texts[number])),
      sum: spans.flags.map((flags) => (flags & 2) !== 0),
      input: spans.input, output: spans.output, cost: spans.cost,
    },
  };
}

/** The earlier trace of the same name, or null. */
export async function previousTrace(trace) {
  const page = await get(`/api/traces?${query({ name: trace.name, to: trace.start, limit: 20 })}`);
  return page.items.find((item) => item.name === trace.name && item.id !== trace.id)?.id ?? null;
}

/** Everything about one span. */
export async function span(traceId, spanId) {
  return spanOf(await get(`/api/traces/${enc(traceId)}/spans/${enc(spanId)}`));
}

function spanOf(raw) {
  const exception = (raw.events ?? []).find((event) => event.name === "exception");
  const stack = exception?.attributes.find(({ key }) => key === "exception.stacktrace")?.value;
  const tool = raw.tool && { ...raw.tool, arguments: asText(raw.tool.arguments), result: asText(raw.tool.result) };
  return {
    id: raw.id, trace: raw.trace, name: raw.name, kind: raw.kind, kindLabel: raw.label, readers: raw.readers ?? [],
    start: raw.start, end: raw.end ?? NaN, isError: raw.isError, errorType: raw.errorType, errorMessage: raw.errorMessage, stack,
    input: (raw.input ?? []).map(messageOf), output: (raw.output ?? []).map(messageOf),
    inputValue: asText(raw.inputValue), outputValue: asText(raw.outputValue), tool, toolDefinitions: asText(raw.toolDefinitions),
    query: raw.query, documents: (raw.documents ?? []).map(documentOf),
    model: raw.model, requestModel: raw.requestModel, provider: raw.provider, parameters: fieldsOf(raw.parameters), costParts: fieldsOf(raw.costParts),
    usage: Object.keys(raw.usage ?? {}).length > 0 ? raw.usage : null, usageIsSum: raw.usageIsSum, tokenCountMethod: raw.tokenCountMethod,
    cost: raw.cost ?? null, costSource: raw.costSource?.toLowerCase(), firstTokenMs: raw.firstToken ?? null, finishReasons: raw.finishReasons ?? [],
    scores: raw.scores ?? [], attributes: raw.attributes ?? [], resource: raw.resource ?? [], scope: [raw.scope, raw.scopeVersion].filter(Boolean).join(" "),
    events: raw.events ?? [], logs: (raw.logs ?? []).map((log) => ({ ...log, body: asText(log.body) })), raw,
  };
}

// The server writes what is JSON as JSON. The pages show and copy it as text.
const asText = (value) => (value === undefined || value === null ? undefined : typeof value === "string" ? value : JSON.stringify(value));
const documentOf = (document) => ({ ...document, score: document.score ?? null, metadata: asText(document.metadata) });
const fieldsOf = (fields) => Object.entries(fields ?? {}).map(([key, value]) => ({ key, value }));

const partKinds = { text: "text", reasoning: "reasoning", tool_call: "toolCall", tool_call_response: "toolResult", media: "media" };

function messageOf(message) {
  return {
    role: message.role, name: message.name, finishReason: message.finish_reason,
    parts: message.parts.map((part) => ({
      kind: partKinds[part.type] ?? "other", text: asText(part.content ?? part.arguments ?? part.response ?? part.value),
      id: part.id ?? part.file_id, name: part.name, mimeType: part.mime_type, uri: part.uri, size: part.size,
    })),
  };
}

export const otlpAddress = (id) => `/api/traces/${enc(id)}/otlp`;

/** The whole trace as it can be sent to any receiver of OTLP. */
export async function otlp(id) {
  const response = await fetch(otlpAddress(id));
  return response.ok ? response.text() : answer(response);
}

// The other pages

/** A page of the traces of a session with their steps: { session, sentence, traces, next }. */
export async function sessionTraces(id, cursor) {
  const page = await get(`/api/sessions/${enc(id)}?${query({ after: cursor, limit: 50 })}`);
  const { session } = page;
  const { sums } = session;
  return {
    session: {
      id: session.id, user: session.user, sentence: page.sentence,
      sums: {
        input: sums.inputTokens, output: sums.outputTokens, cacheRead: sums.cacheReadTokens, cost: sums.cost ?? null, estimated: sums.costIsEstimated,
        duration: session.duration, failures: session.failed, traces: session.traces,
      },
    },
    traces: page.traces.map(({ trace, sentence, steps }) => ({ trace, sentence, steps: steps.map(stepOf) })),
    next: page.next ?? null,
  };
}

const stepOf = (step) => ({
  ...step, input: (step.input ?? []).map(messageOf), output: (step.output ?? []).map(messageOf),
  inputValue: asText(step.inputValue), outputValue: asText(step.outputValue), documents: (step.documents ?? []).map(documentOf),
  tool: step.tool && { ...step.tool, arguments: asText(step.tool.arguments), result: asText(step.tool.result) },
});

/** A turn of a conversation without its words. */
export const turnOf = (item) => ({
  ...listItem({ ...item, trace: item.id, session: null, traces: 1, failed: item.status === "ERROR" ? 1 : 0, last: item.start + item.duration, running: item.status === "RUNNING" }),
  start: item.start, end: item.start + item.duration, version: item.version,
});

/** A page of hits: { items, next, isComplete }. A page that is not complete ran out of time, and the next one goes on. */
export async function search(text, cursor) {
  const page = await get(`/api/search?${query({ q: text, after: cursor })}`);
  return { ...page, next: page.next ?? null };
}

/** The sums of the traces that match, grouped: { model: [row, …], tool: […], … }. */
export async function analytics(filters) {
  const names = ["model", "tool", "user", "run"];
  const groups = await Promise.all(names.map((by) => get(`/api/analytics?${query({ ...filters, by, limit: 8 })}`)));
  return Object.fromEntries(names.map((by, i) => [by, groups[i].items.map(groupOf)]));
}

const groupOf = ({ name, count, failed, p95, sums }) =>
  ({ name, calls: count, errors: failed, p95, input: sums.inputTokens, output: sums.outputTokens, cost: costOf(sums) ?? null });

/** Two traces side by side: { sentence, a, b, firstTokenDelta, rows, changes }. */
export async function compare(a, b) {
  const found = await get(`/api/compare?${query({ a, b })}`);
  const side = (item, { sentence }) => ({
    id: item.id, name: item.name ?? "(no name)", start: item.start, duration: item.duration, sentence,
    calls: item.sums.calls, tools: item.sums.tools, errors: item.sums.errors, input: item.sums.inputTokens, output: item.sums.outputTokens,
    cost: costOf(item.sums) ?? null,
  });
  return {
    ...found, a: side(found.a, found.conclusionA), b: side(found.b, found.conclusionB), rows: found.steps,
    changes: found.changes.map(({ spanA, spanB, a: before, b: after, ...change }) => ({ ...change, beforeId: spanA, afterId: spanB, before, after })),
  };
}

export const renderMarkdown = (texts) => post("/api/markdown", texts);

/** Saves a score of a trace. */
export const postScore = ({ traceId, name, value, type, reason }) =>
  post("/api/scores", { trace: traceId, name, value, type, ...(reason && { reason }) });

// Tells a session's traces as a conversation. Agents send their whole history with every call: what was told already is not told again.

/** Tells one session, trace by trace. The traces come in the order of their start, page by page. */
export class Teller {
  #seen = new Set();

  /**
   * Returns the told steps of a trace, and the messages at its beginning that earlier traces have told. `question` is what the
   * trace was asked, for a user who asks the same again.
   */
  tell(steps, question) {
    const told = { steps: [], earlier: [], calls: new Map() };
    steps.forEach((step, i) => {
      if (step.kind === "TOOL") tellTool(told, step);
      else if (step.kind === "RETRIEVER") told.steps.push({ kind: "retrieval", name: step.name, query: step.query, documents: step.documents, span: step.span, error: step.error });
      else if (step.input.length > 0 || step.output.length > 0) this.#tellCall(told, step);
      else if (!step.isError) tellValues(told, step);
      if (step.isError && step.kind !== "TOOL" && step.kind !== "RETRIEVER") told.steps.push(trouble(step, steps.slice(i + 1)));
    });
    if (question && !told.steps.some((step) => step.kind === "user")) told.steps.unshift({ kind: "user", role: "user", parts: [{ kind: "text", text: question }] });
    told.steps = questionFirst(told.steps);
    return told;
  }

  #tellCall(told, step) {
    let isHistory = true;
    for (const message of step.input) {
      const isKnown = !this.#isNew(message);
      if (isKnown && isHistory && told.steps.length === 0) told.earlier.push(message);
      if (isKnown) continue;
      isHistory = false;
      tellMessage(told, message, null);
    }
    // An answer is new even where it says the same as an earlier one.
    for (const message of step.output) {
      this.#isNew(message);
      tellMessage(told, message, step.span);
    }
  }

  #isNew(message) {
    const key = JSON.stringify([message.role, message.parts]);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}

/** A turn begins with what the user said, even where the agent retrieved something before it called the model. */
function questionFirst(steps) {
  const answer = steps.findIndex((step) => step.kind === "answer" || step.kind === "thought");
  const before = answer < 0 ? steps : steps.slice(0, answer);
  const order = { user: 0, system: 1 };
  return [...before.toSorted((a, b) => (order[a.kind] ?? 2) - (order[b.kind] ?? 2)), ...steps.slice(before.length)];
}

function tellMessage(told, message, span) {
  let words = [];
  const flush = () => {
    if (words.length > 0) told.steps.push({ kind: message.role === "user" || message.role === "system" ? message.role : "answer", role: message.role, parts: words, span });
    words = [];
  };
  for (const part of message.parts) {
    if (part.kind === "reasoning") {
      flush();
      told.steps.push({ kind: "thought", text: part.text });
    } else if (part.kind === "toolCall") {
      flush();
      const call = { kind: "call", name: part.name, arguments: part.text, callId: part.id, result: null, error: null };
      told.steps.push(call);
      told.calls.set(part.id ?? `${part.name}-${told.calls.size}`, call);
    } else if (part.kind === "toolResult") {
      const call = callOf(told, part);
      if (call) call.result ??= part.text ?? "";
      else told.steps.push({ kind: "call", name: part.name ?? "tool", callId: part.id, result: part.text ?? "", error: null });
    } else {
      words.push(part);
    }
  }
  flush();
}

/** The call that a result belongs to. A result without an id belongs to the first call that has none yet. */
function callOf(told, part) {
  const call = part.id ? told.calls.get(part.id) : told.steps.find((step) => step.kind === "call" && !step.error && !step.isAnswered);
  if (call) call.isAnswered = true;
  return call;
}

/** Joins the span of a tool with the call that asked for it: by its id, else the first call of that name that has no span yet. */
function tellTool(told, step) {
  const name = step.tool?.name ?? step.name;
  const open = [...told.calls.values()].filter((call) => !call.span);
  let call = open.find((one) => one.callId && one.callId === step.tool?.callId) ?? (step.tool?.callId ? undefined : open.find((one) => one.name === name));
  // A call that failed and was tried again has several spans.
  if (!call) {
    const failed = told.steps.findLast((one) => one.kind === "call" && one.name === name && one.error);
    const callId = step.tool?.callId ?? failed?.callId;
    call = { kind: "call", name, arguments: step.tool?.arguments ?? step.inputValue, callId, result: null, isAgain: Boolean(failed) };
    told.steps.push(call);
    // The result that the model gets is the last attempt's.
    if (callId) told.calls.set(callId, call);
  }
  call.span = step.span;
  call.duration = step.duration;
  call.error = step.isError ? step.error ?? "failed" : null;
  call.result ??= step.tool?.result ?? step.outputValue ?? null;
}

function tellValues(told, step) {
  if (step.inputValue) told.steps.push({ kind: "user", role: "input", parts: [{ kind: "text", text: step.inputValue }] });
  if (step.outputValue) told.steps.push({ kind: "answer", role: "output", parts: [{ kind: "text", text: step.outputValue }], span: step.span });
}

const trouble = (step, later) => ({
  kind: "error", name: step.name, text: step.error ?? "failed", span: step.span,
  retried: later.some((other) => other.kind === step.kind && other.name === step.name && !other.isError),
});

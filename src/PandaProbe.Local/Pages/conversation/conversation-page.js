// The page of a session: the transcript over all its traces, or the traces as a list.
import * as api from "../shared/api.js";
import { showBar, showPath } from "../shared/bar.js";
import { copyText } from "../shared/clipboard.js";
import { $, announce, fill, h, setText } from "../shared/dom.js";
import { onChanges, oneAtATime } from "../shared/events.js";
import { keys } from "../shared/keys.js";
import { cost, count, duration, percent, plural } from "../shared/numbers.js";
import { idOfPage, read, write } from "../shared/state.js";
import { cut, visible } from "../shared/text.js";
import { sessionRow } from "../live/session-row.js";
import { pairs } from "../trace/span-facts.js";
import { Teller } from "./steps.js";
import { transcript } from "./transcript.js";
import { turnElement } from "./turn.js";

const id = idOfPage();
const main = $("#main");
const head = h("header");
const body = h("div");
let session;
let shown = new Map();
let following = false;

const load = oneAtATime(loadSession, 100);

async function loadSession() {
  const next = await wholeSession().catch((problem) => {
    if (!session) fill(main, h("p", { class: "notice bad" }, problem.status === 404
      ? "This session is not here. It may have been deleted to stay within the limits of size and age, or it belongs to another store."
      : `The session could not be read: ${problem.message}`));
  });
  if (!next) return;
  const first = !session;
  session = next;
  document.title = `${visible(cut(session.turns[0]?.asked || id, 60))} – PandaProbe`;
  if (first) fill(main, head, body);
  showHead();
  showBody();
  if (first && read("turn")) go(Number(read("turn")) - 1);
}

/** Reads all pages. A session of 500 turns is ten requests, and turns out of sight are not laid out. */
async function wholeSession() {
  const teller = new Teller();
  const turns = [];
  let page;
  for (let cursor = null; ; cursor = page.next) {
    page = await api.sessionTraces(id, cursor);
    for (const { trace, sentence, steps } of page.traces) {
      const told = teller.tell(steps, trace.input);
      turns.push({ ...api.turnOf(trace), sentence, steps: told.steps, earlier: told.earlier.length, earlierMessages: told.earlier });
    }
    const loading = $(".loading", main);
    if (loading) setText(loading, `Loading the session: ${plural(turns.length, "turn")} …`);
    if (page.next === null) return { ...page.session, turns };
  }
}

function showHead() {
  const { sums } = session;
  fill(head,
    h("h1", { dir: "auto" }, visible(cut(session.turns[0]?.asked || session.id, 200))),
    pairs([
      ["Session", visible(session.id)],
      ["Turns", count(session.turns.length)],
      ["Time", duration(sums.duration)],
      ["Tokens", (sums.input > 0 || sums.output > 0) && `${count(sums.input)} → ${count(sums.output)}`],
      ["Cached", sums.cacheRead > 0 && percent(sums.cacheRead, sums.input)],
      ["Cost", sums.cost !== null && `${cost(sums.cost)}${sums.estimated ? " estimated" : ""}`],
      ["Failures", sums.failures > 0 && count(sums.failures)],
      ["User", session.user && visible(session.user)],
    ]),
    h("div", { class: "modes", role: "group", "aria-label": "Show" }, [["transcript", "Transcript"], ["traces", "Traces"]].map(([mode, name]) =>
      h("button", { class: "quiet", type: "button", "aria-pressed": String(currentMode() === mode), onclick: () => setMode(mode) }, name))));
}

const currentMode = () => (read("show") === "traces" ? "traces" : "transcript");

function setMode(mode) {
  write({ show: mode === "traces" ? mode : null });
  shown = new Map();
  showHead();
  showBody();
  announce(mode);
}

/** Turns that did not change keep their elements, with everything that the reader has opened in them. */
function showBody() {
  if (currentMode() === "traces") {
    shown = new Map();
    fill(body, h("div", { class: "list" }, session.turns.map((turn) => sessionRow({ ...turn, session: null, key: turn.trace, traces: 1, last: turn.end, answered: turn.answered }))));
    return;
  }
  const next = new Map();
  const elements = session.turns.map((turn, i) => {
    const state = JSON.stringify(turn);
    const known = shown.get(turn.trace);
    const element = known?.state === state ? known.element : turnElement(turn, i + 1);
    next.set(turn.trace, { state, element });
    return element;
  });
  const more = elements.length - shown.size;
  if (shown.size > 0 && more > 0) announce(plural(more, "new turn"));
  const isSame = elements.length === body.childElementCount && elements.every((element, i) => body.children[i] === element);
  shown = next;
  if (!isSame) body.replaceChildren(...elements);
  if (following) elements.at(-1)?.scrollIntoView({ block: "end" });
}

onChanges((changes) => (changes.includesSession(id) || session?.turns.some((turn) => changes.includesTrace(turn.trace))) && load());

const current = () => Number(read("turn") ?? 0) - 1;

function go(index) {
  const within = Math.max(0, Math.min(session.turns.length - 1, index));
  const element = $(`#turn-${within + 1}`);
  if (!element) return;
  for (const other of main.querySelectorAll(".turn.chosen")) other.classList.remove("chosen");
  element.classList.add("chosen");
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
  write({ turn: within + 1 });
}

const currentTurn = () => session?.turns[Math.max(0, current())];

function openAll() {
  const details = [...main.querySelectorAll(".turn details")];
  const open = details.some((one) => !one.open);
  for (const one of details) one.open = open;
}

keys("Conversation", [
  ["ArrowDown j", "next turn", () => go(current() + 1)],
  ["ArrowUp k", "previous turn", () => go(current() - 1)],
  ["Home", "first turn", () => go(0)],
  ["End", "last turn", () => go(session.turns.length - 1)],
  ["Enter", "open the turn's trace", (event) => (event.target.matches("summary, a, button") ? false : location.assign(`/traces/${currentTurn().trace}`))],
  ["e", "next failure", () => {
    const from = current();
    const failed = session.turns.flatMap((turn, i) => (turn.failures + turn.errors > 0 ? [i] : []));
    if (failed.length > 0) go(failed.find((i) => i > from) ?? failed[0]);
    else announce("no failures");
  }],
  ["x", "unfold everything, fold everything", openAll],
  ["t", "transcript or traces", () => setMode(currentMode() === "traces" ? "transcript" : "traces")],
  ["f", "follow new turns", () => { following = !following; announce(following ? "following" : "not following"); }],
  ["c", "copy the transcript as Markdown", () => copyText(transcript(session), "transcript copied")],
]);

showBar();
showPath([[`session ${visible(cut(id, 60))}`]]);
load();

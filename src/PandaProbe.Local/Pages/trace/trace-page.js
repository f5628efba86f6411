// The page of one trace: what happened in one sentence, the tree with its times, and the selected span beside it.
import * as api from "../shared/api.js";
import { showBar, showPath } from "../shared/bar.js";
import { $, announce, fill, h, setText } from "../shared/dom.js";
import { onChanges, oneAtATime } from "../shared/events.js";
import { keys } from "../shared/keys.js";
import { count, duration, plural } from "../shared/numbers.js";
import { idOfPage, read, write } from "../shared/state.js";
import { cut, visible } from "../shared/text.js";
import { Minimap } from "./minimap.js";
import { outcome } from "./outcome.js";
import { showSpan, spoken } from "./span-panel.js";
import { makeSplit } from "./split.js";
import { TreeModel } from "./tree-model.js";
import { TreeView } from "./tree-view.js";

const id = idOfPage();
const panel = $("#span");
const findField = $("#find");
const staleAfter = 10 * 60_000;
let trace;
let span;

const view = new TreeView($("#tree"), { onSelect: select, onChange: () => minimap?.place() });
const minimap = new Minimap($("#minimap"), view);

const load = oneAtATime(loadHeads, 200);

async function loadHeads() {
  const next = await api.trace(id).catch(showProblem);
  if (!next || next === trace) return;
  const earlier = trace;
  trace = next;
  showHead();
  view.begin = trace.start;
  setNow();
  const model = new TreeModel(trace.heads);
  view.show(model, earlier ? model.indexOf(view.selectedId) : firstToLookAt(model));
  // The first rows are painted before anything else is asked for.
  if (!earlier) requestAnimationFrame(() => setTimeout(start));
  minimap.drawSoon();
  if (findField.value) find();
  if (earlier) {
    const more = trace.heads.id.length - earlier.heads.id.length;
    if (more > 0) announce(`${plural(more, "new span")}`);
    if (following) view.select(view.model.visible.at(-1));
    else if (span && (Number.isNaN(span.end) || span.isPlaceholder)) showSelected(span.id);
  }
}

function showProblem(problem) {
  fill($("#outcome"), h("p", { class: "notice bad" }, problem.status === 404
    ? "This trace is not here. It may have been deleted to stay within the limits of size and age, or it belongs to another store."
    : `The trace could not be read: ${problem.message}`));
}

function start() {
  performance.mark("first rows");
  view.select(view.selected, { focus: true, scroll: false });
  if (read("find")) {
    findField.value = read("find");
    find();
  }
  onChanges((changes) => changes.includesTrace(id) && load());
  copying();
  scoring();
  setInterval(tick, matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 200);
}

/** The span that the address names. Without one: the error that is deepest on the first path to one, else the root. */
function firstToLookAt(model) {
  const named = read("span") ? model.indexOf(read("span")) : -1;
  if (named >= 0) return named;
  const { errors, heads: { depth } } = model;
  return errors.length > 0 ? errors.reduce((best, index) => (depth[index] > depth[best] ? index : best)) : model.visible[0] ?? -1;
}

function showHead() {
  document.title = `${visible(trace.name)} – PandaProbe`;
  showPath([...(trace.session ? [[`session ${visible(cut(trace.session, 40))}`, `/sessions/${encodeURIComponent(trace.session)}`]] : []), [visible(trace.name)]]);
  fill($("#outcome"), outcome(trace));
}

/** The right end of the time axis: now, while something runs that was heard of lately. */
function setNow() {
  const { last, open } = trace;
  view.isRunning = open > 0 && Date.now() - Math.max(last, trace.lastHeard) < staleAfter;
  view.now = view.isRunning ? Math.max(last, Date.now()) : last;
  setText($("#whole"), duration(view.now - view.begin));
}

function tick() {
  if (!view.isRunning || document.hidden) return;
  setNow();
  view.draw();
  setText($("#outcome dd"), `running, ${duration(view.now - view.begin)}`);
  const time = panel.querySelector("dd");
  if (span && Number.isNaN(span.end) && time) setText(time, `running, ${duration(view.now - span.start)}`);
}

let selection;
function select() {
  const spanId = view.selectedId;
  write({ span: spanId });
  if (span?.id === spanId) return;
  // Holding an arrow key down passes over many spans. Their contents are not fetched.
  clearTimeout(selection);
  selection = setTimeout(() => showSelected(spanId), span ? 60 : 0);
}

async function showSelected(spanId) {
  const name = view.model.heads.name[view.selected];
  const slow = setTimeout(() => panel.dataset.span !== spanId && showLoading(spanId, name), 250);
  const next = await api.span(id, spanId).catch((problem) => ({ problem }));
  clearTimeout(slow);
  if (view.selectedId !== spanId) return;
  panel.removeAttribute("aria-busy");
  if (next.problem) {
    fill(panel, h("p", { class: "notice bad" }, `The span could not be read: ${next.problem.message}`));
    return;
  }
  span = next;
  showSpan(panel, span, read("tab"), (tab) => write({ tab }));
  panel.dataset.span = spanId;
  announce(spoken(span));
}

// The contents of the span before are gone by then: beside another selected row they would be taken for its own.
function showLoading(spanId, name) {
  if (view.selectedId !== spanId) return;
  span = undefined;
  panel.setAttribute("aria-busy", "true");
  fill(panel, h("p", { class: "notice loading" }, `Loading ${visible(name) || "the span"} …`));
}

function find() {
  write({ find: findField.value });
  const hits = view.model.find(findField.value);
  view.showHits(hits);
  minimap.drawSoon();
  setText($("#found"), findField.value ? `${count(hits.length)} found` : "");
  return hits;
}

findField.addEventListener("input", () => {
  const hits = find();
  if (hits.length > 0 && hits.length < view.model.count) view.scrollTo(hits[0]);
});
findField.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  view.step([...view.hits], event.shiftKey ? -1 : 1);
  event.preventDefault();
});

let following = false;
const step = (indices, direction, none) => (indices.length > 0 ? view.step(indices, direction) : announce(none));
const passed = (event) => (panel.contains(document.activeElement) ? false : (view.key(event), view.element.focus({ preventScroll: true })));
const redraw = () => minimap.drawSoon();

keys("Tree", [
  ["ArrowUp ArrowDown", "previous, next span", passed],
  ["j k", "the same", passed],
  ["ArrowLeft ArrowRight", "fold or go up, unfold or go down", (event) => (passed(event), redraw())],
  ["PageUp PageDown", "a page up, down", passed],
  ["Home End", "first, last span", passed],
  ["Space", "fold, unfold"],
  ["1 2 3 4", "unfold to this depth", (event) => { view.foldBelow(Number(event.key)); redraw(); }],
  ["0", "unfold everything", () => { view.foldBelow(1e9); redraw(); }],
  ["e", "next error", () => step(view.model.errors, 1, "no errors")],
  ["E", "previous error", () => step(view.model.errors, -1, "no errors")],
  ["/", "find in this trace", () => { findField.focus(); findField.select(); }],
  ["n", "next hit", () => step([...view.hits], 1, "nothing found")],
  ["N", "previous hit", () => step([...view.hits], -1, "nothing found")],
  ["f", "follow the newest span while it runs", () => { following = !following; announce(following ? "following" : "not following"); $("#tree").classList.toggle("following", following); }],
]);
keys("Span", [
  ["Enter", "go to the span's contents", () => $("#tab-body")?.focus()],
  ["[", "previous tab", () => panel.stepTab?.(-1)],
  ["]", "next tab", () => panel.stepTab?.(1)],
  ["x", "stack of the error", () => { const stack = panel.querySelector(".stack"); if (stack) stack.open = !stack.open; }],
  ["c", "copy …", copy],
]);
keys("Trace", [
  ["s", "score it", score],
  ["d", "compare with the previous trace of this name", () => compareWithPrevious()],
  ["t", "transcript of its session", () => trace.session && location.assign(`/sessions/${encodeURIComponent(trace.session)}`)],
]);

// The first rows do not wait for the modules that a key may ask for later.
const copying = () => import("../shared/copy.js");
const scoring = () => import("../shared/scores.js");

async function copy() {
  const { copyMenu } = await copying();
  if (trace && span) copyMenu({ trace, span });
}

async function score() {
  const { scoreDialog } = await scoring();
  if (trace) scoreDialog({ traceId: id, name: trace.name, done: load });
}

async function compareWithPrevious() {
  const before = await api.previousTrace(trace).catch(() => null);
  if (before) location.assign(`/compare?a=${before}&b=${id}`);
  else announce("there is no earlier trace of this name");
}

$("#copy").addEventListener("click", copy);
$("#tree").addEventListener("click", redraw);

showBar();
makeSplit($("#split"));
load();

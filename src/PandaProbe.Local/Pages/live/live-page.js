// The first page: what runs now, then the conversations, newest first. New ones are announced, and never make the list jump.
import * as api from "../shared/api.js";
import { showBar } from "../shared/bar.js";
import { $, announce, fill, h, setText } from "../shared/dom.js";
import { onChanges, oneAtATime, seen } from "../shared/events.js";
import { keys } from "../shared/keys.js";
import { age, cost, count, duration, plural, short } from "../shared/numbers.js";
import { read, write } from "../shared/state.js";
import { emptyPage } from "./empty.js";
import { listHead, sessionRow } from "./session-row.js";

const main = $("#main");
const strip = h("dl", { class: "strip", "aria-label": "Numbers of the newest calls" });
const news = h("button", { class: "news", type: "button", hidden: true, onclick: showNews });
const running = h("section", { "aria-label": "Running now", hidden: true }, listHead("Running now"), h("div", { class: "list" }));
const list = h("div", { class: "list" });
const more = h("button", { class: "more", type: "button", hidden: true, onclick: loadMore }, "Older");
const kept = h("p", { class: "faint" });
let items = [];
let waiting = [];
let cursor = null;
let following = read("follow") === "1";
let chosen = -1;

async function load() {
  let page;
  let numbers;
  try {
    [page, numbers] = await Promise.all([api.sessions({}), api.overview()]);
  } catch (problem) {
    fill(main, h("p", { class: "notice bad" }, `The list could not be read: ${problem.message}`));
    return;
  }
  seen(page.commit);
  if (page.items.length === 0) {
    fill(main, emptyPage(numbers));
    return;
  }
  items = page.items;
  cursor = page.next;
  if (!list.isConnected) fill(main, h("h1", { class: "unseen" }, "Live and sessions"), strip, running, listHead("Conversations"), news, list, more, kept);
  showStrip(numbers);
  showItems();
}

function showItems() {
  // Rows are made anew. The one that the reader is on stays the one.
  const current = rows()[chosen]?.dataset.key;
  const hadFocus = rows()[chosen] === document.activeElement;
  const live = items.filter((item) => item.running);
  running.hidden = live.length === 0;
  fill(running.lastChild, live.map(sessionRow));
  fill(list, items.filter((item) => !item.running).map(sessionRow));
  more.hidden = cursor === null;
  if (current !== undefined) chosen = rows().findIndex((row) => row.dataset.key === current);
  if (hadFocus) rows()[chosen]?.focus({ preventScroll: true });
  mark();
}

function showStrip(numbers) {
  const rate = numbers.newest > 0 ? (100 * numbers.failed) / numbers.newest : 0;
  const cells = [
    ["Traces", short(numbers.traces)],
    ["Model calls", short(numbers.calls)],
    ["Tokens", [short(numbers.input), h("small", null, " → "), short(numbers.output)]],
    ["Cost", cost(numbers.cost)],
    ["Errors", `${rate.toFixed(rate > 0 && rate < 10 ? 1 : 0)} %`, rate > 0],
    ["Time, median", duration(numbers.p50)],
    ["Time, p95", duration(numbers.p95)],
  ];
  fill(strip, cells.map(([name, value, bad]) => h("div", { class: bad ? "bad" : null }, h("dt", null, name), h("dd", null, value))));
  const notes = [
    numbers.newest < numbers.traces && `The numbers above are about the newest ${plural(numbers.newest, "trace")}.`,
    numbers.deletedTraces > 0 && `${plural(numbers.deletedTraces, "older trace")} left the store, to stay within its limits of size and age.`,
  ];
  setText(kept, notes.filter(Boolean).join(" "));
}

const changed = oneAtATime(() => refresh().catch(() => setTimeout(changed, 500)));

/** Rows that are on the page change in place. Rows that are new wait above the list, except while following. */
async function refresh() {
  if (items.length === 0) {
    await load();
    return;
  }
  const [page, numbers] = await Promise.all([api.sessions({}), api.overview()]);
  showStrip(numbers);
  const byKey = new Map(page.items.map((item) => [item.key, item]));
  items = items.map((item) => byKey.get(item.key) ?? item);
  const known = new Set(items.map((item) => item.key));
  waiting = page.items.filter((item) => !known.has(item.key));
  const atTop = following || waiting.every((item) => item.running);
  if (atTop && waiting.length > 0) showNews();
  else {
    showItems();
    news.hidden = waiting.length === 0;
    if (waiting.length > 0) {
      setText(news, `${count(waiting.length)} new`);
      announce(`${waiting.length} new`);
    }
  }
}

function showNews() {
  const fresh = new Set(waiting.map((item) => item.key));
  items = [...waiting, ...items].sort((a, b) => b.last - a.last);
  waiting = [];
  news.hidden = true;
  showItems();
  for (const row of main.querySelectorAll(".item")) row.classList.toggle("new", fresh.has(row.dataset.key));
}

async function loadMore() {
  const page = await api.sessions({ cursor });
  const known = new Set(items.map((item) => item.key));
  items = [...items, ...page.items.filter((item) => !known.has(item.key))];
  cursor = page.next;
  showItems();
}

function tickAges() {
  for (const time of main.querySelectorAll("time[data-time]")) setText(time, age(Number(time.dataset.time)));
}

const rows = () => [...main.querySelectorAll(".item")];

function mark() {
  rows().forEach((row, i) => row.classList.toggle("chosen", i === chosen));
}

function move(step) {
  const all = rows();
  if (all.length === 0) return;
  chosen = Math.max(0, Math.min(all.length - 1, chosen + step));
  all[chosen].focus();
  mark();
}

main.addEventListener("focusin", (event) => {
  const at = rows().indexOf(event.target);
  if (at >= 0) chosen = at;
  mark();
});

keys("List", [
  ["ArrowDown j", "next", () => move(1)],
  ["ArrowUp k", "previous", () => move(-1)],
  ["Enter", "open"],
  ["n", "show what is new", showNews],
  ["o", "older ones", () => !more.hidden && loadMore()],
  ["f", "follow: new rows appear by themselves", () => {
    following = !following;
    write({ follow: following ? "1" : null });
    announce(following ? "following" : "not following");
    if (following) showNews();
  }],
]);

showBar();
await load();
onChanges(changed);
setInterval(tickAges, 1000);

// The keys of a page: pages say what their keys do, and `?` lists them.
import { h } from "./dom.js";

const groups = new Map();
const byKey = new Map();

/** Adds keys under a heading: keys("Tree", [["e", "next error", run], …]). Several keys for one thing are separated by a blank. */
export function keys(heading, list) {
  const known = groups.get(heading) ?? [];
  groups.set(heading, [...known, ...list]);
  for (const [names, , run] of list) {
    if (run) for (const name of names.split(" ")) byKey.set(name, run);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const run = byKey.get(event.key);
  if (!run || run(event) === false) return;
  event.preventDefault();
});

const isTyping = (element) => element.matches?.("input, textarea, select, [contenteditable]");

function showHelp() {
  // A page may give a key of every page a meaning of its own.
  const inForce = ([names, , run]) => !run || names.split(" ").some((name) => byKey.get(name) === run);
  const sections = [...groups].map(([heading, list]) =>
    h("section", null, h("h3", null, heading), h("ul", null, list.filter(inForce).map(([names, what]) =>
      h("li", null, h("span", null, what), h("span", null, names.split(" ").flatMap((name) => [h("kbd", null, shown[name] ?? name), " "])))))));
  openDialog("Keys", h("div", { class: "keys" }, sections));
}

const shown = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", PageUp: "PgUp", PageDown: "PgDn", Escape: "Esc" };

/** Opens a dialog that closes by Escape and by a click beside it, and removes itself. */
export function openDialog(title, ...children) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, heading, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Opens a list of things to do: choose("Copy", [["m", "Markdown", run], …]). Each has a key of its own. */
export function choose(title, choices) {
  const buttons = choices.map(([key, what, run]) =>
    h("button", { type: "button", onclick: () => { dialog.close(); run(); } }, h("span", null, what), h("kbd", null, key)));
  const dialog = openDialog(title, h("div", { class: "choices" }, buttons));
  dialog.addEventListener("keydown", (event) => {
    const position = buttons.indexOf(document.activeElement);
    const index = choices.findIndex(([key]) => key === event.key);
    if (index >= 0) buttons[index].click();
    else if (event.key === "ArrowDown") buttons[(position + 1) % buttons.length].focus();
    else if (event.key === "ArrowUp") buttons[(position + buttons.length - 1) % buttons.length].focus();
    else return;
    event.preventDefault();
  });
}

keys("Everywhere", [
  ["?", "this list", showHelp],
  ["l", "live and sessions", () => location.assign("/")],
  ["/", "search", () => location.assign("/search")],
  ["Escape", "close, leave a field"],
]);

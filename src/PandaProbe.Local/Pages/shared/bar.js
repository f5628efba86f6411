// The bar on top of each page.
import { fill, h } from "./dom.js";

const icon = new URL("../icon.svg", import.meta.url);
const pages = [["/", "Live"], ["/search", "Search"]];

const connection = h("span", { class: "connection", "data-state": "idle" }, h("span", null, "not connected"));
const path = h("div", { class: "path" });

/** Fills the page's header. */
export function showBar() {
  const header = document.querySelector("header.bar");
  fill(header,
    h("a", { class: "skip", href: "#main" }, "Skip to the content"),
    h("a", { class: "brand", href: "/", "aria-label": "PandaProbe, live" }, h("img", { src: icon, alt: "" }), h("span", null, "PandaProbe")),
    h("nav", { "aria-label": "Pages" }, pages.map(([address, name]) =>
      h("a", { href: address, "aria-current": location.pathname === address ? "page" : null }, name))),
    path,
    connection,
    h("button", { class: "quiet", type: "button", "aria-label": "Keys", onclick: () => pressed("?") }, h("kbd", null, "?")));
}

/** Shows where the page is: [[text, address], …, [text]]. */
export function showPath(steps) {
  fill(path, steps.map(([text, address]) => (address ? h("a", { href: address }, text) : text)));
}

/** Shows whether changes arrive: idle, live or lost. */
export function showConnection(state) {
  connection.dataset.state = state;
  fill(connection, h("span", null, { idle: "not connected", live: "live", lost: "connection lost, trying again" }[state]));
}

const pressed = (key) => document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));

// Shows Markdown. The server turns it into HTML with HTML in it switched off; here only known elements are copied out of that,
// so neither a mistake there nor a trick in a model's answer puts anything else on the page.
import { renderMarkdown } from "./api.js";
import { h } from "./dom.js";
import { looksLikeMarkdown, visible } from "./text.js";

const allowed = new Set("p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong del hr br table thead tbody tr th td".split(" "));
const tooLong = 100_000;
let waiting = [];

/** Returns an element with the text, which becomes formatted text as soon as the server has answered. */
export function markdown(text) {
  const element = h("div", { class: "prose", dir: "auto" }, h("p", { class: "plain" }, visible(text)));
  if (text.length <= tooLong && looksLikeMarkdown(text)) {
    if (waiting.length === 0) queueMicrotask(renderWaiting);
    waiting.push([visible(text), element]);
  }
  return element;
}

async function renderWaiting() {
  const batch = waiting;
  waiting = [];
  const pages = await renderMarkdown(batch.map(([text]) => text)).catch(() => []);
  pages.forEach((html, i) => {
    const source = new DOMParser().parseFromString(html, "text/html").body;
    batch[i][1].replaceChildren(...copy(source));
  });
}

function copy(source) {
  return [...source.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
    if (node.nodeType !== Node.ELEMENT_NODE) return [];
    const name = node.localName;
    if (allowed.has(name)) return [h(name === "h1" || name === "h2" ? "h3" : name, name === "th" ? { scope: "col" } : null, copy(node))];
    if (name === "a") return [link(node)];
    if (name === "img") return [picture(node)];
    return copy(node);
  });
}

function link(node) {
  const address = node.getAttribute("href") ?? "";
  if (!/^(https?:|mailto:)/i.test(address)) return h("span", { title: "a link that is not opened" }, copy(node), ` (${visible(address)})`);
  return h("a", { href: address, rel: "noreferrer noopener", target: "_blank", title: address }, copy(node));
}

// A picture of another host would tell that host who reads this.
function picture(node) {
  const address = node.getAttribute("src") ?? "";
  const text = node.getAttribute("alt") || "picture";
  if (/^data:image\/(png|jpeg|gif|webp);/i.test(address)) return h("img", { src: address, alt: text });
  return h("span", { class: "faint" }, `[${text}: ${visible(address)}, not loaded]`);
}

// Makes elements. Texts become text nodes: nothing that a model or a tool wrote is ever parsed as HTML.

/** Makes an element: h("a", { class: "quiet", href, onclick }, "text", child, [more]). Null, undefined and false are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (properties.has(name)) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  append(element, children);
  return element;
}

// What a reader changes is a property: the attribute is what it was in the beginning.
const properties = new Set(["value", "open"]);

export function append(element, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Replaces what an element holds. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Sets a text only where it differs, so that lists of many rows touch the document little. */
export function setText(element, text) {
  if (element.firstChild?.nodeType === 3 && element.childNodes.length === 1) {
    if (element.firstChild.data !== text) element.firstChild.data = text;
  } else if (text !== "" || element.firstChild) {
    element.textContent = text;
  }
}

export const $ = (selector, within = document) => within.querySelector(selector);

/** Tells screen readers about a change, politely. */
export function announce(text) {
  let region = $("#announcer");
  if (!region) {
    region = h("div", { id: "announcer", class: "unseen", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  region.textContent = text;
}

/** Shows a short confirmation for everyone. */
export function toast(text) {
  let element = $(".toast");
  if (!element) {
    element = h("div", { class: "toast", "aria-hidden": "true" });
    document.body.append(element);
  }
  element.textContent = text;
  element.classList.add("shown");
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => element.classList.remove("shown"), 1800);
  announce(text);
}

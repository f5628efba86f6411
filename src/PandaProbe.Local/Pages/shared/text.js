// Makes the texts of models and tools safe to look at: characters that deceive the eye become visible.

// Colours and cursor movements of terminals (ANSI). They have no meaning here.
const terminal = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;
// Control characters other than tab and line feed, and those that change the direction of the text around them.
const deceptive = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Returns the text as it is shown. Copying uses the text itself. */
export function visible(text) {
  if (!text) return "";
  return wellFormed(text).replace(terminal, "").replaceAll("\r\n", "\n").replace(/\r/g, "\n").replace(deceptive, codePoint);
}

const codePoint = (character) => `⟨U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** Replaces halves of surrogate pairs, which some sinks refuse. */
const wellFormed = (text) =>
  text.toWellFormed ? text.toWellFormed() : text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");

/** The first line that says something, for a list. */
export function firstLine(text, most = 200) {
  const start = (text ?? "").slice(0, 4 * most).trimStart();
  const end = start.search(/[\r\n]/);
  const line = visible(end < 0 ? start : start.slice(0, end)).trimEnd();
  return line.length > most ? `${cut(line, most)}…` : line;
}

/** A sentence of the server, which begins in lower case because terminals put it behind a name. */
export const sentence = (text) => visible(text).replace(/^./u, (first) => first.toUpperCase()).replaceAll(" %", "\u00a0%");

/** Cuts without dividing a surrogate pair. */
export function cut(text, length) {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}

/** Parses what may be JSON. Returns undefined for what is not an object or an array. */
export function tryJson(text) {
  const first = text?.trimStart()[0];
  if (first !== "{" && first !== "[") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a text uses Markdown at all. Most do not, and need no request. */
export const looksLikeMarkdown = (text) =>
  /(^|\n)(#{1,6} |[-*+] |\d+[.)] |> |```|~~~|\|.*\|)|\*\*|__|`|\[[^\]]+\]\(|(^|\W)\*\w/.test(text);

// The difference of two texts, word by word.
import { h } from "../shared/dom.js";
import { visible } from "../shared/text.js";

const mostCells = 6_000_000;

/** Shows both texts as one: what was removed, what was added, and what stayed. */
export function wordDifference(before, after) {
  return h("pre", { class: "text words", dir: "auto" }, difference(before, after).map(([kind, text]) =>
    kind === "same" ? visible(text) : h(kind, null, visible(text))));
}

/** Returns [["same" | "del" | "ins", text], …] by words; by lines where the texts are long. */
export function difference(before, after) {
  return compare(words(before), words(after)) ?? compare(lines(before), lines(after)) ?? join([["del", before], ["ins", after]]);
}

const words = (text) => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];
const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The longest common subsequence of what lies between the equal start and the equal end; null when it would be too much work. */
function compare(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const rows = a.length - start - end;
  const columns = b.length - start - end;
  if ((rows + 1) * (columns + 1) > mostCells) return null;

  const width = columns + 1;
  const longest = new Uint32Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      longest[i * width + j] = a[start + i] === b[start + j]
        ? longest[(i + 1) * width + j + 1] + 1
        : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }

  const parts = a.slice(0, start).map((word) => ["same", word]);
  for (let i = 0, j = 0; i < rows || j < columns;) {
    if (i < rows && j < columns && a[start + i] === b[start + j]) {
      parts.push(["same", a[start + i++]]);
      j++;
    } else if (j >= columns || (i < rows && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) parts.push(["del", a[start + i++]]);
    else parts.push(["ins", b[start + j++]]);
  }
  return join([...parts, ...a.slice(a.length - end).map((word) => ["same", word])]);
}

function join(parts) {
  const joined = [];
  for (const [kind, text] of parts) {
    if (text === "") continue;
    if (joined.at(-1)?.[0] === kind) joined.at(-1)[1] += text;
    else joined.push([kind, text]);
  }
  return joined;
}

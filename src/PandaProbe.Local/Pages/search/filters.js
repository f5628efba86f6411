// The part of a search that says which traces are meant. The sums are about these traces; words and kinds of spans narrow the hits only.

const names = ["session", "user", "name", "tag", "run", "model"];

/** model:gpt-5* error cost>0.01 "words" → { model: "gpt-5*", errors: 1, cost_above: 0.01 } */
export function filtersOf(text) {
  const filters = {};
  for (const [, name, quoted, plain] of text.matchAll(/(\w+):(?:"([^"]*)"|(\S+))/g)) {
    if (names.includes(name.toLowerCase())) filters[name.toLowerCase()] = quoted ?? plain;
  }
  const [, cost] = /\bcost>([\d.]+)/i.exec(text) ?? [];
  if (cost) filters.cost_above = cost;
  if (/(^|\s)error(\s|$)/i.test(text)) filters.errors = 1;
  return filters;
}

/** The words that are looked for in texts: what is neither a condition nor quoted, and what is quoted. */
export const wordsOf = (text) => [...text.matchAll(/(?<=^|\s)(?:"([^"]+)"|([^\s":>]+)(?=\s|$))/g)]
  .map(([, quoted, plain]) => quoted ?? plain).filter((word) => !/^(error|running)$/i.test(word));

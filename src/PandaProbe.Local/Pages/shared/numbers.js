// Writes numbers and times so that they can be read at a glance and align in columns.

export const unknown = "–";

export const count = (value) => (known(value) ? grouped(value) : unknown);

// Intl.NumberFormat writes the same, and takes longer to get ready than the first rows of a trace do.
const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");

/** 2,920 → 42 */
export function tokens(input, output) {
  if (known(input) || known(output)) return `${count(input)} → ${count(output)}`;
  return unknown;
}

/** 2.9k → 42, for narrow columns. */
export function shortTokens(input, output) {
  if (known(input) || known(output)) return `${short(input)} → ${short(output)}`;
  return "";
}

export function short(value) {
  if (!known(value)) return unknown;
  if (value < 10_000) return grouped(value);
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)}k`;
  return `${(value / 1_000_000).toFixed(value < 100_000_000 ? 1 : 0)}M`;
}

/** Dollars with four decimals, because calls cost fractions of a cent. An unknown cost is a dash, never zero. */
export function cost(value) {
  if (!known(value)) return unknown;
  if (value !== 0 && Math.abs(value) < 0.0001) return "<$0.0001";
  return `$${value.toFixed(Math.abs(value) < 10 ? 4 : 2)}`;
}

/** Milliseconds as 0.4 ms, 47 ms, 1.24 s, 2m 05s, 1h 02m. */
export function duration(ms) {
  if (!known(ms)) return unknown;
  if (ms < 0) return `−${duration(-ms)}`;
  if (ms < 9.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor(seconds / 60) % 60)}m`;
}

export const percent = (part, whole) => (whole > 0 && known(part) ? `${Math.round((100 * part) / whole)} %` : unknown);

/** 21:03:12, and the day before it when it was not today. */
export function clock(ms) {
  if (!known(ms)) return unknown;
  const time = new Date(ms);
  const text = `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
  const today = new Date();
  return time.toDateString() === today.toDateString() ? text : `${day(time)} ${text}`;
}

const day = (time) => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;

/** now, 12 s, 5 min, 3 h, 2 d: the time since. */
export function age(ms, now = Date.now()) {
  if (!known(ms)) return unknown;
  const seconds = Math.max(0, (now - ms) / 1000);
  if (seconds < 2) return "now";
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** 1.2 MB */
export function bytes(value) {
  if (!known(value)) return unknown;
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} KB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

/** "1 tool", "2 tools" */
export const plural = (value, word) => `${count(value)} ${word}${value === 1 ? "" : "s"}`;

/** +12 %, −3 ms: a difference, written by the function given. */
export function delta(before, after, write) {
  if (!known(before) || !known(after)) return "";
  const difference = after - before;
  const text = write(Math.abs(difference)).replace("<", "");
  // A difference that is too small to be written is none.
  return /[1-9]/.test(text) ? `${difference > 0 ? "+" : "−"}${text}` : "±0";
}

const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
const two = (value) => String(value).padStart(2, "0");

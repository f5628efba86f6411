// How something ended, in the same signs on every page.

export const signs = { error: "✕", running: "●", recovered: "↻", ok: "✓" };

/** The status of a conversation or a turn. Steps that failed on the way to an answer are recovered. */
export const statusOf = ({ running, failures, errors }) =>
  (running ? "running" : failures > 0 ? "error" : errors > 0 ? "recovered" : "ok");

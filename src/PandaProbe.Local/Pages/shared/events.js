// Tells pages what changed in the store, as it changes.
import { showConnection } from "./bar.js";

const listeners = [];
let source;
let last;

/**
 * Calls `listener(changes)` after each commit. The browser reconnects by itself and says which commit it saw last, so that
 * nothing is missed. A hidden page gives its connection back: browsers allow six to a host.
 */
export function onChanges(listener) {
  listeners.push(listener);
  if (!source) connect();
}

/**
 * Returns a function that runs `work`, once at a time: changes come as often as every 50 ms. What is asked for meanwhile runs once more,
 * behind it and a pause, so that the last change is always loaded.
 */
export function oneAtATime(work, pause) {
  let busy = false;
  let again = false;
  return async () => {
    again = true;
    if (busy) return;
    busy = true;
    try {
      while (again) {
        again = false;
        await work();
        if (pause) await new Promise((done) => setTimeout(done, pause));
      }
    } finally {
      busy = false;
    }
  };
}

function connect() {
  if (source || document.hidden) return;
  source = new EventSource(last === undefined ? "/api/events" : `/api/events?since=${last}`);
  source.addEventListener("open", () => showConnection("live"));
  source.addEventListener("error", () => {
    showConnection("lost");
    // A source that gave up does not come back by itself.
    if (source?.readyState === EventSource.CLOSED) {
      source = undefined;
      setTimeout(connect, 1000);
    }
  });
  source.addEventListener("commit", (event) => {
    last = event.lastEventId;
    const { traces, sessions, isPartial } = JSON.parse(event.data);
    const changes = {
      traces,
      sessions,
      includesTrace: (id) => isPartial || traces.includes(id),
      includesSession: (id) => isPartial || sessions.includes(id),
    };
    for (const listener of listeners) listener(changes);
  });
}

/** Remembers the commit that a page was loaded with, so that the first connection misses nothing either. */
export function seen(commit) {
  if (commit !== undefined && last === undefined) last = commit;
}

document.addEventListener("visibilitychange", () => {
  if (listeners.length === 0) return;
  if (document.hidden) {
    source?.close();
    source = undefined;
    showConnection("idle");
  } else {
    connect();
  }
});
addEventListener("pagehide", () => source?.close());

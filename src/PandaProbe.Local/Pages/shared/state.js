// The state of a page is in its address, so that every view can be sent to somebody and found again.

export const read = (name) => new URLSearchParams(location.search).get(name);

/** Changes parameters of the address. An empty value removes its parameter. `push` makes the step one that Back undoes. */
export function write(changes, { push = false } = {}) {
  const parameters = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === "") parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString();
  const address = location.pathname + (query ? `?${query}` : "") + location.hash;
  if (address === location.pathname + location.search + location.hash) return;
  history[push ? "pushState" : "replaceState"](null, "", address);
}

/** The last part of the path: the id of the trace or the session. */
export const idOfPage = () => decodeURIComponent(location.pathname.split("/").filter(Boolean).at(-1) ?? "");

// The line between tree and span, which the mouse or the arrow keys move.

export function makeSplit(separator) {
  const holder = separator.parentElement;
  const set = (percent) => {
    const within = Math.round(Math.max(25, Math.min(80, percent)));
    holder.style.setProperty("--left", `${within}%`);
    separator.setAttribute("aria-valuenow", within);
  };
  separator.addEventListener("pointerdown", (event) => separator.setPointerCapture(event.pointerId));
  separator.addEventListener("pointermove", (event) => {
    if (!separator.hasPointerCapture(event.pointerId)) return;
    const { left, width } = holder.getBoundingClientRect();
    set((100 * (event.clientX - left)) / width);
  });
  separator.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -3, ArrowRight: 3 }[event.key];
    if (!step) return;
    set(Number(separator.getAttribute("aria-valuenow")) + step);
    event.preventDefault();
  });
}

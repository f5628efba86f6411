// The whole trace at the side of the tree: a line per row with its time, errors at the right edge, hits at the left.

const rowsAtATime = 5000;

export class Minimap {
  constructor(element, view) {
    this.view = view;
    this.canvas = document.createElement("canvas");
    this.window = document.createElement("div");
    this.window.className = "window";
    element.append(this.canvas, this.window);
    element.addEventListener("pointerdown", (event) => this.drag(event));
    element.addEventListener("pointermove", (event) => event.buttons && this.drag(event));
    element.addEventListener("wheel", (event) => { view.element.scrollTop += event.deltaY; }, { passive: true });
    this.element = element;
    new ResizeObserver(() => this.drawSoon()).observe(view.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.drawSoon());
  }

  /** Draws behind the next frame, once however often it is asked: rows come first. */
  drawSoon() {
    this.fit();
    this.wanted ??= requestAnimationFrame(() => setTimeout(() => this.draw()));
  }

  /** A tree that is in sight as a whole has no map. */
  fit() {
    const { model } = this.view;
    this.element.closest(".tree-pane").classList.toggle("fits", Boolean(model) && model.visible.length * this.view.rowHeight <= this.view.element.clientHeight);
  }

  /** Draws all rows. A row is at most four pixels high; with more rows than pixels some share one. */
  draw() {
    this.wanted = undefined;
    this.fit();
    const { model } = this.view;
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (!model || width === 0 || height === 0) return;
    const scale = devicePixelRatio;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    this.step = Math.min(4, height / Math.max(1, model.visible.length));
    this.place();
    this.drawRows(context, width, 0, [], new Map());
  }

  /** Draws some thousand rows at a time, so that keys and scrolling are never late. A drawing that starts later ends this one. */
  drawRows(context, width, from, marks, colours) {
    const { model, now, begin, hits } = this.view;
    const { heads, visible } = model;
    const { step } = this;
    const thick = Math.max(1, step - 1);
    const total = Math.max(now - begin, 0.001);
    const to = Math.min(visible.length, from + rowsAtATime);
    let colour;
    for (let row = from; row < to; row++) {
      const index = visible[row];
      const start = heads.start[index] - begin;
      const end = (Number.isNaN(heads.end[index]) ? now : heads.end[index]) - begin;
      const kind = heads.kind[index];
      if (!colours.has(kind)) colours.set(kind, resolve(this.element, `--${kind.toLowerCase()}`));
      if (colours.get(kind) !== colour) context.fillStyle = colour = colours.get(kind);
      context.fillRect(6 + ((width - 14) * start) / total, row * step, Math.max(1.5, ((width - 14) * (end - start)) / total), thick);
      if (heads.error[index] || (model.folded[index] && model.errorBelow[index])) marks.push([row, width - 5, "--error"]);
      if (hits.has(index)) marks.push([row, 0, "--warn"]);
    }

    clearTimeout(this.rest);
    if (to < visible.length) {
      this.rest = setTimeout(() => model === this.view.model && visible === model.visible && this.drawRows(context, width, to, marks, colours));
      return;
    }

    for (const name of new Set(marks.map(([, , property]) => property))) colours.set(name, resolve(this.element, name));
    for (const [row, left, property] of marks) {
      context.fillStyle = colours.get(property);
      context.fillRect(left, row * step - 1, 5, Math.max(3, step));
    }
  }

  /** Moves the frame that shows which rows are in sight. */
  place() {
    const { element, model, rowHeight } = this.view;
    if (!model || !this.step) return;
    const perPixel = this.step / rowHeight;
    this.window.style.top = `${element.scrollTop * perPixel}px`;
    this.window.style.height = `${Math.max(6, Math.min(element.clientHeight, model.visible.length * rowHeight) * perPixel)}px`;
  }

  drag(event) {
    const { element, rowHeight } = this.view;
    const y = event.clientY - this.element.getBoundingClientRect().top;
    element.scrollTop = (y / this.step) * rowHeight - element.clientHeight / 2;
  }
}

// A canvas does not understand light-dark(): the browser resolves it where it is used as a colour.
function resolve(element, property) {
  element.style.setProperty("outline-color", `var(${property})`);
  const colour = getComputedStyle(element).outlineColor;
  element.style.removeProperty("outline-color");
  return colour;
}

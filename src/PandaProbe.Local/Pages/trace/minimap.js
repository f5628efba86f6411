// The whole trace at the side of the tree: a line per row with its time, errors at the right edge, hits at the left.

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
    new ResizeObserver(() => this.draw()).observe(view.element);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Draws all rows. A row is at most four pixels high; with more rows than pixels some share one. */
  draw() {
    const { model } = this.view;
    const fits = model && model.visible.length * 28 <= this.view.element.clientHeight;
    this.element.closest(".tree-pane").classList.toggle("fits", fits);
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (!model || width === 0 || height === 0) return;
    const scale = devicePixelRatio;
    this.canvas.width = width * scale;
    this.canvas.height = height * scale;
    const context = this.canvas.getContext("2d");
    context.scale(scale, scale);
    const rows = model.visible.length;
    const step = Math.min(4, height / Math.max(1, rows));
    const thick = Math.max(1, step - 1);
    const { heads } = model;
    const total = Math.max(this.view.now - this.view.begin, 0.001);
    const colours = new Map();
    const colourOf = (kind) => {
      if (!colours.has(kind)) colours.set(kind, resolve(this.element, `--${kind.toLowerCase()}`));
      return colours.get(kind);
    };
    const marks = [];
    for (let row = 0; row < rows; row++) {
      const index = model.visible[row];
      const start = heads.start[index] - this.view.begin;
      const end = (Number.isNaN(heads.end[index]) ? this.view.now : heads.end[index]) - this.view.begin;
      context.fillStyle = colourOf(heads.kind[index]);
      context.fillRect(6 + ((width - 14) * start) / total, row * step, Math.max(1.5, ((width - 14) * (end - start)) / total), thick);
      if (heads.error[index] || (model.folded[index] && model.errorBelow[index])) marks.push([row, width - 5, "--error"]);
      if (this.view.hits.has(index)) marks.push([row, 0, "--warn"]);
    }
    for (const [row, left, colour] of marks) {
      context.fillStyle = resolve(this.element, colour);
      context.fillRect(left, row * step - 1, 5, Math.max(3, step));
    }
    this.step = step;
    this.place();
  }

  /** Moves the frame that shows which rows are in sight. */
  place() {
    const { element, model } = this.view;
    if (!model || !this.step) return;
    const perPixel = this.step / 28;
    this.window.style.top = `${element.scrollTop * perPixel}px`;
    this.window.style.height = `${Math.max(6, Math.min(element.clientHeight, model.visible.length * 28) * perPixel)}px`;
  }

  drag(event) {
    const { element } = this.view;
    const y = event.clientY - this.element.getBoundingClientRect().top;
    element.scrollTop = (y / this.step) * 28 - element.clientHeight / 2;
  }
}

// A canvas does not understand light-dark(): the browser resolves it where it is used as a colour.
function resolve(element, property) {
  element.style.setProperty("outline-color", `var(${property})`);
  const colour = getComputedStyle(element).outlineColor;
  element.style.removeProperty("outline-color");
  return colour;
}

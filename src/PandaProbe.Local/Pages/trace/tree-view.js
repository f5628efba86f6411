// The tree on the page: only the rows that can be seen, and a few around them, are in the document.
import { announce, h } from "../shared/dom.js";
import { makeRow, writeRow } from "./tree-row.js";

const around = 8;

export class TreeView {
  /** `onSelect()` is called when a span is chosen, `onChange()` after folding and scrolling. */
  constructor(element, { onSelect, onChange }) {
    this.element = element;
    this.onSelect = onSelect;
    this.onChange = onChange;
    this.selected = -1;
    this.hits = new Set();
    this.pool = [];
    this.space = h("div", { class: "tree-space", role: "presentation" });
    element.append(this.space);
    element.addEventListener("scroll", () => this.draw(), { passive: true });
    element.addEventListener("click", (event) => this.clicked(event));
    element.addEventListener("keydown", (event) => this.key(event));
    this.measure();
    new ResizeObserver(() => { this.measure(); this.draw(); }).observe(element);
  }

  /** The height of a row is the stylesheet's: it depends on the size of the window. */
  measure() {
    this.rowHeight = parseFloat(getComputedStyle(this.element).getPropertyValue("--row"));
  }

  get selectedId() {
    return this.model?.heads.id[this.selected];
  }

  /** Shows a trace with a span selected. Where a version of it was shown before, its folds and its place stay. */
  show(model, selected) {
    if (this.model) model.foldAs(this.model);
    const isFirst = !this.model;
    this.model = model;
    this.selected = selected;
    this.space.style.height = `${model.visible.length * this.rowHeight}px`;
    if (isFirst && selected >= 0) this.scrollTo(selected);
    this.draw();
  }

  /** Draws the rows in sight. Elements are used again: scrolling makes none. */
  draw() {
    const { model, element, rowHeight } = this;
    if (!model) return;
    this.space.style.height = `${model.visible.length * rowHeight}px`;
    element.parentElement.style.setProperty("--rows", model.visible.length);
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - around);
    const last = Math.min(model.visible.length, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + around);
    while (this.pool.length < last - first) this.pool.push(makeRow(this.space));
    this.pool.forEach((row, i) => {
      const place = first + i;
      row.element.hidden = place >= last;
      if (place < last) writeRow(row, this, model.visible[place], place);
    });
    this.onChange?.();
  }

  select(index, { scroll = true, focus = false } = {}) {
    if (index === undefined || index < 0) return;
    this.model.reveal(index);
    this.selected = index;
    if (scroll) this.scrollTo(index);
    this.draw();
    this.element.setAttribute("aria-activedescendant", `row-${this.model.row[index] % 4096}`);
    if (focus) this.element.focus({ preventScroll: true });
    this.onSelect();
  }

  scrollTo(index) {
    const { rowHeight } = this;
    const top = this.model.row[index] * rowHeight;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + rowHeight > scrollTop + clientHeight) {
      this.element.scrollTop = top > scrollTop + 2 * clientHeight ? top - clientHeight / 2 : top + rowHeight - clientHeight;
    }
  }

  fold(index, folded) {
    if (!this.model.hasChildren(index)) return;
    this.model.fold(index, folded);
    if (this.selected >= 0 && this.model.row[this.selected] < 0) this.select(index, { scroll: false });
    this.draw();
    announce(folded ? `folded, ${this.model.size[index] - 1} spans hidden` : "unfolded");
  }

  foldBelow(depth) {
    this.model.foldBelow(depth);
    if (this.selected >= 0 && this.model.row[this.selected] < 0) {
      let above = this.selected;
      while (this.model.row[above] < 0) above = this.model.heads.parent[above];
      this.select(above);
    }
    this.draw();
  }

  showHits(hits) {
    this.hits = new Set(hits);
    this.draw();
  }

  /** Selects the next of some spans in the order of the tree, from the selected one. */
  step(indices, direction) {
    if (indices.length === 0) return;
    const next = direction > 0
      ? indices.find((index) => index > this.selected) ?? indices[0]
      : indices.findLast((index) => index < this.selected) ?? indices.at(-1);
    this.select(next, { focus: true });
  }

  clicked(event) {
    const row = event.target.closest("[role=treeitem]");
    if (!row) return;
    const index = this.model.visible[Number(row.dataset.place)];
    if (event.target.closest(".fold") && this.model.hasChildren(index)) this.fold(index, !this.model.folded[index]);
    else this.select(index, { scroll: false });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.model) return;
    const { model, selected } = this;
    const row = selected < 0 ? -1 : model.row[selected];
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const move = (to) => this.select(model.visible[Math.max(0, Math.min(model.visible.length - 1, to))]);
    switch (event.key) {
      case "ArrowDown": case "j": move(row + 1); break;
      case "ArrowUp": case "k": move(row - 1); break;
      case "PageDown": move(row + page); break;
      case "PageUp": move(row - page); break;
      case "Home": move(0); break;
      case "End": move(model.visible.length - 1); break;
      case "ArrowRight":
        if (selected >= 0 && model.folded[selected]) this.fold(selected, false);
        else if (selected >= 0 && model.hasChildren(selected)) move(row + 1);
        break;
      case "ArrowLeft":
        if (selected >= 0 && model.hasChildren(selected) && !model.folded[selected]) this.fold(selected, true);
        else if (selected >= 0 && model.heads.parent[selected] >= 0) this.select(model.heads.parent[selected]);
        break;
      case " ": if (selected >= 0) this.fold(selected, !model.folded[selected]); break;
      default: return;
    }
    event.preventDefault();
  }
}

// The spans of a trace as a tree in columns. A hundred thousand spans are a few typed arrays here, and no objects.

/**
 * Takes the heads of a trace: `parent` holds indices or -1, `start` and `end` milliseconds; `end` is NaN while a span runs.
 * What is shown is `visible`: the indices of the rows, in order, without those below folded spans.
 */
export class TreeModel {
  constructor(heads) {
    this.heads = heads;
    this.count = heads.id.length;
    this.indexOf = new Map(heads.id.map((id, index) => [id, index]));
    this.folded = new Uint8Array(this.count);
    this.arrange();
    this.markErrors();
    this.show();
  }

  /** Puts the spans in depth-first order, children by their start. Spans in a cycle of parents hang below the root. */
  arrange() {
    const { parent, start } = this.heads;
    const first = new Int32Array(this.count + 1).fill(-1);
    const next = new Int32Array(this.count).fill(-1);
    const byStart = Array.from({ length: this.count }, (_, index) => index).sort((a, b) => start[b] - start[a] || b - a);
    const root = this.count;
    for (const index of byStart) {
      const above = parent[index] >= 0 && parent[index] !== index ? parent[index] : root;
      next[index] = first[above];
      first[above] = index;
    }

    this.order = new Int32Array(this.count);
    this.rank = new Int32Array(this.count).fill(-1);
    this.depth = new Int32Array(this.count);
    this.position = new Int32Array(this.count);
    this.siblings = new Int32Array(this.count);
    this.above = Int32Array.from(parent, (value, index) => (value === index ? -1 : value));
    this.size = new Int32Array(this.count).fill(1);
    let length = 0;

    const walk = (top, topDepth) => {
      const stack = [[top, topDepth]];
      while (stack.length > 0) {
        const [index, depth] = stack.pop();
        this.rank[index] = length;
        this.order[length++] = index;
        this.depth[index] = depth;
        const children = [];
        for (let child = first[index]; child >= 0; child = next[child]) if (this.rank[child] < 0) children.push(child);
        this.number(children);
        for (let i = children.length - 1; i >= 0; i--) stack.push([children[i], depth + 1]);
      }
    };

    const roots = [];
    for (let index = first[root]; index >= 0; index = next[index]) roots.push(index);
    this.number(roots);
    for (const index of roots) walk(index, 0);
    for (let index = 0; length < this.count; index++) {
      if (this.rank[index] >= 0) continue;
      this.above[index] = -1;
      this.number([index]);
      walk(index, 0);
    }

    for (let rank = this.count - 1; rank > 0; rank--) {
      const index = this.order[rank];
      if (this.above[index] >= 0) this.size[this.above[index]] += this.size[index];
    }
  }

  number(children) {
    children.forEach((child, position) => {
      this.position[child] = position + 1;
      this.siblings[child] = children.length;
    });
  }

  /** Marks every span above an error, so that a folded tree still shows where to look. */
  markErrors() {
    this.errorBelow = new Uint8Array(this.count);
    this.errors = [];
    for (let rank = 0; rank < this.count; rank++) {
      const index = this.order[rank];
      if (!this.heads.error[index]) continue;
      this.errors.push(index);
      for (let above = this.above[index]; above >= 0 && !this.errorBelow[above]; above = this.above[above]) this.errorBelow[above] = 1;
    }
  }

  /** Computes which rows are visible. */
  show() {
    const rows = new Int32Array(this.count);
    let length = 0;
    for (let rank = 0; rank < this.count;) {
      const index = this.order[rank];
      rows[length++] = index;
      rank += this.folded[index] ? this.size[index] : 1;
    }
    this.visible = rows.subarray(0, length);
    this.row = new Int32Array(this.count).fill(-1);
    for (let row = 0; row < length; row++) this.row[this.visible[row]] = row;
  }

  hasChildren(index) {
    return this.size[index] > 1;
  }

  fold(index, folded) {
    this.folded[index] = folded ? 1 : 0;
    this.show();
  }

  /** Folds everything below a depth; a large number unfolds everything. */
  foldBelow(depth) {
    for (let index = 0; index < this.count; index++) this.folded[index] = this.hasChildren(index) && this.depth[index] >= depth ? 1 : 0;
    this.show();
  }

  /** Unfolds what is above a span. */
  reveal(index) {
    let changed = false;
    for (let above = this.above[index]; above >= 0; above = this.above[above]) {
      changed ||= this.folded[above] === 1;
      this.folded[above] = 0;
    }
    if (changed) this.show();
  }

  /** Takes over what was folded in an earlier version of the same trace. */
  foldAs(earlier) {
    let any = false;
    for (let index = 0; index < earlier.count; index++) {
      if (!earlier.folded[index]) continue;
      const now = this.indexOf.get(earlier.heads.id[index]);
      if (now === undefined) continue;
      this.folded[now] = 1;
      any = true;
    }
    if (any) this.show();
  }

  /** Finds the spans whose name, model or error contains a text. */
  find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const { name, model, error, kind } = this.heads;
    const matches = (index) => [name[index], model[index], error[index], kind[index]]
      .some((value) => typeof value === "string" && value.toLowerCase().includes(wanted));
    return [...this.order].filter(matches);
  }
}

// The spans of a trace as a tree in columns. A hundred thousand spans are a few typed arrays here, and no objects.

/**
 * Takes the heads of a trace: `parent` holds indices or -1, `start` and `end` milliseconds; `end` is NaN while a span runs.
 * What is shown is `visible`: the indices of the rows, in order, without those below folded spans.
 */
export class TreeModel {
  constructor(heads) {
    this.heads = heads;
    this.count = heads.id.length;
    this.folded = new Uint8Array(this.count);
    this.arrange();
    this.markErrors();
    this.show();
  }

  /** Finds a span by its id. The map is made when it is first asked for: the first rows do not need it. */
  indexOf(id) {
    this.byId ??= new Map(this.heads.id.map((known, index) => [known, index]));
    return this.byId.get(id) ?? -1;
  }

  /** Puts the spans in depth-first order, children by their start. Spans in a cycle of parents become roots. */
  arrange() {
    const { count } = this;
    const { parent } = this.heads;
    // The children of a span are a chain: its first child, and of each child the next one. The last chain holds the roots.
    const first = new Int32Array(count + 1).fill(-1);
    const next = new Int32Array(count).fill(-1);
    const byStart = this.byStart();
    for (let i = count - 1; i >= 0; i--) {
      const index = byStart[i];
      const above = parent[index] >= 0 && parent[index] !== index ? parent[index] : count;
      next[index] = first[above];
      first[above] = index;
    }

    this.order = new Int32Array(count);
    this.rank = new Int32Array(count).fill(-1);
    this.depth = new Int32Array(count);
    this.position = new Int32Array(count);
    this.siblings = new Int32Array(count);
    this.above = Int32Array.from(parent, (value, index) => (value === index ? -1 : value));
    this.size = new Int32Array(count).fill(1);
    let length = 0;

    // Follows the chains from a span on, down before along, and climbs by `above`.
    const walk = (top) => {
      let index = top;
      while (length < count) {
        this.rank[index] = length;
        this.order[length++] = index;
        if (first[index] >= 0) {
          this.number(first[index], next, this.depth[index] + 1);
          index = first[index];
          continue;
        }
        while (index !== top && next[index] < 0) index = this.above[index];
        if (index === top) return;
        index = next[index];
      }
    };

    this.number(first[count], next, 0);
    for (let index = first[count]; index >= 0; index = next[index]) walk(index);
    for (let index = 0; length < count; index++) {
      if (this.rank[index] >= 0) continue;
      // The first span of a cycle that is found is cut out of the chain of its parent.
      const above = parent[index];
      if (first[above] === index) first[above] = next[index];
      else {
        let before = first[above];
        while (next[before] !== index) before = next[before];
        next[before] = next[index];
      }
      next[index] = -1;
      this.above[index] = -1;
      this.number(index, next, 0);
      walk(index);
    }

    for (let rank = count - 1; rank > 0; rank--) {
      const index = this.order[rank];
      if (this.above[index] >= 0) this.size[this.above[index]] += this.size[index];
    }
  }

  /** The spans by their start. Most traces arrive in that order, and need no sorting. */
  byStart() {
    const { start } = this.heads;
    const indices = Int32Array.from({ length: this.count }, (_, index) => index);
    for (let index = 1; index < this.count; index++) {
      if (start[index] < start[index - 1]) return indices.sort((a, b) => start[a] - start[b] || a - b);
    }
    return indices;
  }

  /** Numbers a chain of siblings. */
  number(head, next, depth) {
    let siblings = 0;
    for (let index = head; index >= 0; index = next[index]) this.position[index] = ++siblings;
    for (let index = head; index >= 0; index = next[index]) {
      this.siblings[index] = siblings;
      this.depth[index] = depth;
    }
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

  /**
   * The tokens and the cost of the calls below a span: { input, output, cost }, or null without any. A cost of null is unknown. Spans that
   * sum up others are left out. The sums of all spans are made when the first is asked for.
   */
  usageBelow(index) {
    this.sums ??= this.sumUp();
    const { input, output, cost } = this.sums;
    return input[index] > 0 || output[index] > 0 ? { input: input[index], output: output[index], cost: cost[index] > 0 ? cost[index] : null } : null;
  }

  sumUp() {
    const { input, output, cost, sum } = this.heads;
    const below = (values) => {
      const sums = new Float64Array(this.count);
      for (let rank = this.count - 1; rank > 0; rank--) {
        const index = this.order[rank];
        const above = this.above[index];
        if (above >= 0) sums[above] += sums[index] + (sum[index] ? 0 : values[index] ?? 0);
      }
      return sums;
    };
    return { input: below(input), output: below(output), cost: below(cost) };
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
      const now = this.indexOf(earlier.heads.id[index]);
      if (now < 0) continue;
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

// The spans of a trace as a tree in columns. A hundred thousand spans are a few typed arrays here, and no objects.

/**
 * Takes the heads of a trace as the server orders them: each span before its children, children by their start. `parent` holds indices
 * or -1, `start` and `end` milliseconds; `end` is NaN while a span runs.
 * What is shown is `visible`: the indices of the rows, in order, without those below folded spans.
 */
export class TreeModel {
  constructor(heads) {
    this.heads = heads;
    this.count = heads.id.length;
    this.folded = new Uint8Array(this.count);
    this.countBelow();
    this.markErrors();
    this.show();
  }

  indexOf(id) {
    return this.heads.id.indexOf(id);
  }

  /** Numbers the children of each span, and counts the spans of each subtree. */
  countBelow() {
    const { count } = this;
    const { parent } = this.heads;
    this.position = new Int32Array(count);
    this.children = new Int32Array(count);
    this.size = new Int32Array(count).fill(1);
    this.roots = 0;
    for (let index = 0; index < count; index++) {
      this.position[index] = parent[index] < 0 ? ++this.roots : ++this.children[parent[index]];
    }
    for (let index = count - 1; index > 0; index--) {
      if (parent[index] >= 0) this.size[parent[index]] += this.size[index];
    }
  }

  /** How many spans have the same parent, this one included. */
  siblings(index) {
    const above = this.heads.parent[index];
    return above < 0 ? this.roots : this.children[above];
  }

  /** Marks every span above an error, so that a folded tree still shows where to look. */
  markErrors() {
    const { error, parent } = this.heads;
    this.errorBelow = new Uint8Array(this.count);
    this.errors = [];
    for (let index = 0; index < this.count; index++) {
      if (!error[index]) continue;
      this.errors.push(index);
      for (let above = parent[index]; above >= 0 && !this.errorBelow[above]; above = parent[above]) this.errorBelow[above] = 1;
    }
  }

  /** Computes which rows are visible. */
  show() {
    const rows = new Int32Array(this.count);
    this.row = new Int32Array(this.count).fill(-1);
    let length = 0;
    for (let index = 0; index < this.count; index += this.folded[index] ? this.size[index] : 1) {
      this.row[index] = length;
      rows[length++] = index;
    }
    this.visible = rows.subarray(0, length);
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
    const { input, output, cost, sum, parent } = this.heads;
    const below = (values) => {
      const sums = new Float64Array(this.count);
      for (let index = this.count - 1; index > 0; index--) {
        const above = parent[index];
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
    for (let index = 0; index < this.count; index++) this.folded[index] = this.hasChildren(index) && this.heads.depth[index] >= depth ? 1 : 0;
    this.show();
  }

  /** Unfolds what is above a span. */
  reveal(index) {
    let changed = false;
    for (let above = this.heads.parent[index]; above >= 0; above = this.heads.parent[above]) {
      changed ||= this.folded[above] === 1;
      this.folded[above] = 0;
    }
    if (changed) this.show();
  }

  /** Takes over what was folded in an earlier version of the same trace. */
  foldAs(earlier) {
    const folded = new Set(earlier.heads.id.filter((_, index) => earlier.folded[index]));
    if (folded.size === 0) return;
    this.folded = Uint8Array.from(this.heads.id, (id) => (folded.has(id) ? 1 : 0));
    this.show();
  }

  /** Finds the spans whose name, model or error contains a text. */
  find(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const texts = [this.heads.name, this.heads.model, this.heads.error, this.heads.kind];
    const hits = [];
    for (let index = 0; index < this.count; index++) {
      if (texts.some((values) => typeof values[index] === "string" && values[index].toLowerCase().includes(wanted))) hits.push(index);
    }
    return hits;
  }
}

/** A possible merge of two clusters. `stamp` tells whether it is still the newest word on them. */
export type Merge = { score: number; a: number; b: number; stamp: number };

/** Best first; ties go to the lower cluster numbers, so that runs agree. */
function before(x: Merge, y: Merge): boolean {
  if (x.score !== y.score) return x.score > y.score;
  return x.a !== y.a ? x.a < y.a : x.b < y.b;
}

export type Heap = { push: (merge: Merge) => void; pop: () => Merge | undefined };

export function openHeap(): Heap {
  const items: Merge[] = [];
  return {
    push(merge) {
      let at = items.length;
      items.push(merge);
      while (at > 0) {
        const up = (at - 1) >> 1;
        if (!before(merge, items[up]!)) break;
        items[at] = items[up]!;
        at = up;
      }
      items[at] = merge;
    },
    pop() {
      const top = items[0];
      const last = items.pop();
      if (top === undefined || last === undefined || items.length === 0) return top;
      let at = 0;
      for (;;) {
        let child = at * 2 + 1;
        if (child >= items.length) break;
        if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
        if (!before(items[child]!, last)) break;
        items[at] = items[child]!;
        at = child;
      }
      items[at] = last;
      return top;
    },
  };
}

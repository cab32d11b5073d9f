import type { ScoredPairs } from '../find-pairs.ts';

/** Disjoint sets over rows; the root is always the lowest row, so the answer does not depend on the order of joins. */
export type Sets = { root: (row: number) => number; join: (a: number, b: number) => void };

export function openSets(size: number): Sets {
  const parent = new Int32Array(size);
  for (let row = 0; row < size; row++) parent[row] = row;
  const root = (row: number): number => {
    let at = row;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!;
      at = parent[at]!;
    }
    return at;
  };
  return {
    root,
    join(a, b) {
      const [x, y] = [root(a), root(b)];
      if (x < y) parent[y] = x;
      else if (y < x) parent[x] = y;
    },
  };
}

/** Pairs grouped by the component their rows fall into when all pairs from `least` bits up are joined. */
export type Components = { roots: Int32Array; starts: Int32Array; order: Int32Array; sets: Sets };

export function findComponents(
  size: number,
  pairs: ScoredPairs,
  least: number,
  extra: Iterable<readonly [number, number]> = [],
): Components {
  const sets = openSets(size);
  for (let i = 0; i < pairs.a.length; i++) if (pairs.weight[i]! >= least) sets.join(pairs.a[i]!, pairs.b[i]!);
  for (const [a, b] of extra) sets.join(a, b);
  const counts = new Int32Array(size + 1);
  const owner = new Int32Array(pairs.a.length).fill(-1);
  for (let i = 0; i < pairs.a.length; i++) {
    const root = sets.root(pairs.a[i]!);
    if (root !== sets.root(pairs.b[i]!)) continue; // a weak pair between components
    owner[i] = root;
    counts[root + 1]!++;
  }
  const roots: number[] = [];
  for (let root = 0; root < size; root++) if (counts[root + 1]! > 0) roots.push(root);
  for (let root = 0; root < size; root++) counts[root + 1]! += counts[root]!;
  const order = new Int32Array(counts[size]!);
  const next = counts.slice();
  for (let i = 0; i < owner.length; i++) if (owner[i]! >= 0) order[next[owner[i]!]!++] = i;
  return { roots: Int32Array.from(roots), starts: counts, order, sets };
}

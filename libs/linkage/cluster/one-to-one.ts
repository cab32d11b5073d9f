import type { ScoredPairs } from '../find-pairs.ts';
import { findComponents } from './components.ts';

/** Components up to this many rows on the smaller side are matched optimally, larger ones greedily. */
const MOST_EXACT = 120;

/**
 * One-to-one links between two files: the set of pairs, no row used twice, with the greatest sum of weights above
 * `least`. Optimal per component (Hungarian method); very large components take the best remaining pair first.
 * Returns positions in `pairs`.
 */
export function matchOneToOne(size: number, pairs: ScoredPairs, least: number): number[] {
  const components = findComponents(size, pairs, least);
  const out: number[] = [];
  for (const root of components.roots) {
    const mine = [...components.order.subarray(components.starts[root]!, components.starts[root + 1]!)].filter(
      (at) => pairs.weight[at]! >= least && pairs.vetoed[at] !== 1,
    );
    if (mine.length <= 1) out.push(...mine);
    else out.push(...matchComponent(mine, pairs, least));
  }
  return out.sort((x, y) => x - y);
}

function matchComponent(mine: readonly number[], pairs: ScoredPairs, least: number): number[] {
  const left = [...new Set(mine.map((at) => pairs.a[at]!))].sort((x, y) => x - y);
  const right = [...new Set(mine.map((at) => pairs.b[at]!))].sort((x, y) => x - y);
  if (Math.min(left.length, right.length) > MOST_EXACT) return matchGreedily(mine, pairs);
  const rows = new Map(left.map((row, i) => [row, i]));
  const columns = new Map(right.map((row, i) => [row, i]));
  const width = right.length + left.length; // one spare column per row: staying unmatched
  const cost = left.map(() => new Float64Array(width));
  const at = left.map(() => new Int32Array(width).fill(-1));
  for (const pair of mine) {
    const i = rows.get(pairs.a[pair]!)!;
    const j = columns.get(pairs.b[pair]!)!;
    // A hair for linking at all, so that a pair of exactly the bound is not left to chance.
    cost[i]![j] = least - pairs.weight[pair]! - 1e-9;
    at[i]![j] = pair;
  }
  return assign(cost, width).flatMap((j, i) => (at[i]![j]! >= 0 ? [at[i]![j]!] : []));
}

function matchGreedily(mine: readonly number[], pairs: ScoredPairs): number[] {
  const used = new Set<number>();
  const out: number[] = [];
  for (const at of [...mine].sort((x, y) => pairs.weight[y]! - pairs.weight[x]! || x - y)) {
    if (used.has(pairs.a[at]!) || used.has(pairs.b[at]!)) continue;
    used.add(pairs.a[at]!).add(pairs.b[at]!);
    out.push(at);
  }
  return out;
}

/** Least-cost assignment of rows to columns (Kuhn-Munkres with potentials, O(rows² columns)). */
function assign(cost: readonly Float64Array[], width: number): number[] {
  const height = cost.length;
  const u = new Float64Array(height + 1);
  const v = new Float64Array(width + 1);
  const rowOf = new Int32Array(width + 1);
  const way = new Int32Array(width + 1);
  for (let i = 1; i <= height; i++) {
    rowOf[0] = i;
    let j0 = 0;
    const least = new Float64Array(width + 1).fill(Number.POSITIVE_INFINITY);
    const used = new Uint8Array(width + 1);
    do {
      used[j0] = 1;
      const i0 = rowOf[j0]!;
      let delta = Number.POSITIVE_INFINITY;
      let j1 = 0;
      for (let j = 1; j <= width; j++) {
        if (used[j] === 1) continue;
        const reduced = cost[i0 - 1]![j - 1]! - u[i0]! - v[j]!;
        if (reduced < least[j]!) {
          least[j] = reduced;
          way[j] = j0;
        }
        if (least[j]! < delta) {
          delta = least[j]!;
          j1 = j;
        }
      }
      for (let j = 0; j <= width; j++) {
        if (used[j] === 1) {
          u[rowOf[j]!]! += delta;
          v[j]! -= delta;
        } else least[j]! -= delta;
      }
      j0 = j1;
    } while (rowOf[j0] !== 0);
    do {
      const j1 = way[j0]!;
      rowOf[j0] = rowOf[j1]!;
      j0 = j1;
    } while (j0 !== 0);
  }
  const out = new Array<number>(height).fill(0);
  for (let j = 1; j <= width; j++) if (rowOf[j]! > 0) out[rowOf[j]! - 1] = j - 1;
  return out;
}

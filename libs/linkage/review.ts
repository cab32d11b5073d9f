import { openSets } from './cluster/components.ts';
import type { ScoredPairs } from './find-pairs.ts';
import type { Thresholds } from './model.ts';

/** Lowest row of the group each row is held in by automatic links inside its cluster: what may stand without a person. */
export function automaticGroups(
  size: number,
  pairs: ScoredPairs,
  clusterOf: Int32Array,
  thresholds: Thresholds,
): Int32Array {
  const sets = openSets(size);
  for (let i = 0; i < pairs.a.length; i++) {
    const [a, b] = [pairs.a[i]!, pairs.b[i]!];
    const strong = pairs.weight[i]! >= thresholds.automatic && pairs.vetoed[i] === 0;
    if (strong && clusterOf[a] === clusterOf[b]) sets.join(a, b);
  }
  return Int32Array.from({ length: size }, (_, row) => sets.root(row));
}

/**
 * Pairs a person should look at (positions in `pairs`): weight from the review bound up, vetoed or not, whose two records
 * are not already held together by automatic links. Inside a cluster such a chain settles the weaker pairs; between two
 * clusters every such pair is open.
 */
export function reviewPairs(pairs: ScoredPairs, groups: Int32Array, thresholds: Thresholds): number[] {
  const out: number[] = [];
  for (let i = 0; i < pairs.a.length; i++) {
    if (pairs.weight[i]! < thresholds.review) continue;
    if (groups[pairs.a[i]!] !== groups[pairs.b[i]!]) out.push(i);
  }
  return out;
}

import { MISSING } from '../compare/field.ts';

/** How often each combination of levels was seen. `counts` may be scaled by the sampling rate. */
export type Patterns = { width: number; levels: Uint8Array[]; counts: number[] };

export type PatternCounter = { add: (levels: Uint8Array, count?: number) => void; finish: () => Patterns };

export function countPatterns(width: number): PatternCounter {
  const index = new Map<string, number>();
  const patterns: Patterns = { width, levels: [], counts: [] };
  return {
    add(levels, count = 1) {
      const key = String.fromCharCode(...levels);
      const at = index.get(key);
      if (at !== undefined) {
        patterns.counts[at]! += count;
        return;
      }
      index.set(key, patterns.counts.length);
      patterns.levels.push(levels.slice());
      patterns.counts.push(count);
    },
    finish: () => patterns,
  };
}

/** Shares of the levels of each field where it is present on both sides, weighted by `weight(pattern)`. */
export function levelShares(
  patterns: Patterns,
  sizes: readonly number[],
  weight: (pattern: number) => number,
  smoothing: readonly (readonly number[])[],
  strength: number,
): number[][] {
  const sums = sizes.map((size, f) => Array.from({ length: size }, (_, l) => smoothing[f]![l]! * strength));
  for (let p = 0; p < patterns.counts.length; p++) {
    const w = weight(p);
    if (w === 0) continue;
    const levels = patterns.levels[p]!;
    for (let f = 0; f < sizes.length; f++) if (levels[f] !== MISSING) sums[f]![levels[f]!]! += w;
  }
  return sums.map((counts) => {
    const total = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => count / total);
  });
}

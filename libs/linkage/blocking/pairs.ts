import type { KeyCodes } from './key-index.ts';
import type { PlannedKey } from './plan.ts';

/** Smallest code two rows share under a key; 0 where none. */
export function sharedCode(key: KeyCodes, a: number, b: number): number {
  const { codes, offsets } = key;
  if (offsets === null) return codes[a] === codes[b] ? codes[a]! : 0;
  let best = 0;
  for (let i = offsets[a]!; i < offsets[a + 1]!; i++) {
    const code = codes[i]!;
    if (code === 0 || (best !== 0 && code >= best)) continue;
    for (let j = offsets[b]!; j < offsets[b + 1]!; j++) if (codes[j] === code) best = code;
  }
  return best;
}

/**
 * Gives every candidate pair exactly once: under the first key that makes it. No set of pairs is kept, so memory does
 * not grow with their number. Blocks `from` (inclusive) to `to` of key `k`; a < b in every call.
 */
export function forEachPair(
  keys: readonly Pick<PlannedKey, 'codes' | 'blocks'>[],
  k: number,
  from: number,
  to: number,
  source: Uint8Array | null,
  visit: (a: number, b: number) => void,
): void {
  const { blocks, codes } = keys[k]!;
  const several = codes.offsets !== null;
  for (let block = from; block < to; block++) {
    const start = blocks.starts[block]!;
    const end = blocks.starts[block + 1]!;
    const code = blocks.codes[block]!;
    for (let i = start; i < end; i++) {
      const a = blocks.rows[i]!;
      for (let j = i + 1; j < end; j++) {
        const b = blocks.rows[j]!;
        if (source !== null && source[a] === source[b]) continue;
        if (several && sharedCode(codes, a, b) !== code) continue;
        let seen = false;
        for (let e = 0; e < k && !seen; e++) seen = sharedCode(keys[e]!.codes, a, b) !== 0;
        if (!seen) visit(a, b);
      }
    }
  }
}

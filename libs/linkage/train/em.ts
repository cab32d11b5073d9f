import { MISSING } from '../compare/field.ts';
import { levelShares, type Patterns } from './patterns.ts';

export type EmStart = {
  /** Number of levels per field. */
  sizes: readonly number[];
  /** Starting shares among true pairs and among strangers. */
  m: readonly (readonly number[])[];
  u: readonly (readonly number[])[];
  /** Fields that take part; those of the blocking key agree by construction and tell nothing. */
  free: readonly boolean[];
};

export type EmResult = { share: number; m: number[][]; u: number[][]; expectedMatches: number; rounds: number };

const ROUNDS = 60;
const SETTLED = 1e-5;

/**
 * Expectation-maximisation of the Fellegi-Sunter mixture within one blocking key (Winkler 1988, Jaro 1989). Strangers
 * inside a block are not random strangers (neighbours share a post code), so u moves too, held near its random-pair
 * value by pseudo-counts where the block has few strangers.
 */
export function runEm(patterns: Patterns, start: EmStart): EmResult {
  let share = 0.2;
  let m = start.m.map((row) => [...row]);
  let u = start.u.map((row) => [...row]);
  const posterior = new Float64Array(patterns.counts.length);
  const total = patterns.counts.reduce((sum, count) => sum + count, 0);
  let rounds = 0;
  let matches = 0;
  for (; rounds < ROUNDS; rounds++) {
    matches = expect(patterns, start.free, share, m, u, posterior);
    const before = share;
    share = Math.min(0.9999, Math.max(1e-6, (matches + 0.1) / (total + 1)));
    m = levelShares(patterns, start.sizes, (p) => posterior[p]! * patterns.counts[p]!, start.m, 4);
    u = levelShares(patterns, start.sizes, (p) => (1 - posterior[p]!) * patterns.counts[p]!, start.u, 50);
    if (Math.abs(share - before) < SETTLED && rounds > 5) break;
  }
  return { share, m, u, expectedMatches: matches, rounds };
}

function expect(
  patterns: Patterns,
  free: readonly boolean[],
  share: number,
  m: readonly (readonly number[])[],
  u: readonly (readonly number[])[],
  posterior: Float64Array,
): number {
  let matches = 0;
  for (let p = 0; p < patterns.counts.length; p++) {
    const levels = patterns.levels[p]!;
    let odds = Math.log(share / (1 - share));
    for (let f = 0; f < levels.length; f++) {
      const level = levels[f]!;
      if (free[f] && level !== MISSING) odds += Math.log(Math.max(m[f]![level]!, 1e-9) / Math.max(u[f]![level]!, 1e-9));
    }
    posterior[p] = 1 / (1 + Math.exp(-odds));
    matches += posterior[p]! * patterns.counts[p]!;
  }
  return matches;
}

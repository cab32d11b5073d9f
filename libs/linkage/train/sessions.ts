import { forEachPair } from '../blocking/pairs.ts';
import type { PlannedKey } from '../blocking/plan.ts';
import type { Field } from '../compare/field.ts';
import { hashPair } from '../strings/hash.ts';
import { openLevels } from '../table/levels.ts';
import type { Table } from '../table/table.ts';
import { type EmResult, runEm } from './em.ts';
import { countPatterns, type Patterns } from './patterns.ts';

const MOST_PAIRS = 150_000;

/** One EM run inside one key: what it found for the fields the key leaves free. */
export type Session = { name: string; pairs: number; free: boolean[]; result: EmResult };

/** What training looks at: a table (or sample of it) and one reader of levels, whose memos serve every step. */
export type TrainingView = {
  fields: readonly Field[];
  table: Table;
  linking: boolean;
  seed: number;
  levelsOf: (a: number, b: number, out: Uint8Array) => void;
};

export function openView(fields: readonly Field[], table: Table, linking: boolean, seed: number): TrainingView {
  return { fields, table, linking, seed, levelsOf: openLevels(fields, table) };
}

/** Levels of the pairs of one key, sampled evenly above `most`; counts are scaled back to the whole. */
export function patternsOfKey(
  view: TrainingView,
  keys: readonly PlannedKey[],
  k: number,
  pairs: number,
  most = MOST_PAIRS,
): Patterns {
  const { fields, table, linking, seed, levelsOf } = view;
  const levels = new Uint8Array(fields.length);
  const counter = countPatterns(fields.length);
  const share = Math.min(1, most / Math.max(pairs, 1));
  const bound = share * 2 ** 32;
  forEachPair(keys, k, 0, keys[k]!.blocks.codes.length, linking ? table.source : null, (a, b) => {
    if (share < 1 && hashPair(hashPair(a, b), seed) >= bound) return;
    levelsOf(a, b, levels);
    counter.add(levels, 1 / share);
  });
  return counter.finish();
}

/** Runs EM in one key. A field of the key, and the field it may be exchanged with, agree by construction and are left out. */
export function runSession(
  view: TrainingView,
  planned: PlannedKey,
  name: string,
  pairs: number,
  u: readonly (readonly number[])[],
): Session {
  const { fields } = view;
  const inKey = new Set(planned.key.parts.flatMap((part) => [part.field, part.also]));
  const free = fields.map((field) => !inKey.has(field.spec.name));
  const patterns = patternsOfKey(view, [planned], 0, pairs);
  const result = runEm(patterns, {
    sizes: fields.map((field) => field.levels.length),
    m: startShares(fields),
    u,
    free,
  });
  return { name, pairs, free, result };
}

export function startShares(fields: readonly Field[]): number[][] {
  return fields.map((field) => {
    const total = field.levels.reduce((sum, level) => sum + level.start, 0);
    return field.levels.map((level) => level.start / total);
  });
}

/**
 * Joins sessions into one m per field, weighted by the root of the matches each expects, so that one large key cannot
 * outvote the rest. The starting shares weigh as much as a session of four matches.
 */
export function joinSessions(fields: readonly Field[], sessions: readonly Session[]): number[][] {
  const start = startShares(fields);
  return fields.map((field, f) => {
    const sums = field.levels.map((_, level) => start[f]![level]! * 2);
    let total = 2;
    for (const { free, result } of sessions) {
      if (!free[f] || result.expectedMatches < 5) continue;
      const weight = Math.sqrt(result.expectedMatches);
      total += weight;
      for (let level = 0; level < sums.length; level++) sums[level]! += weight * result.m[f]![level]!;
    }
    return sums.map((sum) => sum / total);
  });
}

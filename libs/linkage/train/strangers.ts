import { BETWEEN, MISSING } from '../compare/field.ts';
import { randomFrom } from '../strings/hash.ts';
import { readPool } from '../table/pool.ts';
import { allPairs } from '../table/sample.ts';
import type { Table } from '../table/table.ts';
import { countPatterns, type Patterns } from './patterns.ts';
import type { TrainingView } from './sessions.ts';

export type Strangers = {
  patterns: Patterns;
  /** Share of random pairs by level and field, true pairs among them not yet taken out. */
  shares: number[][];
  /** Pairs with the field present on both sides that the shares rest on. */
  seen: number[];
  /** Mean over pairs of a level of log2(1 / share of the commoner value): what rarity is measured against. */
  commonness: number[][];
};

const MOST = 500_000;

/** Levels among random pairs: all pairs of a small table, else a fixed-seed sample. Equality is counted exactly from value counts. */
export function measureStrangers({ fields, table, linking, seed, levelsOf }: TrainingView): Strangers {
  const counter = countPatterns(fields.length);
  const levels = new Uint8Array(fields.length);
  const counts = fields.map((field) => new Array<number>(field.levels.length).fill(0));
  const bits = fields.map((field) => new Array<number>(field.levels.length).fill(0));
  const values = table.columns.map((_, f) => countValues(table, f));
  const visit = (a: number, b: number): void => {
    levelsOf(a, b, levels);
    counter.add(levels);
    for (let f = 0; f < fields.length; f++) {
      const level = levels[f]!;
      if (level === MISSING) continue;
      counts[f]![level]!++;
      const column = table.columns[f]!.values;
      bits[f]![level]! += Math.log2(table.size / Math.max(values[f]![column[a]!]!, values[f]![column[b]!]!));
    }
  };
  visitRandomPairs(table, linking, seed, visit);
  const shares = counts.map((row, f) => withExactEquality(row, table, f, linking, values[f]!));
  return {
    patterns: counter.finish(),
    shares,
    seen: counts.map((row) => row.reduce((sum, count) => sum + count, 0)),
    commonness: bits.map((row, f) =>
      row.map((sum, level) => (counts[f]![level]! >= 20 ? sum / counts[f]![level]! : Number.NaN)),
    ),
  };
}

function visitRandomPairs(table: Table, linking: boolean, seed: number, visit: (a: number, b: number) => void): void {
  let first = 0;
  if (linking) while (first < table.size && table.source[first] === 0) first++;
  if (allPairs(table, linking) <= MOST) {
    for (let a = 0; a < (linking ? first : table.size); a++) {
      for (let b = linking ? first : a + 1; b < table.size; b++) visit(a, b);
    }
    return;
  }
  const random = randomFrom(seed);
  for (let i = 0; i < MOST; i++) {
    const a = Math.floor(random() * (linking ? first : table.size));
    const b = linking ? first + Math.floor(random() * (table.size - first)) : Math.floor(random() * table.size);
    if (a !== b) visit(Math.min(a, b), Math.max(a, b));
  }
}

function countValues(table: Table, f: number): Uint32Array {
  const { values, pool } = table.columns[f]!;
  const counts = new Uint32Array(table.pools[pool]!.ends.length);
  for (let row = 0; row < table.size; row++) counts[values[row]!]!++;
  return counts;
}

/** Replaces the sampled share of equality by the exact one, unless cells hold several values. */
function withExactEquality(row: number[], table: Table, f: number, linking: boolean, counts: Uint32Array): number[] {
  const total = row.reduce((sum, count) => sum + count, 0);
  if (total === 0) return row.map(() => 0);
  const { values, pool } = table.columns[f]!;
  const text = readPool(table.pools[pool]!);
  for (let value = 1; value < Math.min(counts.length, 2000); value++) {
    if (text(value).includes(BETWEEN)) return row.map((count) => count / total);
  }
  let equal = 0;
  let present = 0;
  if (linking) {
    const first = new Uint32Array(counts.length);
    let inFirst = 0;
    for (let r = 0; r < table.size; r++) {
      if (table.source[r] !== 0 || values[r] === 0) continue;
      first[values[r]!]!++;
      inFirst++;
    }
    let inSecond = 0;
    for (let v = 1; v < counts.length; v++) {
      equal += first[v]! * (counts[v]! - first[v]!);
      inSecond += counts[v]! - first[v]!;
    }
    present = inFirst * inSecond;
  } else {
    let rows = 0;
    for (let v = 1; v < counts.length; v++) {
      equal += (counts[v]! * (counts[v]! - 1)) / 2;
      rows += counts[v]!;
    }
    present = (rows * (rows - 1)) / 2;
  }
  const exact = present === 0 ? 0 : equal / present;
  const others = total - row[0]!;
  return row.map((count, level) => (level === 0 ? exact : others === 0 ? 0 : (count / others) * (1 - exact)));
}

import { openSets } from './cluster/components.ts';
import type { Field } from './compare/field.ts';
import { rowsBearingOut } from './doubts.ts';
import type { ScoredPairs } from './find-pairs.ts';
import type { Thresholds } from './model.ts';
import { editDistanceUpTo } from './strings/edit-distance.ts';
import { readPool } from './table/pool.ts';
import type { Table } from './table/table.ts';

/** Mistyped, so that the check still holds. Two that share area and birth date are neighbours' or twins', not slips. */
const areSlips = (a: string, b: string): boolean => a.slice(0, 14) !== b.slice(0, 14) && editDistanceUpTo(a, b, 2) <= 2;

/**
 * Numbers that prove themselves: number of the value of each row (0: none), per field that has such numbers. `alone`: rows whose number needs no second
 * record, for it bears their own birth date.
 */
export type ProvenNumbers = {
  values: Int32Array;
  alone: Uint8Array | null;
  areSlips: (a: number, b: number) => boolean;
};

export function provenNumbers(fields: readonly Field[], table: Table): ProvenNumbers[] {
  const bearing = rowsBearingOut(fields, table);
  return fields.flatMap(({ comparator, spec }, f) => {
    const { proves } = comparator;
    if (proves === undefined) return [];
    const { values, pool } = table.columns[f]!;
    const text = readPool(table.pools[pool]!);
    return [
      {
        values: values.map((value) => (value !== 0 && proves(text(value)) ? value : 0)),
        alone: spec.check === 'mod11-2' ? bearing : null,
        areSlips: (a: number, b: number) => areSlips(text(a), text(b)),
      },
    ];
  });
}

/**
 * Lowest row of the group each row is held in by automatic links inside its cluster: what may stand without a person.
 * Strongest links first; two groups in which *several* records each bear out another number are two people to a machine.
 */
export function automaticGroups(
  size: number,
  pairs: ScoredPairs,
  clusterOf: Int32Array,
  thresholds: Thresholds,
  numbers: readonly ProvenNumbers[] = [],
): Int32Array {
  const sets = openSets(size);
  const strong: number[] = [];
  for (let i = 0; i < pairs.a.length; i++) {
    if (pairs.weight[i]! >= thresholds.automatic && pairs.vetoed[i] === 0) strong.push(i);
  }
  strong.sort((x, y) => pairs.weight[y]! - pairs.weight[x]! || x - y);
  const members = new Map<number, number[]>();
  const membersOf = (root: number): number[] => members.get(root) ?? [root];
  for (const i of strong) {
    const [x, y] = [sets.root(pairs.a[i]!), sets.root(pairs.b[i]!)];
    if (x === y || clusterOf[x] !== clusterOf[y]) continue;
    const [left, right] = [membersOf(x), membersOf(y)];
    if (numbers.some((column) => isContradicted(column, borneOut(column, left), borneOut(column, right)))) continue;
    sets.join(x, y);
    members.delete(Math.max(x, y));
    members.set(Math.min(x, y), left.concat(right));
  }
  return Int32Array.from({ length: size }, (_, row) => sets.root(row));
}

type BorneOut = { twice: Set<number>; any: Set<number> };

/** Values that two rows or more agree on; `any`: or that one row bears out alone. */
function borneOut({ values, alone }: ProvenNumbers, rows: readonly number[]): BorneOut {
  const once = new Set<number>();
  const found: BorneOut = { twice: new Set(), any: new Set() };
  for (const row of rows) {
    const value = values[row]!;
    if (value === 0) continue;
    if (once.has(value)) found.twice.add(value);
    if (once.has(value) || alone?.[row] === 1) found.any.add(value);
    once.add(value);
  }
  return found;
}

const apart = (left: ReadonlySet<number>, right: ReadonlySet<number>): boolean =>
  left.size > 0 && right.size > 0 && ![...left].some((value) => right.has(value));

/** A number that one record bears out alone may be a slip of the other; one that two records agree on is not. */
function isContradicted({ areSlips }: ProvenNumbers, left: BorneOut, right: BorneOut): boolean {
  if (apart(left.twice, right.twice)) return true;
  return apart(left.any, right.any) && ![...left.any].some((a) => [...right.any].some((b) => areSlips(a, b)));
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

import { openSets } from './cluster/components.ts';
import type { Field } from './compare/field.ts';
import { BEARING, type Doubt, rowsBearingOut } from './doubts.ts';
import type { ScoredPairs } from './find-pairs.ts';
import { probabilityOf, type Thresholds } from './model.ts';
import { editDistanceUpTo } from './strings/edit-distance.ts';
import { readPool } from './table/pool.ts';
import type { Table } from './table/table.ts';

/**
 * Numbers that prove themselves: number of the value of each row (0: none), per field that has such numbers. `bearing` (`BEARING`):
 * a row whose number bears its own birth date needs no second record; one whose number bears another date has it from somebody else.
 */
export type ProvenNumbers = {
  values: Int32Array;
  bearing: Uint8Array | null;
  /** Whether one value may be the other mistyped, so that the check still holds; `oneAtHome`: the records are one name at one home. */
  areSlips: (a: number, b: number, oneAtHome: boolean) => boolean;
};

/** Signs of area and birth date: two numbers that share them are neighbours' or twins', not slips, unless the rest says so. */
const STEM = 14;

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
        bearing: spec.check === 'mod11-2' ? bearing : null,
        areSlips: (a: number, b: number, oneAtHome: boolean) =>
          (oneAtHome || text(a).slice(0, STEM) !== text(b).slice(0, STEM)) &&
          editDistanceUpTo(text(a), text(b), 2) <= 2,
      },
    ];
  });
}

/**
 * Lowest row of the group each row is held in by automatic links inside its cluster: what may stand without a person.
 * Strongest links first; two groups that each bear out another number are two people to a machine. `oneAtHome`: of a pair of rows.
 */
export function automaticGroups(
  size: number,
  pairs: ScoredPairs,
  clusterOf: Int32Array,
  thresholds: Thresholds,
  numbers: readonly ProvenNumbers[] = [],
  oneAtHome: (a: number, b: number) => boolean = () => false,
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
    const atHome = () => oneAtHome(pairs.a[i]!, pairs.b[i]!);
    if (numbers.some((column) => isContradicted(column, left, right, atHome))) continue;
    sets.join(x, y);
    members.delete(Math.max(x, y));
    members.set(Math.min(x, y), left.concat(right));
  }
  return Int32Array.from({ length: size }, (_, row) => sets.root(row));
}

type BorneOut = { twice: Set<number>; any: Set<number> };

/** Values that two rows or more agree on; `any`: or that one row bears out alone. A number that every row has from somebody else says nothing. */
function borneOut({ values, bearing }: ProvenNumbers, rows: readonly number[]): BorneOut {
  const once = new Set<number>();
  const own = new Set<number>();
  const found: BorneOut = { twice: new Set(), any: new Set() };
  for (const row of rows) {
    const value = values[row]!;
    if (value === 0) continue;
    if (bearing?.[row] !== BEARING.other) own.add(value);
    if (once.has(value)) found.twice.add(value);
    if (once.has(value) || bearing?.[row] === BEARING.own) found.any.add(value);
    once.add(value);
  }
  for (const set of [found.twice, found.any]) for (const value of set) if (!own.has(value)) set.delete(value);
  return found;
}

const apart = (left: ReadonlySet<number>, right: ReadonlySet<number>): boolean =>
  left.size > 0 && right.size > 0 && ![...left].some((value) => right.has(value));

/** A number that one record bears out alone may be a slip of the other; one that two records agree on is not. */
function isContradicted(
  column: ProvenNumbers,
  leftRows: readonly number[],
  rightRows: readonly number[],
  atHome: () => boolean,
): boolean {
  const [left, right] = [borneOut(column, leftRows), borneOut(column, rightRows)];
  if (apart(left.twice, right.twice)) return true;
  if (!apart(left.any, right.any)) return false;
  const home = atHome();
  return ![...left.any].some((a) => [...right.any].some((b) => column.areSlips(a, b, home)));
}

/** Why a pair is asked: a veto or a doubt of a rule, numbers that contradict each other between its groups, clustering that refused it, or its weight. */
export type Reason = Doubt | 'veto' | 'numbers' | 'cluster' | 'weight';

/** One question to a person: are these two groups one? `at`: position of the pair that speaks most for it; `pairs`: how many lie in the band. */
export type Question = { at: number; weight: number; reason: Reason; pairs: number };

export type Review = {
  /** Most likely first. */
  questions: Question[];
  /** Positions of all pairs of the questions, so that whoever asks can show them. */
  pairs: number[];
  /** What the capacity left, most likely first. */
  left: Question[];
};

/** One number for the unordered pair of groups two rows are in. */
export function groupPair(groups: Int32Array, a: number, b: number): number {
  const [x, y] = [groups[a]!, groups[b]!];
  return Math.min(x, y) * groups.length + Math.max(x, y);
}

/**
 * What a person should look at: pairs of groups between which a pair lies at the review bound or above, vetoed or not. Inside a group links
 * settle the weaker pairs. Coincidences grow with the square of the records, people to look at them do not: at most `most` questions are asked,
 * the likeliest, and what is left is counted.
 */
export function chooseQuestions(
  pairs: ScoredPairs,
  groups: Int32Array,
  thresholds: Thresholds,
  most: number,
  reasonOf: (at: number) => Reason,
): Review {
  const found = new Map<number, Question>();
  const between = (at: number): number => groupPair(groups, pairs.a[at]!, pairs.b[at]!);
  const isOpen = (at: number): boolean =>
    pairs.weight[at]! >= thresholds.review && groups[pairs.a[at]!] !== groups[pairs.b[at]!];
  for (let at = 0; at < pairs.a.length; at++) {
    if (!isOpen(at)) continue;
    const key = between(at);
    const known = found.get(key);
    const weight = pairs.weight[at]!;
    if (known === undefined) found.set(key, { at, weight, reason: 'weight', pairs: 1 });
    else {
      known.pairs++;
      if (weight > known.weight) Object.assign(known, { at, weight });
    }
  }
  const ranked = [...found.values()].sort((a, b) => b.weight - a.weight || a.at - b.at);
  for (const question of ranked) question.reason = reasonOf(question.at);
  const questions = ranked.slice(0, most);
  const asked = new Set(questions.map(({ at }) => between(at)));
  const shown: number[] = [];
  for (let at = 0; at < pairs.a.length; at++) if (isOpen(at) && asked.has(between(at))) shown.push(at);
  return { questions, pairs: shown, left: ranked.slice(most) };
}

/** How many of these would be answered "one and the same", by the model's own word. */
export const expectedLinks = (questions: readonly Question[]): number =>
  questions.reduce((sum, { weight }) => sum + probabilityOf(weight), 0);

import { sharedCode } from './blocking/pairs.ts';
import { openSets } from './cluster/components.ts';
import type { Model } from './model.ts';
import type { Outcome } from './run.ts';
import { type PairCounts, ratio, scoreGroups } from './score.ts';
import { readTable, type Table } from './table/table.ts';

export type Verdict = {
  /** Pairs at or above the link threshold, before clustering. */
  links: PairCounts;
  /** Pairs inside clusters, and whole clusters. */
  partition: { pairs: PairCounts; clusters: PairCounts };
  /** Pairs held together by automatic links alone, without any person, and whole groups. */
  automatic: { pairs: PairCounts; clusters: PairCounts };
  /** Share of true pairs that some key offers for comparison: the ceiling of everything after it. */
  blockingRecall: number;
  /** Share of records that stand in at least one pair left to a person. */
  reviewShare: number;
  /** What is left to a person: pairs, how many of them are one person, questions (two automatic groups: one or two people?), and questions per record. */
  review: { pairs: number; same: number; questions: number; share: number };
};

/** The truth of a table: pairs of rows (closed to groups for judging clusters) or the group of each row. */
export type Truth = {
  entity: Int32Array;
  isSame: (a: number, b: number) => boolean;
  /** Number of true pairs, and a walk over them. */
  count: number;
  each: (visit: (a: number, b: number) => void) => void;
};

/** Truth from the true group of each row; -1: unknown, in no true pair. Linking counts only pairs between the files. */
export function truthFromGroups(table: Table, groups: Int32Array, linking: boolean): Truth {
  const entity = groups.slice();
  let alone = 0;
  for (const group of groups) alone = Math.max(alone, group + 1);
  for (let row = 0; row < entity.length; row++) if (entity[row]! < 0) entity[row] = alone++;
  const order = new Int32Array(table.size);
  for (let row = 0; row < table.size; row++) order[row] = row;
  order.sort((x, y) => entity[x]! - entity[y]! || x - y);
  const apart = (a: number, b: number): boolean => linking && table.source[a] === table.source[b];
  const each = (visit: (a: number, b: number) => void): void => {
    for (let from = 0; from < order.length; from++) {
      const mine = entity[order[from]!]!;
      for (let to = from + 1; to < order.length && entity[order[to]!] === mine; to++) {
        if (!apart(order[from]!, order[to]!)) visit(order[from]!, order[to]!);
      }
    }
  };
  let count = 0;
  each(() => count++);
  return { entity, isSame: (a, b) => entity[a] === entity[b] && !apart(a, b), count, each };
}

/** Truth from true pairs of rows. */
export function truthFromPairs(table: Table, pairs: Iterable<readonly [number, number]>): Truth {
  const sets = openSets(table.size);
  const known = new Set<number>();
  const key = (a: number, b: number): number => (a < b ? a * table.size + b : b * table.size + a);
  for (const [a, b] of pairs) {
    known.add(key(a, b));
    sets.join(a, b);
  }
  const each = (visit: (a: number, b: number) => void): void => {
    for (const pair of known) visit(Math.floor(pair / table.size), pair % table.size);
  };
  const entity = Int32Array.from({ length: table.size }, (_, row) => sets.root(row));
  return { entity, isSame: (a, b) => known.has(key(a, b)), count: known.size, each };
}

/** Row of each record id; two files may use the same ids, so each file has its own map. */
export function rowsById(table: Table): [Map<string, number>, Map<string, number>] {
  const read = readTable(table);
  const out: [Map<string, number>, Map<string, number>] = [new Map(), new Map()];
  for (let row = 0; row < table.size; row++) out[table.source[row] === 0 ? 0 : 1].set(read.id(row), row);
  return out;
}

/** Compares an outcome with the truth. */
export function judge(model: Model, table: Table, outcome: Outcome, truth: Truth): Verdict {
  const { pairs } = outcome;
  let found = 0;
  let both = 0;
  const count = (at: number): void => {
    found++;
    if (truth.isSame(pairs.a[at]!, pairs.b[at]!)) both++;
  };
  if (outcome.links) for (const at of outcome.links) count(at);
  else for (let at = 0; at < pairs.a.length; at++) if (pairs.weight[at]! >= model.thresholds.link) count(at);
  let offered = 0;
  truth.each((a, b) => {
    if (outcome.keys.some(({ codes }) => sharedCode(codes, a, b) !== 0)) offered++;
  });
  const touched = new Uint8Array(table.size);
  let records = 0;
  let same = 0;
  const questions = new Set<number>();
  for (const at of outcome.review) {
    const [a, b] = [pairs.a[at]!, pairs.b[at]!];
    records += (touched[a] === 0 ? 1 : 0) + (touched[b] === 0 ? 1 : 0);
    const [x, y] = [outcome.automatic[a]!, outcome.automatic[b]!];
    questions.add(Math.min(x, y) * table.size + Math.max(x, y));
    touched[a] = 1;
    touched[b] = 1;
    if (truth.isSame(a, b)) same++;
  }
  const automatic = scoreGroups(outcome.automatic, truth.entity);
  return {
    links: { ...ratio(both, found, truth.count), found, truth: truth.count, both },
    partition: scoreGroups(outcome.clustering.clusterOf, truth.entity),
    automatic,
    blockingRecall: truth.count === 0 ? 1 : offered / truth.count,
    reviewShare: table.size === 0 ? 0 : records / table.size,
    review: {
      pairs: outcome.review.length,
      same,
      questions: questions.size,
      share: table.size === 0 ? 0 : questions.size / table.size,
    },
  };
}

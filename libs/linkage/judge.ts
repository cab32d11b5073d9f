import { sharedCode } from './blocking/pairs.ts';
import { openSets } from './cluster/components.ts';
import type { Model } from './model.ts';
import { expectedLinks, groupPair, type Question, type Reason } from './review.ts';
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
  /**
   * What is left to a person: pairs; questions (two automatic groups: one or two people?), how many of them are about one person, and questions per
   * record; the same by reason; and what the capacity left out.
   */
  review: Asked & {
    pairs: number;
    share: number;
    byReason: Partial<Record<Reason, Asked>>;
    left: Asked & { expectedLinks: number };
  };
  /** Where the true pairs went that no automatic group holds. */
  missing: Partial<Record<Missing, number>>;
};

/** Questions, and how many of them are about one person. */
export type Asked = { questions: number; same: number };

/** Asked for a reason, left by the capacity, never offered by a key, or offered and too weak to be asked. */
export type Missing = Reason | 'left' | 'not-offered' | 'too-weak';

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
  const { automatic, review } = outcome;
  const between = (a: number, b: number): number => groupPair(automatic, a, b);
  const betweenOf = ({ at }: Question): number => between(pairs.a[at]!, pairs.b[at]!);
  const reasons = new Map<number, Reason | 'left'>();
  for (const question of review.questions) reasons.set(betweenOf(question), question.reason);
  for (const question of review.left) reasons.set(betweenOf(question), 'left');
  let offered = 0;
  const same = new Set<number>();
  const missing: Partial<Record<Missing, number>> = {};
  truth.each((a, b) => {
    const isOffered = outcome.keys.some(({ codes }) => sharedCode(codes, a, b) !== 0);
    if (isOffered) offered++;
    if (automatic[a] === automatic[b]) return;
    const reason = reasons.get(between(a, b));
    if (reason !== undefined) same.add(between(a, b));
    const where = reason ?? (isOffered ? 'too-weak' : 'not-offered');
    missing[where] = (missing[where] ?? 0) + 1;
  });
  const asked = (questions: readonly Question[]): Asked => ({
    questions: questions.length,
    same: questions.filter((question) => same.has(betweenOf(question))).length,
  });
  const byReason: Partial<Record<Reason, Asked>> = {};
  for (const question of review.questions) {
    byReason[question.reason] ??= asked(review.questions.filter(({ reason }) => reason === question.reason));
  }
  const touched = new Uint8Array(table.size);
  for (const at of review.pairs) touched[pairs.a[at]!] = touched[pairs.b[at]!] = 1;
  const share = (count: number): number => (table.size === 0 ? 0 : count / table.size);
  return {
    links: { ...ratio(both, found, truth.count), found, truth: truth.count, both },
    partition: scoreGroups(outcome.clustering.clusterOf, truth.entity),
    automatic: scoreGroups(automatic, truth.entity),
    blockingRecall: truth.count === 0 ? 1 : offered / truth.count,
    reviewShare: share(touched.reduce((sum, one) => sum + one, 0)),
    review: {
      ...asked(review.questions),
      pairs: review.pairs.length,
      share: share(review.questions.length),
      byReason,
      left: { ...asked(review.left), expectedLinks: expectedLinks(review.left) },
    },
    missing,
  };
}

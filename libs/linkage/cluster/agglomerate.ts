import type { ScoredPairs } from '../find-pairs.ts';
import { findComponents } from './components.ts';
import { openHeap } from './heap.ts';

export type ClusterOptions = {
  /** Mean weight (bits) over the pairs between two clusters from which they merge, for a single pair. */
  link?: number;
  /** Bits by which that bound falls for every doubling of the pairs: many middling pairs say together what one strong pair says. */
  slack?: number;
  /** … but by no more than this. */
  mostSlack?: number;
  /** One pair counts at most this much (bits) for or against: no single pair may carry a cluster. */
  cap?: number;
  /** Least share of the pairs between two clusters that must speak for the merge on their own. */
  support?: number;
  /** Clusters never grow beyond this many records. */
  mostRecords?: number;
  mustLink?: readonly (readonly [number, number])[];
  cannotLink?: readonly (readonly [number, number])[];
};

/** Why two clusters joined by a linked pair stayed apart. */
export type RefusedMerge = {
  a: number;
  b: number;
  mean: number;
  reason: 'mean-too-low' | 'bridge' | 'forbidden' | 'too-large';
};

export type Clustering = {
  /** Lowest row of the cluster of each row. Rows follow record ids, so this names the cluster too. */
  clusterOf: Int32Array;
  refused: RefusedMerge[];
  /** Must-link pairs that contradict a cannot-link pair; the cannot-link won. */
  contradictions: [number, number][];
};

const DEFAULTS = { link: 0, slack: 0.5, mostSlack: 2, cap: 12, support: 0.2, mostRecords: 10_000 };
/** Pairs scored between two clusters at most; larger ones are sampled evenly. */
const MOST_SCORED = 40;

type Link = { sum: number; count: number; positive: number; forbidden: boolean; stamp: number };

/**
 * Average-linkage clustering on log odds. Closure (any linked pair joins two clusters) lets one chance pair join two
 * persons and on hard data everybody; here two clusters merge only when the mean over *all* their pairs speaks for it.
 * Pairs blocking never made are scored when a merge hangs on them. Best merge first, so the order of pairs has no say.
 */
export function agglomerate(
  size: number,
  pairs: ScoredPairs,
  score: (a: number, b: number) => { weight: number; vetoed: boolean },
  options: ClusterOptions = {},
): Clustering {
  const settings = { ...DEFAULTS, ...options };
  const cannot = new Map<number, Set<number>>();
  for (const [a, b] of options.cannotLink ?? []) {
    cannot.set(a, (cannot.get(a) ?? new Set()).add(b));
    cannot.set(b, (cannot.get(b) ?? new Set()).add(a));
  }
  const clusterOf = new Int32Array(size);
  for (let row = 0; row < size; row++) clusterOf[row] = row;
  const out: Clustering = { clusterOf, refused: [], contradictions: [] };
  const must = options.mustLink ?? [];
  const components = findComponents(size, pairs, settings.link, must);
  const mustByRoot = new Map<number, [number, number][]>();
  for (const [a, b] of must) {
    const root = components.sets.root(a);
    const list = mustByRoot.get(root) ?? [];
    list.push(a < b ? [a, b] : [b, a]);
    mustByRoot.set(root, list);
  }
  const roots = new Set([...components.roots, ...mustByRoot.keys()]);
  for (const root of [...roots].sort((a, b) => a - b)) {
    const mine = components.order.subarray(components.starts[root]!, components.starts[root + 1]!);
    clusterComponent(mine, pairs, score, settings, cannot, mustByRoot.get(root) ?? [], out);
  }
  return out;
}

function clusterComponent(
  mine: Int32Array,
  pairs: ScoredPairs,
  score: (a: number, b: number) => { weight: number; vetoed: boolean },
  settings: Required<Omit<ClusterOptions, 'mustLink' | 'cannotLink'>>,
  cannot: ReadonlyMap<number, ReadonlySet<number>>,
  must: readonly [number, number][],
  out: Clustering,
): void {
  const members = new Map<number, number[]>();
  const home = new Map<number, number>();
  const links = new Map<number, Map<number, Link>>();
  const heap = openHeap();
  const clip = (weight: number): number => Math.max(-settings.cap, Math.min(settings.cap, weight));
  let stamp = 0;

  const newLink = (): Link => ({ sum: 0, count: 0, positive: 0, forbidden: false, stamp: stamp++ });
  const count = (link: Link, weight: number, vetoed: boolean, times: number): void => {
    link.sum += clip(weight) * times;
    link.count += times;
    if (weight >= settings.link) link.positive += times;
    if (vetoed) link.forbidden = true;
  };
  const put = (a: number, b: number, link: Link): void => {
    links.get(a)!.set(b, link);
    links.get(b)!.set(a, link);
    const mean = link.sum / link.count;
    if (mean >= settings.link - Math.min(settings.mostSlack, settings.slack * Math.log2(link.count)))
      heap.push({ score: mean, a: Math.min(a, b), b: Math.max(a, b), stamp: link.stamp });
  };
  const forbids = (left: readonly number[], right: readonly number[]): boolean => {
    if (cannot.size === 0) return false;
    const others = new Set(right);
    return left.some((row) => [...(cannot.get(row) ?? [])].some((other) => others.has(other)));
  };
  const measure = (left: readonly number[], right: readonly number[]): Link => {
    const link = newLink();
    const all = left.length * right.length;
    const step = Math.max(1, all / MOST_SCORED);
    for (let at = 0; at < all; at += step) {
      const place = Math.floor(at);
      const a = left[Math.floor(place / right.length)]!;
      const b = right[place % right.length]!;
      const { weight, vetoed } = score(Math.min(a, b), Math.max(a, b));
      count(link, weight, vetoed, 1);
    }
    const scale = all / link.count;
    link.sum *= scale;
    link.positive *= scale;
    link.count = all;
    return link;
  };
  const merge = (a: number, b: number): void => {
    const [keep, drop] = a < b ? [a, b] : [b, a];
    const left = members.get(keep)!;
    const right = members.get(drop)!;
    const neighbours = new Set([...links.get(keep)!.keys(), ...links.get(drop)!.keys()]);
    neighbours.delete(keep);
    neighbours.delete(drop);
    const joined = [...left, ...right].sort((x, y) => x - y);
    for (const other of [...neighbours].sort((x, y) => x - y)) {
      const one = links.get(keep)!.get(other) ?? measure(left, members.get(other)!);
      const two = links.get(drop)!.get(other) ?? measure(right, members.get(other)!);
      const link = newLink();
      link.sum = one.sum + two.sum;
      link.count = one.count + two.count;
      link.positive = one.positive + two.positive;
      link.forbidden = one.forbidden || two.forbidden;
      links.get(other)!.delete(drop);
      put(keep, other, link);
    }
    links.get(keep)!.delete(drop);
    links.delete(drop);
    for (const row of right) home.set(row, keep);
    members.set(keep, joined);
    members.delete(drop);
  };

  const touch = (row: number): void => {
    if (home.has(row)) return;
    home.set(row, row);
    members.set(row, [row]);
    links.set(row, new Map());
  };
  for (const at of mine) {
    const [a, b] = [pairs.a[at]!, pairs.b[at]!];
    touch(a);
    touch(b);
    const link = newLink();
    count(link, pairs.weight[at]!, pairs.vetoed[at] === 1, 1);
    put(a, b, link);
  }
  for (const [a, b] of must) {
    touch(a);
    touch(b);
    const [x, y] = [home.get(a)!, home.get(b)!];
    if (x === y) continue;
    if (forbids(members.get(x)!, members.get(y)!)) out.contradictions.push([a, b]);
    else merge(x, y);
  }
  for (let best = heap.pop(); best !== undefined; best = heap.pop()) {
    const link = links.get(best.a)?.get(best.b);
    if (link === undefined || link.stamp !== best.stamp) continue;
    const left = members.get(best.a)!;
    const right = members.get(best.b)!;
    const refuse = (reason: RefusedMerge['reason']): void => {
      out.refused.push({ a: best.a, b: best.b, mean: best.score, reason });
    };
    if (link.forbidden || forbids(left, right)) refuse('forbidden');
    else if (left.length + right.length > settings.mostRecords) refuse('too-large');
    else if (link.positive / link.count < settings.support) refuse('bridge');
    else merge(best.a, best.b);
  }
  for (const [cluster, rows] of members) for (const row of rows) out.clusterOf[row] = cluster;
  for (const at of mine) {
    if (pairs.weight[at]! < settings.link) continue;
    const [x, y] = [out.clusterOf[pairs.a[at]!]!, out.clusterOf[pairs.b[at]!]!];
    if (x === y) continue;
    const link = links.get(x)?.get(y);
    const mean = link ? link.sum / link.count : pairs.weight[at]!;
    if (mean < settings.link) out.refused.push({ a: pairs.a[at]!, b: pairs.b[at]!, mean, reason: 'mean-too-low' });
  }
}

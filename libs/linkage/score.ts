/**
 * Scores a result against the truth, whatever made either. Records are strings; a partition is a list of groups; pairs
 * are unordered. Clusters are judged by pairs and by whole clusters.
 */
export type Ratio = { precision: number; recall: number; f1: number };
export type PairCounts = Ratio & { found: number; truth: number; both: number };

type Pair = readonly [string, string];

/** One text for an unordered pair. */
export function pairKey(a: string, b: string): string {
  return a < b ? `${a}\u0000${b}` : `${b}\u0000${a}`;
}

/** Pairs found against true pairs; repeats count once. */
export function scorePairs(found: Iterable<Pair>, truth: Iterable<Pair>): PairCounts {
  const want = new Set<string>();
  for (const [a, b] of truth) want.add(pairKey(a, b));
  const have = new Set<string>();
  let both = 0;
  for (const [a, b] of found) {
    const key = pairKey(a, b);
    if (have.has(key)) continue;
    have.add(key);
    if (want.has(key)) both++;
  }
  return { ...ratio(both, have.size, want.size), found: have.size, truth: want.size, both };
}

/** Share of true pairs among the candidates that blocking offered: the ceiling of any scoring after it. */
export function blockingRecall(isCandidate: (a: string, b: string) => boolean, truth: Iterable<Pair>): number {
  let all = 0;
  let offered = 0;
  for (const [a, b] of truth) {
    all++;
    if (isCandidate(a, b)) offered++;
  }
  return all === 0 ? 1 : offered / all;
}

/** True pairs implied by a partition given as record → cluster, counted without listing them. */
export function scorePartition(
  found: ReadonlyMap<string, string>,
  truth: ReadonlyMap<string, string>,
): { pairs: PairCounts; clusters: PairCounts } {
  const foundSizes = new Map<string, number>();
  const trueSizes = new Map<string, number>();
  const cross = new Map<string, Map<string, number>>();
  for (const [record, cluster] of truth) {
    trueSizes.set(cluster, (trueSizes.get(cluster) ?? 0) + 1);
    const mine = found.get(record) ?? `alone\u0000${record}`;
    foundSizes.set(mine, (foundSizes.get(mine) ?? 0) + 1);
    const row = cross.get(mine) ?? new Map<string, number>();
    row.set(cluster, (row.get(cluster) ?? 0) + 1);
    cross.set(mine, row);
  }
  let both = 0;
  let whole = 0;
  for (const [mine, row] of cross) {
    for (const [cluster, count] of row) {
      both += pairsOf(count);
      if (count === foundSizes.get(mine) && count === trueSizes.get(cluster)) whole++;
    }
  }
  const foundPairs = sumPairs(foundSizes);
  const truePairs = sumPairs(trueSizes);
  return {
    pairs: { ...ratio(both, foundPairs, truePairs), found: foundPairs, truth: truePairs, both },
    clusters: {
      ...ratio(whole, foundSizes.size, trueSizes.size),
      found: foundSizes.size,
      truth: trueSizes.size,
      both: whole,
    },
  };
}

/** Partition from pairs by closure: for truth files that list pairs. */
export function partitionFromPairs(records: Iterable<string>, pairs: Iterable<Pair>): Map<string, string> {
  const parent = new Map<string, string>();
  for (const record of records) parent.set(record, record);
  const root = (record: string): string => {
    let at = record;
    while (parent.get(at) !== at) {
      const up = parent.get(parent.get(at)!)!;
      parent.set(at, up);
      at = up;
    }
    return at;
  };
  for (const [a, b] of pairs) {
    if (!parent.has(a)) parent.set(a, a);
    if (!parent.has(b)) parent.set(b, b);
    const [x, y] = [root(a), root(b)];
    if (x < y) parent.set(y, x);
    else if (y < x) parent.set(x, y);
  }
  return new Map([...parent.keys()].map((record) => [record, root(record)]));
}

/** Share of records that a person must look at: those in at least one pair of the review band. */
export function reviewShare(reviewPairs: Iterable<Pair>, records: number): number {
  const touched = new Set<string>();
  for (const [a, b] of reviewPairs) touched.add(a).add(b);
  return records === 0 ? 0 : touched.size / records;
}

function ratio(both: number, found: number, truth: number): Ratio {
  const precision = found === 0 ? 1 : both / found;
  const recall = truth === 0 ? 1 : both / truth;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

function sumPairs(sizes: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const size of sizes.values()) sum += pairsOf(size);
  return sum;
}

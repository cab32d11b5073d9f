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

/** As `scoreGroups`, for groups by name; a record missing in `found` stands alone. */
export function scorePartition(
  found: ReadonlyMap<string, string>,
  truth: ReadonlyMap<string, string>,
): { pairs: PairCounts; clusters: PairCounts } {
  const number = numberer();
  const records = [...truth.keys()];
  return scoreGroups(
    Int32Array.from(records, (record) => number(found.get(record) ?? `alone\u0000${record}`)),
    Int32Array.from(records, (record) => number(truth.get(record)!)),
  );
}

function numberer(): (name: string) => number {
  const known = new Map<string, number>();
  return (name) => {
    const number = known.get(name) ?? known.size;
    known.set(name, number);
    return number;
  };
}

/** Judges a partition by pairs and by whole clusters, without listing pairs. Row r is in group `found[r]` and belongs in `truth[r]`; numbers name groups. */
export function scoreGroups(found: Int32Array, truth: Int32Array): { pairs: PairCounts; clusters: PairCounts } {
  const foundSizes = new Map<number, number>();
  const trueSizes = new Map<number, number>();
  for (const group of found) foundSizes.set(group, (foundSizes.get(group) ?? 0) + 1);
  for (const group of truth) trueSizes.set(group, (trueSizes.get(group) ?? 0) + 1);
  // Rows in order of both groups: each run is what one found group holds of one true group.
  const order = new Float64Array(found.length);
  let bound = 1;
  for (const group of truth) bound = Math.max(bound, group + 1);
  for (let row = 0; row < found.length; row++) order[row] = found[row]! * bound + truth[row]!;
  order.sort();
  let both = 0;
  let whole = 0;
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && order[to] === order[from]) to++;
    const count = to - from;
    const group = Math.floor(order[from]! / bound);
    both += pairsOf(count);
    if (count === foundSizes.get(group) && count === trueSizes.get(order[from]! - group * bound)) whole++;
    from = to;
  }
  const foundPairs = sumPairs(foundSizes.values());
  const truePairs = sumPairs(trueSizes.values());
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

export function ratio(both: number, found: number, truth: number): Ratio {
  const precision = found === 0 ? 1 : both / found;
  const recall = truth === 0 ? 1 : both / truth;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

function pairsOf(count: number): number {
  return (count * (count - 1)) / 2;
}

function sumPairs(sizes: Iterable<number>): number {
  let sum = 0;
  for (const size of sizes) sum += pairsOf(size);
  return sum;
}

import type { ScoredPairs } from '../find-pairs.ts';
import { randomFrom } from '../strings/hash.ts';
import type { Table } from '../table/table.ts';
import { sharedCode } from './pairs.ts';
import type { PlannedKey } from './plan.ts';

export type RecallEstimate = {
  /** Capture-recapture (Chao 1987): from links made by one key only and by two, how many no key makes. Keys help each other, so this is the bright side. */
  byKeys: { links: number; byOneKey: number; byTwoKeys: number; recall: number };
  /** Records drawn at random were scored against *all* records: share of their links that blocking offers. Null when no link was met. */
  byScan: { records: number; comparisons: number; links: number; recall: number | null };
};

/** Estimates the share of linkable pairs that blocking offers, by two unlike methods. `least`: weight of a link. */
export function estimateRecall(
  table: Table,
  keys: readonly PlannedKey[],
  pairs: ScoredPairs,
  weight: (a: number, b: number) => number,
  options: { linking: boolean; least: number; seed: number; mostComparisons?: number },
): RecallEstimate {
  return { byKeys: recaptured(keys, pairs, options.least), byScan: scanned(table, keys, weight, options) };
}

function recaptured(keys: readonly PlannedKey[], pairs: ScoredPairs, least: number): RecallEstimate['byKeys'] {
  let links = 0;
  let one = 0;
  let two = 0;
  for (let i = 0; i < pairs.a.length; i++) {
    if (pairs.weight[i]! < least) continue;
    links++;
    let made = 0;
    for (const { codes } of keys) if (made < 3 && sharedCode(codes, pairs.a[i]!, pairs.b[i]!) !== 0) made++;
    if (made === 1) one++;
    else if (made === 2) two++;
  }
  const missed = (one * Math.max(0, one - 1)) / (2 * (two + 1));
  return { links, byOneKey: one, byTwoKeys: two, recall: links === 0 ? 1 : links / (links + missed) };
}

function scanned(
  table: Table,
  keys: readonly PlannedKey[],
  weight: (a: number, b: number) => number,
  options: { linking: boolean; least: number; seed: number; mostComparisons?: number },
): RecallEstimate['byScan'] {
  const most = options.mostComparisons ?? 1_000_000;
  const records = Math.min(table.size, 500, Math.floor(most / Math.max(table.size, 1)));
  const random = randomFrom(options.seed);
  let comparisons = 0;
  let links = 0;
  let offered = 0;
  for (let i = 0; i < records; i++) {
    const row = Math.floor(random() * table.size);
    for (let other = 0; other < table.size; other++) {
      if (other === row || (options.linking && table.source[other] === table.source[row])) continue;
      comparisons++;
      const [a, b] = row < other ? [row, other] : [other, row];
      if (weight(a, b) < options.least) continue;
      links++;
      if (keys.some(({ codes }) => sharedCode(codes, a, b) !== 0)) offered++;
    }
  }
  return { records, comparisons, links, recall: links === 0 ? null : offered / links };
}

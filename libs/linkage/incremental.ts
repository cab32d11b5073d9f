import { recordCodes } from './blocking/record-codes.ts';
import { foldValue } from './compare/field.ts';
import type { LinkageRecord } from './schema.ts';
import { type Prepared, prepare, type Scorer, scorePair } from './scorer.ts';

export type Candidate = {
  cluster: string;
  /** Mean weight (bits, capped like in clustering) over the members compared, and the best single pair. */
  mean: number;
  best: number;
  bestRecord: string;
  members: number;
  vetoes: string[];
};

/** What the index proposes for a new record. A cluster is never renamed and two clusters are never merged here: a bridge is reported. */
export type Placement = {
  action: 'join' | 'new' | 'review';
  /** Cluster to join, or null for a new one or for review. */
  cluster: string | null;
  candidates: Candidate[];
  /** Other clusters the record also belongs to by its evidence: a merge a person or a later rule must decide. */
  bridges: string[];
  /** Candidates left out because their block has grown too large and no second key confirms them. */
  skipped: number;
};

export type IncrementalOptions = {
  /** Members of a cluster scored at most. */
  mostMembers?: number;
  /** A block larger than this only counts together with a second key. */
  mostBlock?: number;
  cap?: number;
};

export type ClusterIndex = {
  /** Puts a record whose cluster is known into the index. */
  add: (id: string, record: LinkageRecord, cluster: string) => void;
  /** Where a new record belongs. Changes nothing: call `add` with the decision. */
  place: (record: LinkageRecord) => Placement;
  size: () => number;
};

type Entry = { id: string; cluster: string; prepared: Prepared };

/** Scores new records against existing clusters with a trained model: no retraining, no renaming, order of calls is the caller's. */
export function openClusterIndex(scorer: Scorer, options: IncrementalOptions = {}): ClusterIndex {
  const { mostMembers = 20, mostBlock = 300, cap = 12 } = options;
  const { thresholds, keys } = scorer.model;
  const entries: Entry[] = [];
  const blocks = keys.map(() => new Map<number, number[]>());
  const members = new Map<string, number[]>();
  const codesOf = (record: LinkageRecord): number[][] => {
    const folded = scorer.fields.map((field) => foldValue(field, record[field.spec.name]));
    return keys.map((key) => recordCodes(scorer.fields, key, folded));
  };
  return {
    size: () => entries.length,
    add(id, record, cluster) {
      const at = entries.length;
      entries.push({ id, cluster, prepared: prepare(scorer, record) });
      append(members, cluster, at);
      codesOf(record).forEach((codes, k) => {
        for (const code of codes) append(blocks[k]!, code, at);
      });
    },
    place(record) {
      const { found, skipped } = gather(blocks, codesOf(record), mostBlock);
      const prepared = prepare(scorer, record);
      const clusters = new Set<string>();
      for (const at of found) clusters.add(entries[at]!.cluster);
      const candidates: Candidate[] = [];
      for (const cluster of clusters) {
        const rated = rate(
          scorer,
          prepared,
          cluster,
          members
            .get(cluster)!
            .slice(0, mostMembers)
            .map((at) => entries[at]!),
          cap,
        );
        if (rated.best >= thresholds.review) candidates.push(rated);
      }
      candidates.sort((x, y) => y.mean - x.mean || (x.cluster < y.cluster ? -1 : 1));
      return { ...decide(candidates, thresholds.link), candidates, skipped };
    },
  };
}

function decide(candidates: readonly Candidate[], link: number): Pick<Placement, 'action' | 'cluster' | 'bridges'> {
  const fitting = candidates.filter((candidate) => candidate.mean >= link && candidate.vetoes.length === 0);
  const best = fitting[0];
  if (best) return { action: 'join', cluster: best.cluster, bridges: fitting.slice(1).map((other) => other.cluster) };
  return { action: candidates.length > 0 ? 'review' : 'new', cluster: null, bridges: [] };
}

function rate(scorer: Scorer, prepared: Prepared, cluster: string, entries: readonly Entry[], cap: number): Candidate {
  let sum = 0;
  let best = Number.NEGATIVE_INFINITY;
  let bestRecord = '';
  const vetoes = new Set<string>();
  for (const entry of entries) {
    const score = scorePair(scorer, prepared, entry.prepared);
    sum += Math.max(-cap, Math.min(cap, score.weight));
    for (const veto of score.vetoes) vetoes.add(veto);
    if (score.weight <= best) continue;
    best = score.weight;
    bestRecord = entry.id;
  }
  return { cluster, mean: sum / entries.length, best, bestRecord, members: entries.length, vetoes: [...vetoes] };
}

function gather(
  blocks: readonly Map<number, number[]>[],
  codes: readonly (readonly number[])[],
  mostBlock: number,
): { found: Set<number>; skipped: number } {
  const found = new Set<number>();
  const oversize: number[][] = [];
  codes.forEach((mine, k) => {
    for (const code of mine) {
      const block = blocks[k]!.get(code);
      if (block === undefined) continue;
      if (block.length > mostBlock) oversize.push(block);
      else for (const at of block) found.add(at);
    }
  });
  // Members of two oversize blocks at once are confirmed by the second key.
  const once = new Set<number>();
  for (const block of oversize) {
    for (const at of block) {
      if (once.has(at)) found.add(at);
      once.add(at);
    }
  }
  let skipped = 0;
  for (const at of once) if (!found.has(at)) skipped++;
  return { found, skipped };
}

function append<K>(lists: Map<K, number[]>, key: K, at: number): void {
  const list = lists.get(key);
  if (list) list.push(at);
  else lists.set(key, [at]);
}

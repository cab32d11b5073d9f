import { forEachPair } from './blocking/pairs.ts';
import type { PlannedKey } from './blocking/plan.ts';
import type { Scorer } from './scorer.ts';
import type { Table } from './table/table.ts';
import { openRowScorer } from './table/weights.ts';

/** Scored pairs as columns: rows a < b, weight in bits, `vetoed` 1 where a level under veto forbids a link, 2 where only a person may make it. */
export type ScoredPairs = { a: Int32Array; b: Int32Array; weight: Float32Array; vetoed: Uint8Array };

export type Slice = { key: number; from: number; to: number };

export type PairSink = {
  add: (a: number, b: number, weight: number, vetoed: 0 | 1 | 2) => void;
  finish: () => ScoredPairs;
};

export function collectPairs(): PairSink {
  let size = 1024;
  let used = 0;
  let pairs: ScoredPairs = {
    a: new Int32Array(size),
    b: new Int32Array(size),
    weight: new Float32Array(size),
    vetoed: new Uint8Array(size),
  };
  return {
    add(a, b, weight, vetoed) {
      if (used === size) {
        size *= 2;
        pairs = {
          a: grow(pairs.a, new Int32Array(size)),
          b: grow(pairs.b, new Int32Array(size)),
          weight: grow(pairs.weight, new Float32Array(size)),
          vetoed: grow(pairs.vetoed, new Uint8Array(size)),
        };
      }
      pairs.a[used] = a;
      pairs.b[used] = b;
      pairs.weight[used] = weight;
      pairs.vetoed[used++] = vetoed;
    },
    finish: () => ({
      a: pairs.a.slice(0, used),
      b: pairs.b.slice(0, used),
      weight: pairs.weight.slice(0, used),
      vetoed: pairs.vetoed.slice(0, used),
    }),
  };
}

function grow<T extends Int32Array | Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Scores candidate pairs slice by slice, keeping its memos between slices; pairs below `keep` (bits) are counted and dropped. */
export function openSliceScorer(
  scorer: Scorer,
  table: Table,
  keys: readonly Pick<PlannedKey, 'codes' | 'blocks'>[],
  linking: boolean,
  keep: number,
): (slices: Iterable<Slice>) => { pairs: ScoredPairs; compared: number } {
  const rows = openRowScorer(scorer, table);
  return (slices) => {
    const sink = collectPairs();
    let compared = 0;
    for (const { key, from, to } of slices) {
      forEachPair(keys, key, from, to, linking ? table.source : null, (a, b) => {
        compared++;
        const weight = rows.weight(a, b);
        if (weight >= keep) sink.add(a, b, weight, rows.vetoed() ? 1 : rows.doubt() ? 2 : 0);
      });
    }
    return { pairs: sink.finish(), compared };
  };
}

/** Every candidate pair of the plan, in this thread. `parallel.ts` does the same with several. */
export function findPairs(
  scorer: Scorer,
  table: Table,
  keys: readonly PlannedKey[],
  linking: boolean,
  keep: number,
): { pairs: ScoredPairs; compared: number } {
  const slices = keys.map((planned, key) => ({ key, from: 0, to: planned.blocks.codes.length }));
  return openSliceScorer(scorer, table, keys, linking, keep)(slices);
}

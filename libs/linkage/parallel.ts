import { Worker } from 'node:worker_threads';
import { blockPairs, countPairs } from './blocking/blocks.ts';
import type { PlannedKey } from './blocking/plan.ts';
import { findPairs, type ScoredPairs, type Slice } from './find-pairs.ts';
import type { Model } from './model.ts';
import { openScorer } from './scorer.ts';
import type { Table } from './table/table.ts';

export type WorkerStart = {
  model: Model;
  table: Table;
  keys: { codes: PlannedKey['codes']; blocks: PlannedKey['blocks'] }[];
  linking: boolean;
  keep: number;
};
export type WorkerAnswer = { index: number; pairs: ScoredPairs; compared: number };

/** Pairs a slice of work holds, about: a quarter second each. */
const SLICE_PAIRS = 250_000;

/** Below this many pairs a worker takes longer to start than to work. */
const LEAST_PAIRS = 300_000;

/**
 * `findPairs` on several threads. Table and keys lie in shared memory and are not copied; slices go to whichever worker is
 * free, and results are joined in slice order, so the answer is the same for any number of threads.
 */
export async function findPairsInParallel(
  model: Model,
  table: Table,
  keys: readonly PlannedKey[],
  linking: boolean,
  keep: number,
  threads: number,
  leastPairs = LEAST_PAIRS,
): Promise<{ pairs: ScoredPairs; compared: number }> {
  const slices = cutSlices(keys, linking ? table.source : null);
  const source = linking ? table.source : null;
  const total = keys.reduce((sum, { blocks }) => sum + countPairs(blocks, source), 0);
  if (threads <= 1 || slices.length <= 1 || total < leastPairs)
    return findPairs(openScorer(model), table, keys, linking, keep);
  const start: WorkerStart = {
    model,
    table,
    keys: keys.map(({ codes, blocks }) => ({ codes, blocks })),
    linking,
    keep,
  };
  const answers = new Array<WorkerAnswer>(slices.length);
  let next = 0;
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./parallel-worker.ts', import.meta.url), { workerData: start });
      const give = (): void => {
        if (next >= slices.length) {
          worker.postMessage(null);
          return;
        }
        worker.postMessage({ index: next, slices: slices[next++] });
      };
      worker.on('message', (answer: WorkerAnswer) => {
        answers[answer.index] = answer;
        give();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`linkage worker ended with ${code}`))));
      give();
    });
  await Promise.all(Array.from({ length: Math.min(threads, slices.length) }, run));
  return {
    pairs: joinPairs(answers.map((answer) => answer.pairs)),
    compared: answers.reduce((sum, answer) => sum + answer.compared, 0),
  };
}

function cutSlices(keys: readonly PlannedKey[], source: Uint8Array | null): Slice[][] {
  const out: Slice[][] = [];
  for (let key = 0; key < keys.length; key++) {
    const { blocks } = keys[key]!;
    let from = 0;
    let pairs = 0;
    for (let block = 0; block < blocks.codes.length; block++) {
      pairs += blockPairs(blocks, block, source);
      if (pairs < SLICE_PAIRS && block + 1 < blocks.codes.length) continue;
      out.push([{ key, from, to: block + 1 }]);
      from = block + 1;
      pairs = 0;
    }
  }
  return out;
}

function joinPairs(parts: readonly ScoredPairs[]): ScoredPairs {
  const size = parts.reduce((sum, part) => sum + part.a.length, 0);
  const out: ScoredPairs = {
    a: new Int32Array(size),
    b: new Int32Array(size),
    weight: new Float32Array(size),
    vetoed: new Uint8Array(size),
  };
  let at = 0;
  for (const part of parts) {
    out.a.set(part.a, at);
    out.b.set(part.b, at);
    out.weight.set(part.weight, at);
    out.vetoed.set(part.vetoed, at);
    at += part.a.length;
  }
  return out;
}

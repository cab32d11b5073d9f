import { parentPort, workerData } from 'node:worker_threads';
import { openSliceScorer, type Slice } from './find-pairs.ts';
import type { WorkerAnswer, WorkerStart } from './parallel.ts';
import { openScorer } from './scorer.ts';

const start = workerData as WorkerStart;
const score = openSliceScorer(openScorer(start.model), start.table, start.keys, start.linking, start.keep);

parentPort!.on('message', (task: { index: number; slices: Slice[] } | null) => {
  if (task === null) {
    parentPort!.close();
    return;
  }
  const answer: WorkerAnswer = { index: task.index, ...score(task.slices) };
  const { a, b, weight, vetoed } = answer.pairs;
  parentPort!.postMessage(answer, [a.buffer, b.buffer, weight.buffer, vetoed.buffer] as ArrayBuffer[]);
});

import { Worker } from 'node:worker_threads';
import type { FromThread, ThreadCounters, ThreadSettings } from './words.ts';

export type MllpThread = {
  port: number;
  connections(): number;
  /** What it counted, added to what another border counted. */
  countersWith(other: ThreadCounters): ThreadCounters;
  /** Messages that wait for their acknowledgement at this moment. */
  underWay(): number;
  /** Stops listening, answers what is under way, ends the thread. */
  close(): Promise<void>;
};

type Listeners = { onStored(judged: boolean): void; onError(error: unknown): void };

const restartAfterMs = 500;
const nothingYet: ThreadCounters = { taken: 0, held: 0, refused: 0, again: 0, conflict: 0, unavailable: 0 };
const sum = (a: ThreadCounters, b: ThreadCounters): ThreadCounters =>
  Object.fromEntries(
    Object.entries(a).map(([name, value]) => [name, value + b[name as keyof ThreadCounters]]),
  ) as ThreadCounters;

/**
 * Starts the MLLP border's thread. One that dies is started again on the same port (senders see their connection break, and send again what was not
 * acknowledged).
 * @throws Error when the port cannot be listened on
 */
export async function openMllpThread(
  settings: Omit<ThreadSettings, 'underWay'>,
  { onStored, onError }: Listeners,
): Promise<MllpThread> {
  const shared = new SharedArrayBuffer(4);
  const underWay = new Int32Array(shared);
  let before = nothingYet;
  let counters = nothingYet;
  let connections = 0;
  let closing = false;
  let worker: Worker;

  const start = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      underWay[0] = 0;
      worker = new Worker(new URL('./thread.ts', import.meta.url), {
        workerData: { ...settings, port, underWay: shared } satisfies ThreadSettings,
        resourceLimits: { maxYoungGenerationSizeMb: 24 },
      });
      let listening = 0;
      worker.on('message', (word: FromThread) => {
        if (word.kind === 'listening') {
          listening = word.port;
          resolve(listening);
        } else if (word.kind === 'failed') reject(Object.assign(new Error(word.message), { code: word.code }));
        else if (word.kind === 'trouble')
          onError(Object.assign(new Error('mllp'), { name: word.name, code: word.code }));
        else {
          ({ counters, connections } = word);
          onStored(word.judged);
        }
      });
      worker.on('error', onError);
      worker.on('exit', () => {
        if (closing || !listening) return;
        before = sum(before, counters);
        counters = nothingYet;
        connections = 0;
        const again = (): void => {
          if (closing) return;
          start(listening).catch((error: unknown) => {
            onError(error);
            setTimeout(again, restartAfterMs);
          });
        };
        setTimeout(again, restartAfterMs);
      });
    });

  const port = await start(settings.port);
  return {
    port,
    connections: () => connections,
    countersWith: (other) => sum(other, sum(before, counters)),
    underWay: () => Math.max(0, Atomics.load(underWay, 0)),
    async close() {
      closing = true;
      const ended = new Promise((done) => worker.once('exit', done));
      worker.postMessage({ kind: 'stop' });
      await ended;
    },
  };
}

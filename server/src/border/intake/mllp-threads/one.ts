import { Worker } from 'node:worker_threads';
import { type FromThread, noneYet, sumOf, type ThreadCounters, type ThreadSettings } from './words.ts';

export type Listeners = { onStored(judged: boolean): void; onError(error: unknown): void };

/** One thread of the MLLP border, as {@link openMllpThreads} holds it. */
export type OneThread = {
  port: number;
  connections(): number;
  counters(): ThreadCounters;
  underWay(): number;
  close(): Promise<void>;
};

const restartAfterMs = 500;

/**
 * Starts one thread. One that dies is started again on the same port (senders see their connection break, and send again what was not
 * acknowledged).
 * @throws Error when the port cannot be listened on
 */
export async function openOneThread(
  settings: Omit<ThreadSettings, 'underWay'>,
  { onStored, onError }: Listeners,
): Promise<OneThread> {
  const shared = new SharedArrayBuffer(4);
  const underWay = new Int32Array(shared);
  let before = noneYet;
  let counters = noneYet;
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
        before = sumOf(before, counters);
        counters = noneYet;
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
    counters: () => sumOf(before, counters),
    underWay: () => Math.max(0, Atomics.load(underWay, 0)),
    async close() {
      closing = true;
      const ended = new Promise((done) => worker.once('exit', done));
      worker.postMessage({ kind: 'stop' });
      await ended;
    },
  };
}

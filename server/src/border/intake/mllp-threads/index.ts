import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { type Listeners, type OneThread, openOneThread } from './one.ts';
import { sumOf, type ThreadCounters, type ThreadSettings } from './words.ts';

export type MllpThreads = {
  port: number;
  connections(): number;
  /** What they counted, added to what another border counted. */
  countersWith(other: ThreadCounters): ThreadCounters;
  /** Messages that wait for their acknowledgement at this moment. */
  underWay(): number;
  /** Stops listening, answers what is under way, ends the threads. */
  close(): Promise<void>;
};

/** Where the kernel spreads the connections of one port over several listeners (SO_REUSEPORT); elsewhere one thread listens. */
const canShare = process.platform === 'linux' || process.platform === 'freebsd';

/** As many as there are cores, four at most: a thread takes some 50 MB, and the database wants its cores too. */
export const usualMllpThreads = (): number => (canShare ? Math.min(4, availableParallelism()) : 1);

/**
 * Starts the threads of the MLLP border, all listening on one port.
 * @param threads how many; 0: as many as usual. Where a port cannot be shared it is one, whatever is asked
 * @throws Error when the port cannot be listened on
 */
export async function openMllpThreads(
  settings: Omit<ThreadSettings, 'underWay' | 'threads'>,
  threads: number,
  listeners: Listeners,
): Promise<MllpThreads> {
  const count = canShare ? threads || usualMllpThreads() : 1;
  // A port that is shared would be shared with a stranger's listener too, without a word: it must be free first.
  if (count > 1 && settings.port !== 0) await mustBeFree(settings.port, settings.host);
  const first = await openOneThread({ ...settings, threads: count }, listeners);
  const others = await Promise.all(
    Array.from({ length: count - 1 }, () =>
      openOneThread({ ...settings, port: first.port, threads: count }, listeners),
    ),
  );
  const all: OneThread[] = [first, ...others];
  return {
    port: first.port,
    connections: () => all.reduce((sum, thread) => sum + thread.connections(), 0),
    countersWith: (other) => all.reduce((sum, thread) => sumOf(sum, thread.counters()), other),
    underWay: () => all.reduce((sum, thread) => sum + thread.underWay(), 0),
    async close() {
      await Promise.all(all.map((thread) => thread.close()));
    },
  };
}

/** @throws Error EADDRINUSE, as listening on it would */
function mustBeFree(port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

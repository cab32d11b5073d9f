import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** `id` is what codes name the key by; hexadecimal, as `CryptoProvider` takes them. */
export type SigningKey = { id: string; privateKey: string; publicKey: string };
export type Sm2Task = { id: number; do: 'sign' | 'verify'; key: string; data: Uint8Array[]; signature?: Uint8Array };
export type Sm2Answer = { id: number; signatures: Uint8Array[]; good: boolean };

export type Sm2Pool = {
  sign(key: string, data: Uint8Array[]): Promise<Uint8Array[]>;
  verify(key: string, data: Uint8Array, signature: Uint8Array): Promise<boolean>;
  close(): Promise<void>;
};

type Hand = { worker: Worker; waiting: Map<number, { resolve(answer: Sm2Answer): void; reject(error: Error): void }> };

/** SM2 in worker threads, each with its prepared keys. The threads begin with the first task, so a server that signs nothing has none. */
export function openSm2Pool(keys: SigningKey[], size = Math.max(1, Math.min(2, availableParallelism()))): Sm2Pool {
  const hands: Hand[] = [];
  let last = 0;

  const begin = (): Hand => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: keys });
    const hand: Hand = { worker, waiting: new Map() };
    const fail = (error: Error): void => {
      hands.splice(hands.indexOf(hand), 1);
      for (const { reject } of hand.waiting.values()) reject(error);
      hand.waiting.clear();
    };
    worker.on('message', (answer: Sm2Answer) => {
      hand.waiting.get(answer.id)?.resolve(answer);
      hand.waiting.delete(answer.id);
    });
    worker.once('error', fail);
    worker.once('exit', () => hands.includes(hand) && fail(new Error('an SM2 thread ended')));
    worker.unref();
    hands.push(hand);
    return hand;
  };
  const give = (task: Omit<Sm2Task, 'id'>): Promise<Sm2Answer> => {
    let hand = hands.toSorted((a, b) => a.waiting.size - b.waiting.size)[0];
    if (!hand || (hand.waiting.size > 0 && hands.length < size)) hand = begin();
    const id = ++last;
    const { waiting, worker } = hand;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      worker.postMessage({ ...task, id });
    });
  };
  return {
    sign: async (key, data) => (await give({ do: 'sign', key, data })).signatures,
    verify: async (key, data, signature) => (await give({ do: 'verify', key, data: [data], signature })).good,
    async close() {
      await Promise.all(hands.splice(0).map(({ worker }) => worker.terminate()));
    },
  };
}

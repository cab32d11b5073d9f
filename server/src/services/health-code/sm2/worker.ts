import { parentPort, workerData } from 'node:worker_threads';
import { nodeCrypto } from '@hutong/china';
import type { SigningKey, Sm2Answer, Sm2Task } from './pool.ts';

// One SM2 operation is about a millisecond of arithmetic; here it does not hold up the server's event loop.
const keys = new Map((workerData as SigningKey[]).map((key) => [key.id, key]));

parentPort?.on('message', (task: Sm2Task) => {
  const key = keys.get(task.key);
  const answer: Sm2Answer = { id: task.id, signatures: [], good: false };
  if (key && task.do === 'sign')
    answer.signatures = task.data.map((bytes) =>
      nodeCrypto.sm2Sign(bytes, key.privateKey, { publicKey: key.publicKey }),
    );
  if (key && task.do === 'verify')
    answer.good = nodeCrypto.sm2Verify(task.data[0] as Uint8Array, task.signature as Uint8Array, key.publicKey);
  parentPort?.postMessage(answer);
});

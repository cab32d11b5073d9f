import { parentPort, workerData } from 'node:worker_threads';
import { openVault } from '../server/src/core/vault/index.ts';
import { copyAll } from '../server/src/kit/copy.ts';
import { inTransaction, openPool } from '../server/src/kit/pool.ts';
import { residentRows } from './resident-rows.ts';

// Copies the batches it is told of, each with its mark in one transaction: what a broken fill has left is known.
const { databaseUrl, secret } = workerData as { databaseUrl: string; secret: string };
const pool = openPool(databaseUrl, 'bench fill', 1);
await openVault(pool, { secret });
const port = parentPort as NonNullable<typeof parentPort>;
port.on('message', async ([from, to]: [number, number]) => {
  await inTransaction(pool, async (client) => {
    await client.query('set local synchronous_commit = off');
    await copyAll(client, residentRows(client, from, to));
    await client.query('insert into bench_fill.batch (at) values ($1)', [from]);
  });
  port.postMessage('done');
});
port.postMessage('done');

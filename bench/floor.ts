import { pipeline } from 'node:stream/promises';
import { from, to } from 'pg-copy-streams';
import { openPool } from '../server/src/kit/pool.ts';

/**
 * The physical floor of a workload: the very rows it wrote, read out and COPYed in binary into empty twins of the same tables with the same
 * indexes, one commit a table, fsync on. No program that keeps these tables can be faster by more than what it leaves out.
 * @returns seconds of the COPY in (reading out is not counted) and rows
 */
export async function copyFloor(databaseUrl: string, tables: string[]): Promise<{ seconds: number; rows: number }> {
  const pool = openPool(databaseUrl, 'bench floor', 2);
  const client = await pool.connect();
  let seconds = 0;
  let rows = 0;
  try {
    await client.query('create schema floor');
    for (const table of tables) {
      const twin = `floor.${table.replace('.', '_')}`;
      await client.query(`create table ${twin} (like ${table} including all excluding identity)`);
      const chunks: Buffer[] = [];
      for await (const chunk of client.query(to(`copy ${table} to stdout (format binary)`)))
        chunks.push(chunk as Buffer);
      const started = performance.now();
      await pipeline(chunks, client.query(from(`copy ${twin} from stdin (format binary)`)));
      seconds += (performance.now() - started) / 1000;
      const { rows: counted } = await client.query<{ n: number }>(`select count(*) as n from ${twin}`);
      rows += counted[0]?.n ?? 0;
    }
    await client.query('drop schema floor cascade');
  } finally {
    client.release();
    await pool.end();
  }
  return { seconds, rows };
}

export const acknowledgedTables = ['intake.message', 'intake.waiting'];
export const recordTables = [
  'store.resource',
  'store.history',
  'store.string',
  'store.range',
  'identity.resident',
  'identity.source',
  'identity.decision',
  'events.feed',
  'audit.entry',
  'intake.outcome',
];

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { openVault } from '../server/src/core/vault/index.ts';
import { openPool, type Pool } from '../server/src/kit/pool.ts';
import { multiplyResidents, whole as oneByOne } from './multiply-residents.ts';

const step = 4000;
const workers = 2;
/** Where more than this many are missing, the indexes are dropped and built anew: sorting once is quicker than ten random inserts a resident. */
const worthDropping = 100_000;
const grown = ['source', 'match_key', 'resident'];

type Part = { rank: number; drop: string; make: string };

/** Keys first, then what refers to them, then plain indexes: in this order they are made again. */
async function partsOf(pool: Pool): Promise<Part[]> {
  const { rows } = await pool.query<Part>(
    `select case contype when 'p' then 1 else 3 end as rank, format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
     from pg_constraint where contype in ('p', 'f') and conrelid = any($1::text[]::regclass[])
     union all select 2, format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
     from pg_index where indrelid = any($1::text[]::regclass[]) and not exists (select 1 from pg_constraint c where c.conindid = indexrelid and c.contype = 'p')
     order by 1, 3`,
    [grown.map((table) => `identity.${table}`)],
  );
  return rows;
}

async function dropIndexes(pool: Pool): Promise<void> {
  const parts = await partsOf(pool);
  for (const { rank, drop, make } of parts)
    await pool.query('insert into bench_fill.part (rank, drop, make) values ($1, $2, $3)', [rank, drop, make]);
  for (const { drop } of parts.toReversed()) await pool.query(drop);
}

/** Builds what was dropped, one at a time, until the deadline. @returns whether all of it stands */
async function makeIndexes(pool: Pool, deadline: number): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query(`set maintenance_work_mem = '2GB'`);
    for (;;) {
      const { rows } = await client.query<Part>('select * from bench_fill.part order by rank, make limit 1');
      const [part] = rows;
      if (!part) return true;
      if (performance.now() > deadline) return false;
      const started = performance.now();
      await client.query(part.make);
      await client.query('delete from bench_fill.part where make = $1', [part.make]);
      process.stderr.write(`  ${((performance.now() - started) / 1000).toFixed(0)} s: ${part.make}\n`);
    }
  } finally {
    client.release();
  }
}

async function copyMissing(databaseUrl: string, secret: string, missing: number[], deadline: number): Promise<void> {
  let done = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const worker = new Worker(join(import.meta.dirname, 'fill-worker.ts'), { workerData: { databaseUrl, secret } });
      await new Promise<void>((finished, failed) => {
        worker.on('error', failed);
        worker.on('message', () => {
          const from = performance.now() > deadline ? undefined : missing.shift();
          if (from === undefined) finished();
          else worker.postMessage([from, from + step]);
          if (++done % 25 === 0) process.stderr.write(`\r  ${missing.length * step} residents to come `);
        });
      });
      await worker.terminate();
    }),
  );
}

/**
 * Fills the index with `count` inhabitants (rounded up to whole thousands) of one institution by COPY, sealed and with their blocking keys. What a cluster that was kept
 * (BENCH_DATA) holds already stays; a fill that was cut short goes on.
 * @param seconds after which to stop and leave the rest to the next call
 * @returns `whole`: whether everybody is there, with every index and statistics; `seconds` of all calls together
 */
export async function fillResidents(
  databaseUrl: string,
  secret: string,
  count: number,
  seconds = Number.POSITIVE_INFINITY,
): Promise<{ pool: Pool; seconds: number; whole: boolean }> {
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const pool = openPool(databaseUrl, 'bench fill', 2);
  // Building an index over ninety million keys takes longer than any question of the platform may.
  pool.options.query_timeout = 3_600_000;
  await openVault(pool, { secret });
  await pool.query(`create schema if not exists bench_fill;
    create table if not exists bench_fill.batch (at int primary key);
    create table if not exists bench_fill.part (rank int, drop text, make text);
    create table if not exists bench_fill.took (seconds float8)`);
  const { rows } = await pool.query<{ at: number }>('select at from bench_fill.batch');
  const filled = new Set(rows.map(({ at }) => at));
  const last = Math.min(count, oneByOne);
  const missing = Array.from({ length: Math.ceil(last / step) }, (_, n) => n * step).filter((at) => !filled.has(at));
  const millions = Math.ceil(count / oneByOne) - 1;
  const toCome =
    missing.length * step +
    Array.from({ length: millions }, (_, n) => n + 1).filter((n) => !filled.has(n * oneByOne)).length * oneByOne;
  const { rows: parts } = await pool.query('select 1 from bench_fill.part limit 1');
  if (toCome > 0 || parts.length > 0) {
    if (parts.length === 0 && toCome > worthDropping) await dropIndexes(pool);
    await copyMissing(databaseUrl, secret, missing, deadline);
    const there = missing.length === 0 && (await multiplyResidents(pool, count, deadline));
    const stands = there && (await makeIndexes(pool, deadline));
    if (stands) await pool.query('vacuum (analyze) identity.source, identity.match_key, identity.resident');
    await pool.query('insert into bench_fill.took values ($1)', [(performance.now() - started) / 1000]);
    if (!stands) return { pool, seconds: (performance.now() - started) / 1000, whole: false };
  }
  const took = await pool.query<{ seconds: number }>('select sum(seconds) as seconds from bench_fill.took');
  return { pool, seconds: took.rows[0]?.seconds ?? 0, whole: true };
}

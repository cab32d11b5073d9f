import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../test/database.ts';
import type { Pool } from './pool.ts';
import { analyseGrown } from './statistics.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
  await pool.query('create table public.load (n int not null) with (autovacuum_enabled = off)');
});
afterAll(() => drop());

/** Rows whose counts are told at once: a session keeps them to itself for up to a second. */
async function add(rows: number): Promise<void> {
  const client = await pool.connect();
  await client.query('insert into public.load select generate_series(1, $1)', [rows]);
  await client.query('select pg_stat_force_next_flush()');
  client.release();
}
const known = async (): Promise<number> =>
  (await pool.query<{ n: number }>(`select reltuples as n from pg_class where oid = 'public.load'::regclass`)).rows[0]
    ?.n ?? 0;

test('a table is analysed when it has doubled, and left alone while it has not', async () => {
  await add(100);
  expect(await analyseGrown(pool)).not.toContain('public.load');
  await add(20_000);
  expect(await analyseGrown(pool)).toContain('public.load');
  expect(await known()).toBe(20_100);
  await add(10_000);
  expect(await analyseGrown(pool)).not.toContain('public.load');
  await add(15_000);
  expect(await analyseGrown(pool)).toContain('public.load');
  expect(await known()).toBe(45_100);
});

test('a table that is dropped before its turn spoils nothing', async () => {
  await pool.query('create schema passing; create table passing.load (n int not null) with (autovacuum_enabled = off)');
  await pool.query('insert into passing.load select generate_series(1, 20000)');
  await add(60_000);
  const real = pool.query.bind(pool);
  let dropped = false;
  const dropping: Pool['query'] = (async (...args: Parameters<typeof real>) => {
    if (!dropped && String(args[0]).startsWith('analyze')) {
      dropped = true;
      await real('drop schema passing cascade');
    }
    return real(...args);
  }) as never;
  const done = await analyseGrown({ ...pool, query: dropping } as never);
  expect(dropped).toBe(true);
  expect(done).toContain('public.load');
  expect(done).not.toContain('passing.load');
});

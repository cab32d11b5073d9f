import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../../../test/database.ts';
import type { Pool } from '../../kit/pool.ts';

let pool: Pool;
let drop: () => Promise<void>;
beforeAll(async () => {
  ({ pool, drop } = await freshDatabase());
});
afterAll(() => drop());

/** How a table is spread when PostgreSQL is distributed (docs/decisions/0016-distributed.md). Whatever is neither led by the shard nor named here fails. */
const otherwise: Record<string, RegExp> = {
  // By its own hash key, which a look-up always knows; never joined with rows of a shard.
  'by its own key': /^(store\.client_id|identity\.\w+|access\.(break_glass|presented_code)|erasure\.request)$/,
  // Append-only, read in its own order by one reader: by position or message.
  'by position': /^(events\.\w+|audit\.\w+|intake\.\w+)$/,
  // Work and read models of one region's staff, rebuilt from the feed or small: on one node.
  'on one node':
    /^(surveillance\.\w+|health_code\.\w+|gateway\.\w+|fhir\.\w+|store\.page_seal|vault\.\w+|terminology\.\w+|directory\.\w+)$/,
};

type Table = { name: string; columns: string[]; key: string[] };
async function tables(): Promise<Table[]> {
  const { rows } = await pool.query<Table>(
    `select n.nspname || '.' || c.relname as name,
       (select array_agg(a.attname::text order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       coalesce((select array_agg(a.attname::text order by k.place) from pg_index i cross join lateral unnest(i.indkey) with ordinality as k (attnum, place)
         join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum where i.indrelid = c.oid and i.indisprimary), '{}') as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'public') order by 1`,
  );
  return rows;
}
const led = ({ columns, key }: Table): boolean => columns[0] === 'shard' && key[0] === 'shard';

test('every table leads with the shard key and has it first in its primary key, or the decision says how it is spread', async () => {
  const all = await tables();
  const unnamed = all.filter(
    (table) => !led(table) && !Object.values(otherwise).some((names) => names.test(table.name)),
  );
  expect(unnamed.map(({ name }) => name)).toEqual([]);
});

test('the record itself has no exception: facts, former versions, their index rows and the time-line', async () => {
  const all = new Map((await tables()).map((table) => [table.name, table]));
  for (const name of [
    'store.resource',
    'store.history',
    'store.string',
    'store.range',
    'store.erased',
    'store.erased_subject',
    'record_index.care_event',
  ]) {
    const table = all.get(name);
    expect([name, table?.columns[0], table?.key[0]]).toEqual([name, 'shard', 'shard']);
  }
});

test('no unique index of the record leaves the shard out: each node can keep it alone', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select i.indexrelid::regclass::text as name from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indisunique and n.nspname in ('store', 'record_index') and c.relname <> 'client_id'
       and not exists (select 1 from unnest(i.indkey) k join pg_attribute a on a.attrelid = c.oid and a.attnum = k and a.attname = 'shard')`,
  );
  expect(rows).toEqual([]);
});

import { copyRows } from '../../kit/copy.ts';
import { inTransaction, type Pool } from '../../kit/pool.ts';
import { vaultOf } from '../../kit/vault.ts';
import { indexValuesOf } from './index-values.ts';
import { bodyOf, bodySeal, mustBeSealed } from './sealed-bodies.ts';
import { layout, sealedLayout } from './search-layout.ts';
import { rangeColumns, stringColumns } from './write.ts';

/**
 * Makes the index words of rows that an older program wrote anew, some at a time beside live traffic; what was done stays done when it is stopped.
 * A row that somebody changes in between is left to the next round (its new version has the new words already).
 * @returns how many rows were done; 0 when nothing is left
 */
export async function reindexResources(pool: Pool, most = 500): Promise<number> {
  return inTransaction(pool, async (client) => {
    const vault = vaultOf(client);
    const { rows } = await client.query<{
      shard: number;
      key: string;
      type: number;
      body: string;
      sealed: Buffer | null;
    }>(
      `select shard, key::text, type, body, sealed from store.resource where layout < ${layout} order by shard, key limit $1 for update skip locked`,
      [most],
    );
    if (rows.length === 0) return 0;
    const made = rows.map((row) => {
      const body = bodyOf(row);
      const sealed = mustBeSealed({ type: row.type, body }) ? vault.seal(body, bodySeal) : null;
      return { ...row, body: sealed ? '' : body, sealed, index: indexValuesOf(JSON.parse(body) as object) };
    });
    const shards = made.map(({ shard }) => shard);
    const keys = made.map(({ key }) => key);
    await client.query(
      `update store.resource r set tokens = e.tokens::int8[], present = e.present, body = e.body, sealed = e.sealed, layout = ${layout}
       from unnest($1::int2[], $2::int8[], $3::text[], $4::int8[], $5::text[], $6::bytea[]) as e (shard, key, tokens, present, body, sealed)
       where r.shard = e.shard and r.key = e.key`,
      [
        shards,
        keys,
        made.map(({ index }) => `{${index.tokens.join(',')}}`),
        made.map(({ index }) => String(index.present)),
        made.map(({ body }) => body),
        made.map(({ sealed }) => sealed),
      ],
    );
    for (const table of ['string', 'range'])
      await client.query(
        `delete from store.${table} t using unnest($1::int2[], $2::int8[]) as e (shard, key) where t.shard = e.shard and t.key = e.key`,
        [shards, keys],
      );
    await copyRows(
      client,
      'store.string',
      stringColumns,
      made.flatMap(({ shard, key, index }) =>
        index.strings.map(({ param, value }) => [shard, BigInt(key), param, value]),
      ),
    );
    await copyRows(
      client,
      'store.range',
      rangeColumns,
      made.flatMap(({ shard, key, index }) =>
        index.ranges.map(({ param, low, high, unit }) => [shard, BigInt(key), param, low, high, unit]),
      ),
    );
    return rows.length;
  });
}

/** Seals former versions that an older program kept in clear, some at a time. @returns how many were looked at; 0 when nothing is left */
export async function sealFormerVersions(pool: Pool, most = 500): Promise<number> {
  return inTransaction(pool, async (client) => {
    const vault = vaultOf(client);
    const { rows } = await client.query<{ shard: number; key: string; version: number; type: number; body: string }>(
      `select shard, key::text, version, type, body from store.history where layout < ${sealedLayout} order by shard, key, version limit $1 for update skip locked`,
      [most],
    );
    if (rows.length === 0) return 0;
    const sealed = rows.map((row) => (row.body !== '' && mustBeSealed(row) ? vault.seal(row.body, bodySeal) : null));
    await client.query(
      `update store.history h set layout = ${sealedLayout}, sealed = coalesce(e.sealed, h.sealed), body = case when e.sealed is null then h.body else '' end
       from unnest($1::int2[], $2::int8[], $3::int4[], $4::bytea[]) as e (shard, key, version, sealed)
       where h.shard = e.shard and h.key = e.key and h.version = e.version`,
      [rows.map(({ shard }) => shard), rows.map(({ key }) => key), rows.map(({ version }) => version), sealed],
    );
    return rows.length;
  });
}

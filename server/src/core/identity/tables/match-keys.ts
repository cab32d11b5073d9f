import type { Client, Queryable } from '../../../kit/pool.ts';
import { vaultOf } from '../../../kit/vault.ts';
import { type BlockText, mostBlock } from '../matching/blocking.ts';

/** 64 bits of the keyed hash of a blocking text. */
export const blockKey = (db: Queryable, { text }: BlockText): bigint =>
  vaultOf(db).blindIndex('identity block', text).readBigInt64BE(0);

export type KeyedSource = { source: bigint; keys: readonly bigint[] };

/** Replaces the keys of these sources. */
export async function writeKeys(client: Client, rows: readonly KeyedSource[]): Promise<void> {
  if (rows.length === 0) return;
  const sources = rows.map(({ source }) => String(source));
  const flat = rows.flatMap(({ source, keys }) => [...new Set(keys)].map((key) => ({ source, key })));
  await client.query(
    `with given as (select * from unnest($2::int8[], $3::int8[]) as g (key, source)),
       gone as (delete from identity.match_key k where k.source = any($1::int8[])
         and not exists (select 1 from given g where g.key = k.key and g.source = k.source))
     insert into identity.match_key (key, source) select key, source from given order by 1, 2 on conflict do nothing`,
    [sources, flat.map(({ key }) => String(key)), flat.map(({ source }) => String(source))],
  );
}

/** Sources by key; a block larger than {@link mostBlock} comes back as `oversize` and without members. */
export async function membersOf(
  db: Queryable,
  keys: readonly bigint[],
): Promise<{ members: Map<bigint, bigint[]>; oversize: Set<bigint> }> {
  const members = new Map<bigint, bigint[]>();
  if (keys.length === 0) return { members, oversize: new Set() };
  const { rows } = await db.query<{ key: string; source: string }>({
    name: 'identity-block-members',
    text: `select k.key::text, m.source::text from unnest($1::int8[]) as k (key)
      cross join lateral (select source from identity.match_key where match_key.key = k.key limit ${mostBlock + 1}) m`,
    values: [[...new Set(keys)].map(String)],
  });
  for (const { key, source } of rows) {
    const list = members.get(BigInt(key));
    if (list) list.push(BigInt(source));
    else members.set(BigInt(key), [BigInt(source)]);
  }
  const oversize = new Set([...members].filter(([, list]) => list.length > mostBlock).map(([key]) => key));
  for (const key of oversize) members.delete(key);
  return { members, oversize };
}

/** Counts blocks that were too large to look through. */
export async function noteSkipped(db: Queryable, blocks: readonly { key: bigint; kind: string }[]): Promise<void> {
  if (blocks.length === 0) return;
  const distinct = new Map(blocks.map((block) => [block.key, block]));
  await db.query(
    `insert into identity.skipped_block (key, kind, records)
     select g.key, g.kind, (select count(*)::int from identity.match_key m where m.key = g.key) from unnest($1::int8[], $2::text[]) as g (key, kind) order by 1
     on conflict (key) do update set records = excluded.records, times = identity.skipped_block.times + 1, last_at = now()`,
    [[...distinct.keys()].map(String), [...distinct.values()].map(({ kind }) => kind)],
  );
}

export async function skippedBlocks(
  db: Queryable,
): Promise<{ key: string; blocks: number; records: number; largest: number }[]> {
  const { rows } = await db.query<{ key: string; blocks: number; records: number; largest: number }>(
    'select kind as key, count(*)::int as blocks, sum(records)::int as records, max(records) as largest from identity.skipped_block group by kind order by 3 desc',
  );
  return rows;
}

/** What these sources looked like when they were last compared. */
export async function comparedBefore(db: Queryable, ids: readonly bigint[]): Promise<Map<bigint, string>> {
  const { rows } = await db.query<{ source: string; seen: string }>(
    `select source::text, digest::text || ' ' || model as seen from identity.compared where source = any($1::int8[])`,
    [ids.map(String)],
  );
  return new Map(rows.map(({ source, seen }) => [BigInt(source), seen]));
}

export async function noteCompared(
  client: Client,
  rows: readonly { source: bigint; digest: bigint }[],
  model: string,
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into identity.compared (source, digest, model) select source, digest, $3 from unnest($1::int8[], $2::int8[]) as g (source, digest) order by 1
     on conflict (source) do update set digest = excluded.digest, model = excluded.model`,
    [rows.map(({ source }) => String(source)), rows.map(({ digest }) => String(digest)), model],
  );
}

export async function forgetMatching(client: Client): Promise<void> {
  await client.query('truncate identity.match_key, identity.compared, identity.skipped_block');
}

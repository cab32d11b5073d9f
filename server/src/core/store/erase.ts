import { createHash } from 'node:crypto';
import type { Client, Queryable } from '../../kit/pool.ts';
import { shardOfPerson } from './keys.ts';
import { bodyOf } from './sealed-bodies.ts';

/** What was erased: the proof is SM3 over every version as one JSON array of its key, version and text, in the order of key and version. */
export type Erased = {
  versions: number;
  sm3: string;
  /** Key and type of every resource, for whoever has tables made from them. */
  keys: [key: string, type: number][];
  /** Messages that the versions came with, and the ids that they were known by. */
  messages: bigint[];
  ids: string[];
};

const shards = (subjects: bigint[]): number[] => [...new Set(subjects.map(shardOfPerson))];

/** From here on no writer begins a row about these people; what is under way already ends within moments. */
export async function forbidSubjects(db: Queryable, subjects: bigint[], erasure: bigint, at: Date): Promise<void> {
  await db.query(
    'insert into store.erased_subject (shard, subject, erasure, at) select shard, subject, $3::int8, $4::timestamptz from unnest($1::int2[], $2::int8[]) as s (shard, subject) on conflict do nothing',
    [subjects.map(shardOfPerson), subjects.map(String), String(erasure), at],
  );
}

/** Lets rows about these people be written again. */
export async function allowSubjects(db: Queryable, erasure: bigint): Promise<void> {
  await db.query('delete from store.erased_subject where erasure = $1', [String(erasure)]);
}

/** Which of these people were erased. */
export async function erasedAmong(db: Queryable, subjects: bigint[]): Promise<Set<bigint>> {
  if (subjects.length === 0) return new Set();
  const { rows } = await db.query<{ subject: string }>({
    name: 'store-erased-subjects',
    text: 'select subject::text from store.erased_subject where shard = any($1::int2[]) and subject = any($2::int8[])',
    values: [shards(subjects), subjects.map(String)],
  });
  return new Set(rows.map(({ subject }) => BigInt(subject)));
}

/** Removes every row about these people, current and former, with their index rows, and leaves tombstones. In the caller's transaction. */
export async function eraseSubjects(client: Client, subjects: bigint[], erasure: bigint): Promise<Erased> {
  const whose = [shards(subjects), subjects.map(String)];
  const where = 'shard = any($1::int2[]) and subject = any($2::int8[])';
  await client.query(`select 1 from store.resource where ${where} for update`, whose);
  const digest = createHash('sm3');
  const erased: Erased = { versions: 0, sm3: '', keys: [], messages: [], ids: [] };
  const keys = new Map<string, number>();
  const messages = new Set<string>();
  const ids = new Set<string>();
  // A page at a time: a long record with images does not have to fit into the memory at once.
  let after: [string, number] = ['-9223372036854775808', -1];
  for (;;) {
    const { rows } = await client.query<{
      key: string;
      type: number;
      id: string;
      version: number;
      message: string | null;
      body: string;
      sealed: Buffer | null;
    }>(
      `select key::text, type, id, version, message::text, body, sealed from (
         select key, type, id, version, message, body, sealed from store.resource where ${where}
         union all select key, type, id, version, message, body, sealed from store.history where ${where}) v
       where (v.key, v.version) > ($3::int8, $4::int4) order by v.key, v.version limit 50`,
      [...whose, ...after],
    );
    for (const row of rows) {
      digest.update(JSON.stringify([row.key, row.version, bodyOf(row)]));
      keys.set(row.key, row.type);
      ids.add(row.id);
      if (row.message !== null) messages.add(row.message);
    }
    erased.versions += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < 50) break;
    after = [last.key, last.version];
  }
  await client.query(
    `insert into store.erased (shard, key, type, institution, erasure)
       select shard, key, type, institution, $3::int8 from store.resource where ${where}
       union select shard, key, type, institution, $3::int8 from store.history where ${where} on conflict do nothing`,
    [...whose, String(erasure)],
  );
  for (const table of ['string', 'range'])
    await client.query(`delete from store.${table} where shard = any($1::int2[]) and key = any($2::int8[])`, [
      whose[0],
      [...keys.keys()],
    ]);
  await client.query('delete from store.client_id where key = any($1::int8[])', [[...keys.keys()]]);
  await client.query(`delete from store.resource where ${where}`, whose);
  await client.query(`delete from store.history where ${where}`, whose);
  return {
    ...erased,
    sm3: digest.digest('hex'),
    keys: [...keys],
    messages: [...messages].map(BigInt),
    ids: [...ids],
  };
}

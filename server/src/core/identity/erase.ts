import type { Client } from '../../kit/pool.ts';

/** Removes a resident's identities and how they were linked, in the caller's transaction. @returns the messages that told of them */
export async function eraseSources(client: Client, sources: bigint[]): Promise<bigint[]> {
  const ids = [sources.map(String)];
  // What the linkage keeps of them: keys to find them by, comparisons, pairs waiting for review. That acts were made stays, without their words.
  await client.query('delete from identity.match_key where source = any($1::int8[])', ids);
  await client.query('delete from identity.compared where source = any($1::int8[])', ids);
  await client.query('delete from identity.pair where a = any($1::int8[]) or b = any($1::int8[])', ids);
  await client.query('delete from identity.edge where a = any($1::int8[]) or b = any($1::int8[])', ids);
  await client.query(
    'update identity.act set reason = null, note_sealed = null where (left_sources || right_sources) && $1::int8[]',
    ids,
  );
  const { rows } = await client.query<{ message: string }>(
    'delete from identity.decision where source = any($1::int8[]) returning message::text',
    ids,
  );
  const { rows: gone } = await client.query<{ resident: string }>(
    'delete from identity.source where id = any($1::int8[]) returning resident::text',
    ids,
  );
  await client.query(
    'delete from identity.resident r where r.id = any($1::int8[]) and not exists (select 1 from identity.source s where s.resident = r.id)',
    [gone.map(({ resident }) => resident)],
  );
  return rows.flatMap(({ message }) => (message === null ? [] : [BigInt(message)]));
}

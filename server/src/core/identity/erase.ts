import type { Client } from '../../kit/pool.ts';

/** Removes what the linkage keeps of these sources: keys to find them by, comparisons, pairs waiting for review, edges. In the caller's transaction. */
async function eraseLinkage(client: Client, sources: readonly bigint[]): Promise<void> {
  const ids = [sources.map(String)];
  await client.query('delete from identity.match_key where source = any($1::int8[])', ids);
  await client.query('delete from identity.compared where source = any($1::int8[])', ids);
  await client.query('delete from identity.pair where a = any($1::int8[]) or b = any($1::int8[])', ids);
  await client.query('delete from identity.edge where a = any($1::int8[]) or b = any($1::int8[])', ids);
}

/** The same again for those of these sources that are gone: a comparison that was under way during an erasure writes its keys after it. */
export async function forgetErased(client: Client, sources: readonly bigint[]): Promise<void> {
  if (sources.length === 0) return;
  const { rows } = await client.query<{ id: string }>(
    'select id::text from unnest($1::int8[]) as e (id) where not exists (select 1 from identity.source s where s.id = e.id)',
    [sources.map(String)],
  );
  await eraseLinkage(
    client,
    rows.map(({ id }) => BigInt(id)),
  );
}

/** Removes a resident's identities and how they were linked, in the caller's transaction. @returns the messages that told of them */
export async function eraseSources(client: Client, sources: bigint[]): Promise<bigint[]> {
  const ids = [sources.map(String)];
  await eraseLinkage(client, sources);
  // That acts were made stays, without their words.
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

import type { Client } from '../../../kit/pool.ts';
import { nobody } from './codes.ts';

/**
 * Removes what is kept of these people, in the caller's transaction: cards with every card id, temporary ids, bonds, the log of scans. The handles of their
 * codes stay, revoked and naming nobody, so that a terminal without a network goes on refusing what was printed.
 */
export async function eraseCodes(client: Client, subjects: readonly bigint[]): Promise<void> {
  const ids = [subjects.map(String)];
  const cards = 'select id from health_code.card where subject = any($1::int8[])';
  for (const table of ['issued', 'card_name'])
    await client.query(`delete from health_code.${table} where card in (${cards})`, ids);
  await client.query('delete from health_code.card where subject = any($1::int8[])', ids);
  await client.query('delete from health_code.temporary where subject = any($1::int8[])', ids);
  await client.query('delete from health_code.proxy where subject = any($1::int8[]) or holder = any($1::int8[])', ids);
  await client.query('delete from health_code.scan where subject = any($1::int8[])', ids);
  await client.query('delete from health_code.expected_visit where subject = any($1::int8[])', ids);
  // Whose code it was keeps the row: that somebody else showed it stays, but not who.
  await client.query('update health_code.scan set presented_by = null where presented_by = any($1::int8[])', ids);
  await client.query(
    'update health_code.handle set subject = $2, shard = 0, revoked_at = coalesce(revoked_at, now()) where subject = any($1::int8[])',
    [...ids, String(nobody)],
  );
}

import type { Client } from '../../kit/pool.ts';

/** The bytes of messages go; what is left is that a message came, when, from whom and its hash, so that the same one again is still known as the same. */
const emptied = 'raw = null, sealed = null';
/** What a repetition of an emptied FHIR message is told; the answers of other protocols say nothing about anybody. */
const goneAnswer = JSON.stringify({ status: 410, headers: {}, body: '' });

/**
 * Empties every message that these resources came with, in the caller's transaction: its bytes, its answer, corrections and repetitions.
 * @param ids of the resources that were written
 * @returns how many messages
 */
export async function eraseMessages(client: Client, messages: bigint[], ids: string[]): Promise<number> {
  const { rows } = await client.query<{ message: string }>(
    `select message::text from intake.outcome o where exists (select 1 from jsonb_array_elements(o.written) w where w ->> 'id' = any($1::text[]))`,
    [ids],
  );
  const all = [[...new Set([...messages.map(String), ...rows.map(({ message }) => message)])]];
  const { rowCount } = await client.query(
    `update intake.message set ${emptied}, acknowledgement = case protocol when 'fhir' then $2 else acknowledgement end where id = any($1::int8[])`,
    [...all, goneAnswer],
  );
  for (const table of ['again', 'correction'])
    await client.query(`update intake.${table} set ${emptied} where message = any($1::int8[])`, all);
  await client.query(
    `update intake.outcome set written = '[]', zh = null, en = null, issues = '[]' where message = any($1::int8[])`,
    all,
  );
  return rowCount ?? 0;
}

import type { Client } from '../../../kit/pool.ts';
import type { Source } from '../model.ts';

/** Takes the locks of rows and numbers at once, without waiting. @returns false when somebody else holds one of them */
export async function lockRows(client: Client, ids: readonly bigint[], numbers: readonly bigint[]): Promise<boolean> {
  if (numbers.length > 0) {
    const { rows } = await client.query<{ all: boolean }>(
      'select bool_and(pg_try_advisory_xact_lock(n)) as all from (select distinct n from unnest($1::int8[]) as l (n) order by n) numbers',
      [numbers.map(String)],
    );
    if (!rows[0]?.all) return false;
  }
  const { rows } = await client.query(
    'select id from identity.source where id = any($1::int8[]) order by id for update skip locked',
    [ids.map(String)],
  );
  return rows.length === ids.length;
}

/** New residents for sources whose rows are held. The version moves on, so nobody decides on the old state. */
export async function movePointers(client: Client, sources: readonly Source[]): Promise<void> {
  if (sources.length === 0) return;
  await client.query(
    `update identity.source s set resident = g.resident, how = g.how, version = s.version + 1
     from unnest($1::int8[], $2::int8[], $3::text[]) as g (id, resident, how) where s.id = g.id`,
    [
      sources.map(({ id }) => String(id)),
      sources.map(({ resident }) => String(resident)),
      sources.map(({ how }) => how),
    ],
  );
}

export async function nextVersions(client: Client, ids: readonly bigint[]): Promise<void> {
  await client.query('update identity.source set version = version + 1 where id = any($1::int8[])', [ids.map(String)]);
}

export async function resetEdges(client: Client): Promise<void> {
  await client.query('truncate identity.edge');
}

export async function allSources(client: Client, after: string, limit: number): Promise<bigint[]> {
  const { rows } = await client.query<{ id: string }>(
    'select id::text from identity.source where id > $1::int8 order by id limit $2',
    [after, limit],
  );
  return rows.map(({ id }) => BigInt(id));
}

import type { Queryable } from '../../../kit/pool.ts';
import type { Source } from '../model.ts';
import { indexOf, type SourceColumns, sourceColumns, toSource } from './source-rows.ts';

export type SourceRow = Source & { since: Date; lastAt: Date };
export type FullRow = SourceColumns & { since: Date; lastAt: Date };

export const toRow = (db: Queryable, { since, lastAt, ...row }: FullRow): SourceRow => ({
  ...toSource(db, row),
  since,
  lastAt,
});

export async function sourcesOfResident(db: Queryable, resident: bigint): Promise<SourceRow[]> {
  const { rows } = await db.query<FullRow>(
    `select ${sourceColumns}, since, last_at as "lastAt" from identity.source where resident = $1 order by stamp desc, id`,
    [String(resident)],
  );
  return rows.map((row) => toRow(db, row));
}

export async function sourcesOfResidents(db: Queryable, residents: readonly bigint[]): Promise<SourceRow[]> {
  if (residents.length === 0) return [];
  const { rows } = await db.query<FullRow>({
    name: 'identity-of-residents',
    text: `select ${sourceColumns}, since, last_at as "lastAt" from identity.source where resident = any($1::int8[]) order by stamp desc, id`,
    values: [residents.map(String)],
  });
  return rows.map((row) => toRow(db, row));
}

export async function sourcesByIds(db: Queryable, ids: readonly bigint[]): Promise<Map<bigint, SourceRow>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<FullRow>({
    name: 'identity-by-ids',
    text: `select ${sourceColumns}, since, last_at as "lastAt" from identity.source where id = any((select $1::int8[])::int8[])`,
    values: [ids.map(String)],
  });
  return new Map(rows.map((row) => [BigInt(row.id), toRow(db, row)]));
}

export async function sourcesByLocalId(db: Queryable, localId: string): Promise<SourceRow[]> {
  const { rows } = await db.query<FullRow>(
    `select ${sourceColumns}, since, last_at as "lastAt" from identity.source where local_index = $1 order by id limit 200`,
    [indexOf(db, 'local-id', localId)],
  );
  return rows.map((row) => toRow(db, row));
}

export async function residentsOfSources(db: Queryable, ids: bigint[]): Promise<Map<bigint, bigint>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; resident: string }>({
    name: 'identity-residents-of',
    text: 'select id::text, resident::text from identity.source where id = any((select $1::int8[])::int8[])',
    values: [ids.map(String)],
  });
  return new Map(rows.map(({ id, resident }) => [BigInt(id), BigInt(resident)]));
}

/** What a decision about access needs of a source identity: nothing of it is sealed. */
export type KnownSource = { id: bigint; institution: number; lastAt: Date };

/** For each of these source identities, its resident and every source identity of that resident. */
export async function sourcesBeside(
  db: Queryable,
  ids: bigint[],
): Promise<Map<bigint, { resident: bigint; sources: KnownSource[] }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ asked: string; resident: string; id: string; institution: number; lastAt: Date }>({
    name: 'identity-beside',
    text: `select a.id::text as asked, s.resident::text, s.id::text, s.institution, s.last_at as "lastAt"
           from identity.source a join identity.source s on s.resident = a.resident where a.id = any($1::int8[]) order by s.stamp desc, s.id`,
    values: [ids.map(String)],
  });
  const found = new Map<bigint, { resident: bigint; sources: KnownSource[] }>();
  for (const { asked, resident, id, institution, lastAt } of rows) {
    const one = found.get(BigInt(asked)) ?? { resident: BigInt(resident), sources: [] };
    one.sources.push({ id: BigInt(id), institution, lastAt });
    found.set(BigInt(asked), one);
  }
  return found;
}

/** The resident in whom one that no longer has any source lives on; itself when it has some, null when it never was. */
export async function livesOnAs(db: Queryable, resident: bigint): Promise<bigint | null> {
  let at = String(resident);
  for (let steps = 0; steps < 50; steps++) {
    const { rows } = await db.query<{ alive: boolean; next: string | null }>(
      `select exists (select 1 from identity.source where resident = $1) as alive,
        (select to_resident::text from identity.decision where from_resident = $1 order by seq desc limit 1) as next`,
      [at],
    );
    if (rows[0]?.alive) return BigInt(at);
    if (!rows[0]?.next) return null;
    at = rows[0].next;
  }
  return null;
}

/** Residents some source of whom matches; `kind` decides the column, an index serves each. */
export async function findResidents(
  db: Queryable,
  kind: 'number' | 'phone' | 'local-id' | 'name',
  text: string,
  limit: number,
): Promise<{ residents: bigint[]; total: number }> {
  const where = {
    number: 'number_index = $1',
    phone: 'phone_index = $1',
    'local-id': 'local_index = $1',
    name: `name_folded like $1 || '%'`,
  }[kind];
  const value = kind === 'name' ? text.replace(/[\\%_]/g, '\\$&') : indexOf(db, kind, text);
  const { rows } = await db.query<{ resident: string; total: number }>(
    `select resident::text, count(*) over () as total from (select distinct resident from identity.source where ${where} limit 1000) found order by resident limit $2`,
    [value, limit],
  );
  return { residents: rows.map(({ resident }) => BigInt(resident)), total: rows[0]?.total ?? 0 };
}

export async function countResidents(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ n: number }>('select count(distinct resident) as n from identity.source');
  return rows[0]?.n ?? 0;
}

export async function countResidentsByArea(db: Queryable): Promise<Map<string, number>> {
  const { rows } = await db.query<{ area: string; n: number }>(
    `select area, count(*) as n from (select distinct on (resident) resident, area from identity.source
       where area is not null and area <> '' and deceased is null order by resident, stamp desc) home group by area`,
  );
  return new Map(rows.map(({ area, n }) => [area, n]));
}

/**
 * Residents whom many institutions know, born between two days and living: the demo's people. `at` asks for one address.
 * @returns a source identity of each, most institutions first
 */
export async function wellKnownResidents(
  db: Queryable,
  wanted: { from: string; to: string; at: string | null; limit: number },
): Promise<{ subject: bigint; resident: bigint; address: string | null }[]> {
  const { rows } = await db.query<{ subject: string; resident: string; address: string | null }>(
    `select min(id)::text as subject, resident::text, max(address) as address from identity.source
     where how = 'resident-number' and deceased is null and birth_date between $1 and $2 and ($3::text is null or address = $3)
     group by source.resident order by count(distinct institution) desc, count(*) desc, source.resident limit $4`,
    [wanted.from, wanted.to, wanted.at, wanted.limit],
  );
  return rows.map(({ subject, resident, address }) => ({
    subject: BigInt(subject),
    resident: BigInt(resident),
    address,
  }));
}

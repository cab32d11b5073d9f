import type { TableWriter } from '../../kit/group-commit.ts';
import type { Queryable } from '../../kit/pool.ts';
import type { Rule, Source } from './model.ts';

type Row = Omit<Source, 'id' | 'resident' | 'mergedInto'> & { id: string; resident: string; mergedInto: string | null };

const columns = `id::text, institution, authority, local_id as "localId", resident::text, merged_into::text as "mergedInto", merged_stamp as "mergedStamp",
  number, number_stamp as "numberStamp", how, name, sex, birth_date as "birthDate", phone, address, area, ethnic_group as "ethnicGroup", deceased, stamp, version`;

const toSource = (row: Row): Source => ({
  ...row,
  id: BigInt(row.id),
  resident: BigInt(row.resident),
  mergedInto: row.mergedInto === null ? null : BigInt(row.mergedInto),
});

/** These identities and, where any of them was ever merged, everybody in their families. */
export async function sourcesWithFamilies(db: Queryable, ids: bigint[]): Promise<Map<bigint, Source>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<Row>({
    name: 'identity-families',
    text: `with recursive up as (
        select s.id, s.merged_into from identity.source s where s.id = any($1::int8[])
        union select s.id, s.merged_into from identity.source s join up on s.id = up.merged_into),
      family as (select id from up union select s.id from identity.source s join family f on s.merged_into = f.id)
      select ${columns} from identity.source where id in (select id from family)`,
    values: [ids.map(String)],
  });
  return new Map(rows.map((row) => [BigInt(row.id), toSource(row)]));
}

export type SourceWrite = {
  source: Source;
  nameFolded: string | null;
  message: bigint | null;
  decision: { from: bigint | null; rule: Rule } | null;
};

/** Inserts version 0 rows, updates others at the version they were read; a row that moved on in between refuses the transaction. */
export const sourceWriter: TableWriter<SourceWrite> = {
  name: 'identity',
  async write(client, writes) {
    const residents = [...new Map(writes.map(({ source }) => [source.resident, source])).keys()].map(String);
    await client.query(
      `insert into identity.resident (id, shard) select distinct id, (mod(id & 4294967295, 255) + 1)::int2 from unnest($1::int8[]) as r (id) order by 1 on conflict do nothing`,
      [residents],
    );
    const rows = writes.map(({ source, nameFolded }) => ({
      id: String(source.id),
      institution: source.institution,
      authority: source.authority,
      local_id: source.localId,
      resident: String(source.resident),
      merged_into: source.mergedInto === null ? null : String(source.mergedInto),
      merged_stamp: source.mergedStamp,
      number: source.number,
      number_stamp: source.numberStamp,
      how: source.how,
      name: source.name,
      name_folded: nameFolded,
      sex: source.sex,
      birth_date: source.birthDate,
      phone: source.phone,
      address: source.address,
      area: source.area,
      ethnic_group: source.ethnicGroup,
      deceased: source.deceased,
      stamp: source.stamp,
      version: source.version,
    }));
    const { rows: written } = await client.query<{ id: string }>(
      `with given as (select * from jsonb_to_recordset($1::jsonb) as g (id int8, institution int4, authority text, local_id text, resident int8, merged_into int8,
          merged_stamp text, number text, number_stamp text, how text, name text, name_folded text, sex text, birth_date text, phone text, address text, area text,
          ethnic_group text, deceased text, stamp text, version int4)),
       made as (
         insert into identity.source (id, shard, institution, authority, local_id, resident, merged_into, merged_stamp, number, number_stamp, how, name, name_folded, sex,
           birth_date, phone, address, area, ethnic_group, deceased, stamp)
         select id, (mod(id & 4294967295, 255) + 1)::int2, institution, authority, local_id, resident, merged_into, merged_stamp, number, number_stamp, how, name, name_folded, sex,
           birth_date, phone, address, area, ethnic_group, deceased, stamp from given where version = 0
         on conflict (id) do nothing returning id),
       changed as (
         update identity.source s set resident = g.resident, merged_into = g.merged_into, merged_stamp = g.merged_stamp, number = g.number, number_stamp = g.number_stamp,
           how = g.how, name = g.name, name_folded = g.name_folded, sex = g.sex, birth_date = g.birth_date, phone = g.phone, address = g.address, area = g.area,
           ethnic_group = g.ethnic_group, deceased = g.deceased, stamp = g.stamp, last_at = now(), version = s.version + 1
         from given g where g.version > 0 and s.id = g.id and s.version = g.version returning s.id)
       select id::text from made union all select id::text from changed`,
      [JSON.stringify(rows)],
    );
    if (written.length < writes.length) {
      const good = new Set(written.map(({ id }) => id));
      return writes.flatMap(({ source }, index) => (good.has(String(source.id)) ? [] : [index]));
    }
    const decisions = writes.filter(({ decision }) => decision !== null);
    if (decisions.length > 0)
      await client.query(
        `insert into identity.decision (source, from_resident, to_resident, rule, message)
         select * from unnest($1::int8[], $2::int8[], $3::int8[], $4::text[], $5::int8[])`,
        [
          decisions.map(({ source }) => String(source.id)),
          decisions.map(({ decision }) => (decision?.from == null ? null : String(decision.from))),
          decisions.map(({ source }) => String(source.resident)),
          decisions.map(({ decision }) => decision?.rule ?? null),
          decisions.map(({ message }) => (message === null ? null : String(message))),
        ],
      );
    return [];
  },
};

export type SourceRow = Source & { since: Date; lastAt: Date };
type FullRow = Row & { since: Date; lastAt: Date };

export async function sourcesOfResident(db: Queryable, resident: bigint): Promise<SourceRow[]> {
  const { rows } = await db.query<FullRow>(
    `select ${columns}, since, last_at as "lastAt" from identity.source where resident = $1 order by stamp desc`,
    [String(resident)],
  );
  return rows.map((row) => ({ ...toSource(row), since: row.since, lastAt: row.lastAt }));
}

export async function residentsOfSources(db: Queryable, ids: bigint[]): Promise<Map<bigint, bigint>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: string; resident: string }>(
    'select id::text, resident::text from identity.source where id = any($1::int8[])',
    [ids.map(String)],
  );
  return new Map(rows.map(({ id, resident }) => [BigInt(id), BigInt(resident)]));
}

/** Residents some source of whom matches; `kind` decides the column, an index serves each. */
export async function findResidents(
  db: Queryable,
  kind: 'number' | 'phone' | 'local-id' | 'name',
  text: string,
  limit: number,
): Promise<{ residents: bigint[]; total: number }> {
  const where = {
    number: 'number = $1',
    phone: 'phone = $1',
    'local-id': 'local_id = $1',
    name: `name_folded like $1 || '%'`,
  }[kind];
  const value = kind === 'name' ? text.replace(/[\\%_]/g, '\\$&') : text;
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

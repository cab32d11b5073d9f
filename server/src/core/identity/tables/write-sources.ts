import type { TableWriter } from '../../../kit/group-commit.ts';
import type { Client } from '../../../kit/pool.ts';
import type { Rule, Source } from '../model.ts';
import { sealedColumns } from './source-rows.ts';

/** What was seen of the claimants of a number when it was decided who is who: how many, and the sum of their versions. */
export type SeenClaim = { number: Buffer; claimants: number; versions: number };

export type SourceWrite = {
  source: Source;
  nameFolded: string | null;
  message: bigint | null;
  decision: { from: bigint | null; rule: Rule } | null;
  /** Numbers whose claimants the decision rests on, noted with each row that it changes. */
  claims: readonly SeenClaim[];
};

const plainColumns = (source: Source, nameFolded: string | null): Record<string, unknown> => ({
  id: String(source.id),
  institution: source.institution,
  authority: source.authority,
  resident: String(source.resident),
  merged_into: source.mergedInto === null ? null : String(source.mergedInto),
  merged_stamp: source.mergedStamp,
  number_stamp: source.numberStamp,
  how: source.how,
  name: source.name,
  name_folded: nameFolded,
  sex: source.sex,
  birth_date: source.birthDate,
  address: source.address,
  area: source.area,
  ethnic_group: source.ethnicGroup,
  deceased: source.deceased,
  stamp: source.stamp,
  version: source.version,
});

const residentsFrom = (ids: string): string =>
  `insert into identity.resident (id, shard) select distinct id, (mod(id & 4294967295, 255) + 1)::int2 from (${ids}) as r (id) order by 1 on conflict do nothing`;

export async function makeResidents(client: Client, residents: readonly bigint[]): Promise<void> {
  await client.query(residentsFrom('select unnest($1::int8[])'), [[...new Set(residents)].map(String)]);
}

/**
 * Two people who claim one number at the same instant, here or on another server: the later of the two waits for the number's lock, sees that its
 * claimants are not those it decided on, and is decided anew.
 */
async function claimsStand(client: Client, claims: readonly SeenClaim[]): Promise<boolean> {
  const distinct = new Map(claims.map((claim) => [claim.number.toString('hex'), claim]));
  if (distinct.size === 0) return true;
  const numbers = [...distinct.values()].map(({ number }) => number);
  await lockNumbers(client, numbers);
  const { rows } = await client.query<{ number: Buffer; n: number; versions: number }>({
    name: 'identity-claims',
    text: 'select number_index as number, count(*)::int as n, sum(version)::int as versions from identity.source where number_index = any((select $1::bytea[])::bytea[]) group by 1',
    values: [numbers],
  });
  const found = new Map(rows.map((row) => [row.number.toString('hex'), row]));
  return [...distinct].every(([hex, { claimants, versions }]) => {
    const now = found.get(hex);
    return (now?.n ?? 0) === claimants && (now?.versions ?? 0) === versions;
  });
}

async function lockNumbers(client: Client, numbers: readonly Buffer[]): Promise<void> {
  const keys = numbers.map((number) => number.readBigInt64BE(0)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  await client.query({
    name: 'identity-lock-numbers',
    text: 'select pg_advisory_xact_lock(k) from unnest($1::int8[]) with ordinality as l (k, at) order by at',
    values: [keys.map(String)],
  });
}

/** Inserts version 0 rows, updates others at the version they were read; a row that moved on in between refuses the transaction. */
export const sourceWriter: TableWriter<SourceWrite> = {
  name: 'identity',
  async write(client, writes) {
    if (
      !(await claimsStand(
        client,
        writes.flatMap(({ claims }) => claims),
      ))
    )
      return writes.map((_, index) => index);
    const rows = writes.map(({ source, nameFolded }) => ({
      ...plainColumns(source, nameFolded),
      ...sealedColumns(client, source),
    }));
    const decisions = writes.flatMap(({ source, message, decision }) =>
      decision
        ? [{ source: source.id, from: decision.from, to: source.resident, rule: decision.rule, message, act: null }]
        : [],
    );
    // Residents, registrations and the trail in one statement: the references between them are checked at its end.
    const { rows: written } = await client.query<{ id: string }>({
      name: 'identity-write',
      text: `with given as (select id, institution, authority, resident, merged_into, merged_stamp, number_stamp, how, name, name_folded, sex, birth_date, address, area,
          ethnic_group, deceased, stamp, version, decode(local_sealed, 'hex') as local_sealed, decode(local_index, 'hex') as local_index,
          decode(number_sealed, 'hex') as number_sealed, decode(number_index, 'hex') as number_index, decode(phone_sealed, 'hex') as phone_sealed,
          decode(phone_index, 'hex') as phone_index, decode(more_sealed, 'hex') as more_sealed
        from jsonb_to_recordset($1::jsonb) as g (id int8, institution int4, authority text, resident int8, merged_into int8, merged_stamp text, number_stamp text,
          how text, name text, name_folded text, sex text, birth_date text, address text, area text, ethnic_group text, deceased text, stamp text, version int4,
          local_sealed text, local_index text, number_sealed text, number_index text, phone_sealed text, phone_index text, more_sealed text)),
       homes as (${residentsFrom('select resident from given')}),
       trail as (${decisionsFrom(2)}),
       made as (
         insert into identity.source (id, shard, institution, authority, resident, merged_into, merged_stamp, number_stamp, how, name, name_folded, sex, birth_date,
           address, area, ethnic_group, deceased, stamp, local_sealed, local_index, number_sealed, number_index, phone_sealed, phone_index, more_sealed)
         select id, (mod(id & 4294967295, 255) + 1)::int2, institution, authority, resident, merged_into, merged_stamp, number_stamp, how, name, name_folded, sex, birth_date,
           address, area, ethnic_group, deceased, stamp, local_sealed, local_index, number_sealed, number_index, phone_sealed, phone_index, more_sealed
         from given where version = 0
         on conflict (id) do nothing returning id),
       changed as (
         update identity.source s set resident = g.resident, merged_into = g.merged_into, merged_stamp = g.merged_stamp, number_stamp = g.number_stamp, how = g.how,
           name = g.name, name_folded = g.name_folded, sex = g.sex, birth_date = g.birth_date, address = g.address, area = g.area, ethnic_group = g.ethnic_group,
           deceased = g.deceased, stamp = g.stamp, local_id = null, number = null, phone = null, local_sealed = g.local_sealed, local_index = g.local_index,
           number_sealed = g.number_sealed, number_index = g.number_index, phone_sealed = g.phone_sealed, phone_index = g.phone_index, more_sealed = g.more_sealed,
           last_at = now(), version = s.version + 1
         from given g where g.version > 0 and s.id = g.id and s.version = g.version returning s.id)
       select id::text from made union all select id::text from changed`,
      values: [JSON.stringify(rows), ...decisionColumns(decisions)],
    });
    if (written.length < writes.length) {
      const good = new Set(written.map(({ id }) => id));
      return writes.flatMap(({ source }, index) => (good.has(String(source.id)) ? [] : [index]));
    }
    return [];
  },
};

export type DecisionRow = {
  source: bigint;
  from: bigint | null;
  to: bigint;
  rule: Rule;
  message: bigint | null;
  act: bigint | null;
};

/** Takes {@link decisionColumns} as parameters from `$first` on. */
const decisionsFrom = (first: number): string =>
  `insert into identity.decision (source, from_resident, to_resident, rule, message, act)
   select * from unnest(${['int8', 'int8', 'int8', 'text', 'int8', 'int8'].map((type, at) => `$${first + at}::${type}[]`).join(', ')})`;

const decisionColumns = (rows: readonly DecisionRow[]): (string | null)[][] => {
  const text = (id: bigint | null): string | null => (id === null ? null : String(id));
  return [
    rows.map(({ source }) => text(source)),
    rows.map(({ from }) => text(from)),
    rows.map(({ to }) => text(to)),
    rows.map(({ rule }) => rule),
    rows.map(({ message }) => text(message)),
    rows.map(({ act }) => text(act)),
  ];
};

/** The trail of every pointer that moved. */
export async function writeDecisions(client: Client, rows: readonly DecisionRow[]): Promise<void> {
  if (rows.length > 0) await client.query(decisionsFrom(1), decisionColumns(rows));
}

import type { Client, Queryable } from '../../../kit/pool.ts';

export type ContactRow = {
  id: string;
  anchor: bigint;
  disease: string;
  sealed: Buffer;
  relation: string;
  setting: string;
  lastExposure: string;
  until: string;
  state: 'watching' | 'completed' | 'lost' | 'became-case';
  became: string | null;
  createdAt: Date;
  version: number;
};
export type VisitRow = {
  contact: string;
  day: string;
  result: 'well' | 'symptoms' | 'not-reached';
  temperature: number | null;
};
type Raw = Omit<ContactRow, 'anchor'> & { anchor: string };
const columns = `id, anchor::text, disease, sealed, relation, setting, last_exposure::text as "lastExposure", until::text, state, became, created_at as "createdAt", version`;
const toContact = (row: Raw): ContactRow => ({ ...row, anchor: BigInt(row.anchor) });

/** @returns false when this person is a contact of this case already */
export async function addContact(
  client: Client,
  row: Omit<ContactRow, 'version'> & { person: Buffer | null; agent: string },
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into surveillance.contact (id, anchor, disease, sealed, person, relation, setting, last_exposure, until, state, became, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (anchor, disease, person) where person is not null do nothing`,
    [
      row.id,
      String(row.anchor),
      row.disease,
      row.sealed,
      row.person,
      row.relation,
      row.setting,
      row.lastExposure,
      row.until,
      row.state,
      row.became,
      row.agent,
      row.createdAt,
    ],
  );
  return (rowCount ?? 0) > 0;
}

export async function contactBy(db: Queryable, id: string): Promise<ContactRow | null> {
  const { rows } = await db.query<Raw>(`select ${columns} from surveillance.contact where id = $1`, [id]);
  return rows[0] ? toContact(rows[0]) : null;
}

/** Contacts of some cards, or all being watched whose case lies within the caller's reach; those whose observation ends first come first. */
export async function contactsOf(
  db: Queryable,
  filter: { anchors: bigint[] | null; disease: string | null; reach: string; unitsInReach: number[]; limit: number },
): Promise<ContactRow[]> {
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.contact where ($1::int8[] is null or anchor = any($1)) and ($2::text is null or disease = $2)
       and ($1::int8[] is not null or state = 'watching')
       and ($4 = '' or exists (select 1 from surveillance.card c where c.keys @> array[contact.anchor] and c.disease = contact.disease and (c.area like $4 || '%' or c.institutions && $5::int[])))
     order by (state = 'watching') desc, until, id limit $3`,
    [filter.anchors?.map(String) ?? null, filter.disease, filter.limit, filter.reach, filter.unitsInReach],
  );
  return rows.map(toContact);
}

export async function visitsOf(db: Queryable, contacts: string[]): Promise<VisitRow[]> {
  const { rows } = await db.query<VisitRow>(
    'select contact, day::text, result, temperature from surveillance.contact_visit where contact = any($1) order by day',
    [contacts],
  );
  return rows;
}

/** A visit of a day; a second one of the same day replaces the first. */
export async function noteVisit(
  db: Queryable,
  visit: VisitRow & { note: string | null; agent: string; at: Date },
): Promise<void> {
  await db.query(
    `insert into surveillance.contact_visit (contact, day, result, temperature, note, agent, at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (contact, day) do update set result = excluded.result, temperature = excluded.temperature, note = excluded.note, agent = excluded.agent, at = excluded.at`,
    [visit.contact, visit.day, visit.result, visit.temperature, visit.note, visit.agent, visit.at],
  );
}

export async function setContactState(
  db: Queryable,
  id: string,
  state: ContactRow['state'],
  became: string | null,
): Promise<void> {
  await db.query('update surveillance.contact set state = $2, became = $3, version = version + 1 where id = $1', [
    id,
    state,
    became,
  ]);
}

/** Observations that have ended without symptoms are complete. */
export async function completeContacts(db: Queryable, today: string): Promise<number> {
  const { rowCount } = await db.query(
    "update surveillance.contact set state = 'completed', version = version + 1 where state = 'watching' and until < $1",
    [today],
  );
  return rowCount ?? 0;
}

export async function contactCounts(db: Queryable, anchors: string[], disease: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ anchor: string; n: number }>(
    'select anchor::text, count(*)::int as n from surveillance.contact where anchor = any($1::int8[]) and disease = $2 group by anchor',
    [anchors, disease],
  );
  return new Map(rows.map(({ anchor, n }) => [anchor, n]));
}

export type LinkRow = { from: string; to: string; basis: string };
/** All links of one disease that hang together with a case, in both directions. */
export async function chainOf(db: Queryable, anchor: string, disease: string): Promise<LinkRow[]> {
  const { rows } = await db.query<LinkRow>(
    `with recursive reached as (
       select $1::int8 as anchor
       union select case when t.from_anchor = r.anchor then t.to_anchor else t.from_anchor end from surveillance.transmission t
         join reached r on t.disease = $2 and (t.from_anchor = r.anchor or t.to_anchor = r.anchor))
     select from_anchor::text as "from", to_anchor::text as "to", basis from surveillance.transmission
     where disease = $2 and (from_anchor in (select anchor from reached) or to_anchor in (select anchor from reached)) limit 5000`,
    [anchor, disease],
  );
  return rows;
}
export async function linkCases(
  client: Client,
  link: { from: string; to: string; disease: string; basis: string; note: string | null; agent: string; at: Date },
): Promise<void> {
  await client.query(
    `insert into surveillance.transmission (to_anchor, disease, from_anchor, basis, note, agent, at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (to_anchor, disease) do update set from_anchor = excluded.from_anchor, basis = excluded.basis, note = excluded.note, agent = excluded.agent, at = excluded.at`,
    [link.to, link.disease, link.from, link.basis, link.note, link.agent, link.at],
  );
}
export async function unlinkCase(db: Queryable, to: string, disease: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from surveillance.transmission where to_anchor = $1 and disease = $2', [
    to,
    disease,
  ]);
  return (rowCount ?? 0) > 0;
}

import type { Client, Queryable } from '../../../kit/pool.ts';
import type { CardAct, CardState, CaseClass, Episode } from '../model.ts';

export type CardRow = {
  shard: number;
  anchor: bigint;
  disease: string;
  resident: bigint;
  subject: bigint;
  institution: number;
  institutions: number[];
  label: number;
  area: string;
  caseClass: CaseClass;
  at: Date;
  onset: string | null;
  day: string;
  received: Date;
  due: Date;
  keys: bigint[];
  state: CardState;
};
type Raw = Omit<CardRow, 'anchor' | 'resident' | 'subject' | 'keys'> & {
  anchor: string;
  resident: string;
  subject: string;
  keys: string[];
};
const columns = `shard, anchor::text, disease, resident::text, subject::text, institution, institutions, label, area, case_class as "caseClass", at, onset::text, day::text, received, due, keys::text[], state`;
const toCard = (row: Raw): CardRow => ({
  ...row,
  anchor: BigInt(row.anchor),
  resident: BigInt(row.resident),
  subject: BigInt(row.subject),
  keys: row.keys.map(BigInt),
});

/** Replaces all cards of one resident's disease; answers with the cells of those that were there. */
export async function replaceCards(
  client: Client,
  resident: bigint,
  disease: string,
  cards: (Episode & { shard: number; subject: bigint; label: number; area: string; due: number; state: CardState })[],
): Promise<{ area: string; day: string }[]> {
  const { rows } = await client.query<{ area: string; day: string }>(
    'delete from surveillance.card where resident = $1 and disease = $2 returning area, day::text',
    [String(resident), disease],
  );
  for (const card of cards)
    await client.query(
      `insert into surveillance.card (shard, anchor, disease, resident, subject, institution, institutions, label, area, case_class, at, onset, day, received, due, keys, state)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
      [
        card.shard,
        String(card.anchor),
        disease,
        String(resident),
        String(card.subject),
        card.institution,
        card.institutions,
        card.label,
        card.area,
        card.caseClass,
        new Date(card.at),
        card.onset,
        card.day,
        new Date(card.received),
        new Date(card.due),
        card.keys.map(String),
        card.state,
      ],
    );
  return rows;
}

export type CardActRow = CardAct & {
  reason: string | null;
  note: string | null;
  fields: Record<string, string> | null;
  agent: string;
  role: string;
  institution: number | null;
  at: Date;
};

/** What people did with the card that holds any of these findings, oldest first. */
export async function cardActs(db: Queryable, keys: bigint[], disease: string): Promise<CardActRow[]> {
  const { rows } = await db.query<CardActRow>(
    `select act, reason, note, fields, case_class as "caseClass", agent, role, institution, at from surveillance.card_act where anchor = any($1::int8[]) and disease = $2 order by seq`,
    [keys.map(String), disease],
  );
  return rows;
}

/** Diseases that people have acted on by these findings: a corrected code must leave a trace on the card it takes back. */
export async function actedDiseases(db: Queryable, keys: bigint[]): Promise<Map<bigint, string[]>> {
  const { rows } = await db.query<{ anchor: string; diseases: string[] }>(
    'select anchor::text, array_agg(distinct disease) as diseases from surveillance.card_act where anchor = any($1::int8[]) group by anchor',
    [keys.map(String)],
  );
  return new Map(rows.map(({ anchor, diseases }) => [BigInt(anchor), diseases]));
}

export async function addCardAct(client: Client, card: CardRow, act: CardActRow): Promise<void> {
  await client.query(
    `insert into surveillance.card_act (anchor, disease, act, reason, note, fields, case_class, agent, role, institution, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      String(card.anchor),
      card.disease,
      act.act,
      act.reason,
      act.note,
      act.fields && JSON.stringify(act.fields),
      act.caseClass,
      act.agent,
      act.role,
      act.institution,
      act.at,
    ],
  );
}

export async function setCardState(client: Client, card: CardRow, state: CardState): Promise<void> {
  await client.query('update surveillance.card set state = $3 where anchor = $1 and disease = $2', [
    String(card.anchor),
    card.disease,
    state,
  ]);
}

/** A card by any of its findings: an older link still finds a card that an earlier fact has joined. `lock` for an act. */
export async function cardBy(db: Queryable, key: bigint, disease: string, lock = false): Promise<CardRow | null> {
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.card where disease = $2 and resident in (select resident from surveillance.finding where key = $1) and $1::int8 = any(keys)${lock ? ' for update' : ''}`,
    [String(key), disease],
  );
  return rows[0] ? toCard(rows[0]) : null;
}

export type CardFilter = {
  institution: number | null;
  state: string | null;
  disease: string | null;
  area: string | null;
  limit: number;
  offset: number;
};
const open = `('pending', 'returned', 'revise')`;

/** What is to be done first: open ones by their clock, then the others, newest first. */
export async function cardPage(
  db: Queryable,
  filter: CardFilter,
): Promise<{ rows: CardRow[]; total: number; open: number; overdue: number }> {
  const where = `($1::int4 is null or $1 = any(institutions)) and ($3::text is null or disease = $3) and ($4::text is null or area = $4)`;
  const state = `($2::text is null or state = $2 or ($2 = 'open' and state in ${open}))`;
  const values = [filter.institution, filter.state, filter.disease, filter.area];
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.card where ${where} and ${state} order by (state in ${open}) desc, case when state in ${open} then due end, at desc, anchor limit $5 offset $6`,
    [...values, filter.limit, filter.offset],
  );
  const { rows: counts } = await db.query<{ total: number; open: number; overdue: number }>(
    `select count(*) filter (where ${state}) as total, count(*) filter (where state in ${open}) as open, count(*) filter (where state in ${open} and due < now()) as overdue from surveillance.card where ${where}`,
    values,
  );
  return { rows: rows.map(toCard), ...(counts[0] as { total: number; open: number; overdue: number }) };
}

/** Cards of one resident's disease as they stand. */
export async function cardsOf(db: Queryable, resident: bigint, disease: string): Promise<CardRow[]> {
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.card where resident = $1 and disease = $2 order by at`,
    [String(resident), disease],
  );
  return rows.map(toCard);
}

/** Cards of a signal: by their findings, or by the cell and window. */
export async function cardsOfKeys(db: Queryable, keys: bigint[]): Promise<CardRow[]> {
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.card where resident in (select resident from surveillance.finding where key = any($1::int8[])) and keys && $1::int8[] order by day, anchor limit 500`,
    [keys.map(String)],
  );
  return rows.map(toCard);
}
export async function cardsOfCell(
  db: Queryable,
  disease: string,
  area: string | null,
  from: string,
  to: string,
): Promise<CardRow[]> {
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.card where disease = $1 and ($2::text is null or area = $2) and day between $3 and $4 and state <> 'withdrawn' order by day, anchor limit 500`,
    [disease, area, from, to],
  );
  return rows.map(toCard);
}

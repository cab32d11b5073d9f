import type { Client, Queryable } from '../../../kit/pool.ts';
import type { Person } from '../cards/people.ts';
import type { CardAct, CardState, CaseClass, ReviewLevel } from '../model.ts';

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
  /** The class that the record itself says; `caseClass` is what the doctor has made of it. */
  recordClass: CaseClass;
  sex: string;
  birth: string | null;
  twin: bigint;
  /** When it was first reported. */
  reported: Date | null;
  reviewLevel: ReviewLevel | null;
  reviewDue: Date | null;
};
type Raw = Omit<CardRow, 'anchor' | 'resident' | 'subject' | 'keys' | 'twin'> & {
  anchor: string;
  resident: string;
  subject: string;
  keys: string[];
  twin: string;
};
const columns = `shard, anchor::text, disease, resident::text, subject::text, institution, institutions, label, area, case_class as "caseClass", at, onset::text, day::text, received, due, keys::text[], state,
  coalesce(record_class, case_class) as "recordClass", coalesce(sex, 'unknown') as sex, birth::text, coalesce(twin, 0)::text as twin, reported, review_level as "reviewLevel", review_due as "reviewDue"`;
const toCard = (row: Raw): CardRow => ({
  ...row,
  anchor: BigInt(row.anchor),
  resident: BigInt(row.resident),
  subject: BigInt(row.subject),
  keys: row.keys.map(BigInt),
  twin: BigInt(row.twin),
});

/**
 * Replaces all cards of one resident's disease; answers with the cells of those that were there. A card that still stands under the resident to
 * whom its findings belonged before (the index has linked or parted people) goes as well, whichever of the two is worked out first.
 */
export async function replaceCards(
  client: Client,
  resident: bigint,
  disease: string,
  cards: (Omit<CardRow, 'at' | 'received' | 'disease' | 'resident'> & { at: number; received: number })[],
): Promise<{ area: string; day: string }[]> {
  const { rows } = await client.query<{ area: string; day: string }>(
    'delete from surveillance.card where disease = $2 and (resident = $1 or anchor = any($3::int8[])) returning area, day::text',
    [String(resident), disease, cards.map(({ anchor }) => String(anchor))],
  );
  for (const card of cards)
    await client.query(
      `insert into surveillance.card (shard, anchor, disease, resident, subject, institution, institutions, label, area, case_class, at, onset, day, received, due, keys, state,
         record_class, sex, birth, twin, reported, review_level, review_due)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)`,
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
        card.due,
        card.keys.map(String),
        card.state,
        card.recordClass,
        card.sex,
        card.birth,
        String(card.twin),
        card.reported,
        card.reviewLevel,
        card.reviewDue,
      ],
    );
  return rows;
}

/** Puts what is known of these residents now on their cards, where it has changed. */
export async function renewPeople(db: Queryable, people: Map<bigint, Person>): Promise<void> {
  if (people.size === 0) return;
  await db.query(
    `update surveillance.card c set sex = g.sex, birth = g.birth, twin = g.twin
     from jsonb_to_recordset($1::jsonb) as g (resident int8, sex text, birth date, twin int8)
     where c.resident = g.resident and (c.sex, c.birth, c.twin) is distinct from (g.sex, g.birth, g.twin)`,
    [
      JSON.stringify(
        [...people].map(([resident, { twin, ...person }]) => ({
          ...person,
          resident: String(resident),
          twin: String(twin),
        })),
      ),
    ],
  );
}

/** Residents whose cards were made before people were kept on them. */
export async function unreadResidents(db: Queryable, limit: number): Promise<bigint[]> {
  const { rows } = await db.query<{ resident: string }>(
    'select distinct resident::text from surveillance.card where twin is null limit $1',
    [limit],
  );
  return rows.map(({ resident }) => BigInt(resident));
}

/** Whether the region knows another case of this disease from the days before (or the same day, arrived as an earlier card). */
export async function earlierCard(client: Client, { disease, anchor, day }: CardRow, days: number): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from surveillance.card where disease = $1 and anchor <> $2 and day between $3::date - $4::int and $3::date
       and (day < $3::date or anchor < $2) and state not in ('question', 'withdrawn', 'rejected', 'duplicate') limit 1`,
    [disease, String(anchor), day, days],
  );
  return rows.length > 0;
}

export type CardActRow = CardAct & {
  reason: string | null;
  note: string | null;
  /** What was filled in, as the vault keeps it. */
  sealed: Buffer | null;
  level: ReviewLevel | null;
  onset: string | null;
  givenClass: CaseClass | null;
  /** The other card, of a duplicate. */
  other: string | null;
  agent: string;
  role: string;
  institution: number | null;
  at: Date;
};

/** What people did with the card that holds any of these findings, oldest first. */
export async function cardActs(db: Queryable, keys: bigint[], disease: string): Promise<CardActRow[]> {
  const { rows } = await db.query<CardActRow>(
    `select act, reason, note, sealed, level, onset::text, given_class as "givenClass", other, case_class as "caseClass", agent, role, institution, at
     from surveillance.card_act where anchor = any($1::int8[]) and disease = $2 order by seq`,
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
    `insert into surveillance.card_act (anchor, disease, act, reason, note, sealed, level, onset, given_class, other, case_class, agent, role, institution, at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      String(card.anchor),
      card.disease,
      act.act,
      act.reason,
      act.note,
      act.sealed,
      act.level,
      act.onset,
      act.givenClass,
      act.other,
      act.caseClass,
      act.agent,
      act.role,
      act.institution,
      act.at,
    ],
  );
}

/** Acts from before the vault, whose fields lie open. */
export async function plainActs(
  db: Queryable,
  limit: number,
): Promise<{ seq: string; fields: Record<string, string> }[]> {
  const { rows } = await db.query<{ seq: string; fields: Record<string, string> }>(
    'select seq::text, fields from surveillance.card_act where fields is not null order by seq limit $1',
    [limit],
  );
  return rows;
}
export async function sealAct(db: Queryable, seq: string, sealed: Buffer | null): Promise<void> {
  await db.query('update surveillance.card_act set sealed = $2, fields = null where seq = $1', [seq, sealed]);
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
  /** Digits that the area of the resident or of a reporting unit begins with; '' is everywhere. */
  reach: string;
  unitsInReach: number[];
  state: string | null;
  disease: string | null;
  area: string | null;
  limit: number;
  offset: number;
};
const open = `('pending', 'returned', 'revise', 'question')`;
/** No clock of the law runs for a question. */
const late = `due < now() and state <> 'question'`;

/**
 * What is to be done first: open ones by their clock, then the others, newest first. Both halves are read by an index and only as far as the page
 * reaches, so that a million cards answer as fast as a thousand.
 */
export async function cardPage(
  db: Queryable,
  filter: CardFilter,
): Promise<{ rows: CardRow[]; total: number; open: number; overdue: number }> {
  const { institution, disease, area, reach, unitsInReach, state, limit, offset } = filter;
  const values: unknown[] = [];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const where = [
    ...(institution === null ? [] : [`institutions @> array[${given(institution)}::int4]`]),
    ...(disease === null ? [] : [`disease = ${given(disease)}`]),
    ...(area === null ? [] : [`area = ${given(area)}`]),
    ...(reach === '' ? [] : [`(area like ${given(`${reach}%`)} or institutions && ${given(unitsInReach)}::int4[])`]),
  ];
  const all = (...more: string[]): string => [...where, ...more].join(' and ') || 'true';
  const named =
    state === null || state === 'open'
      ? []
      : state === 'missed'
        ? [late]
        : state === 'review'
          ? ['review_due is not null']
          : [`state = ${given(state)}`];
  const opened = [`state in ${open}`, ...named];
  const closed = [`state not in ${open}`, ...named];
  const half = (part: number, wanted: string[], order: string): string =>
    `(select ${columns}, ${part} as part, anchor as tie from surveillance.card where ${all(...wanted)} order by ${order}, anchor limit ${limit + offset})`;
  const halves = [
    ...(state === 'review' ? [] : [half(0, opened, 'due, at desc')]),
    ...(state === 'open' || state === 'missed'
      ? []
      : [half(1, closed, state === 'review' ? 'review_due, at desc' : 'at desc')]),
  ];
  const { rows } = await db.query<Raw>(
    `select * from (${halves.join(' union all ')}) page
     order by part, case when part = 0 then due end, ${state === 'review' ? '"reviewDue",' : ''} at desc, tie limit ${limit} offset ${offset}`,
    values,
  );
  const total = state === 'open' || state === 'missed' ? opened : named;
  const { rows: counts } = await db.query<{ total: number; open: number; overdue: number }>(
    `select (select count(*) from surveillance.card where ${all(...total)}) as total,
       (select count(*) from surveillance.card where ${all(`state in ${open}`)}) as open,
       (select count(*) from surveillance.card where ${all(`state in ${open}`, late)}) as overdue`,
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
    `select ${columns} from surveillance.card where disease = $1 and ($2::text is null or area = $2) and day between $3 and $4 and state not in ('question', 'withdrawn', 'duplicate') order by day, anchor limit 500`,
    [disease, area, from, to],
  );
  return rows.map(toCard);
}

/** Other cards of the disease whose resident has the same name and birth date, a year around. */
export async function twinsOf(db: Queryable, card: CardRow): Promise<CardRow[]> {
  if (card.twin === 0n) return [];
  const { rows } = await db.query<Raw>(
    `select ${columns} from surveillance.card where twin = $1 and disease = $2 and (anchor <> $3) and resident <> $4 and state not in ('question', 'withdrawn')
       and day between $5::date - 365 and $5::date + 365 order by day limit 20`,
    [String(card.twin), card.disease, String(card.anchor), String(card.resident), card.day],
  );
  return rows.map(toCard);
}

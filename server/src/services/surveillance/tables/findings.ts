import type { Client, Queryable } from '../../../kit/pool.ts';
import type { Certainty, Finding, Reading } from '../model.ts';

export type FindingRow = Reading & {
  shard: number;
  key: bigint;
  subject: bigint;
  resident: bigint;
  institution: number;
  label: number;
  area: string;
  received: number;
};
/** A resident's disease, or a cell of counts, that changed and must be worked out anew. */
export type Touched = { resident: bigint; channel: string; topic: string; area: string; day: string };

export async function emptyReadings(client: Client): Promise<void> {
  await client.query('truncate surveillance.finding, surveillance.card, surveillance.cell, surveillance.heard');
}

type TouchedRow = Omit<Touched, 'resident'> & { resident: string };
const toTouched = (row: TouchedRow): Touched => ({ ...row, resident: BigInt(row.resident) });
const touchedColumns = 'resident::text, channel, topic, area, day::text';

export async function dropFindings(client: Client, keys: bigint[]): Promise<Touched[]> {
  const { rows } = await client.query<TouchedRow>(
    `delete from surveillance.finding where key = any($1::int8[]) returning ${touchedColumns}`,
    [keys.map(String)],
  );
  return rows.map(toTouched);
}

export async function addFindings(client: Client, rows: FindingRow[]): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into surveillance.finding (shard, key, channel, topic, subject, resident, institution, label, area, certainty, code, zh, en, at, onset, day, received)
     select shard, key, channel, topic, subject, resident, institution, label, area, certainty, code, zh, en, at, onset, day, received from jsonb_to_recordset($1::jsonb) as r
     (shard int2, key int8, channel text, topic text, subject int8, resident int8, institution int4, label int2, area text, certainty text, code text, zh text, en text, at timestamptz, onset date, day date, received timestamptz)`,
    [
      JSON.stringify(
        rows.map((row) => ({
          ...row,
          key: String(row.key),
          subject: String(row.subject),
          resident: String(row.resident),
          at: new Date(row.at).toISOString(),
          received: new Date(row.received).toISOString(),
        })),
      ),
    ],
  );
}

/** Whose findings these subjects' are now, and where they live; answers with what was there before and what is there now. */
export async function moveSubjects(
  client: Client,
  subjects: { subject: bigint; resident: bigint; area: string | null }[],
): Promise<Touched[]> {
  const touched: Touched[] = [];
  const { rows: known } = await client.query<{ subject: string }>(
    'select distinct subject::text from surveillance.finding where subject = any($1::int8[])',
    [subjects.map(({ subject }) => String(subject))],
  );
  const withFindings = new Set(known.map(({ subject }) => subject));
  for (const { subject, resident, area } of subjects.filter((row) => withFindings.has(String(row.subject)))) {
    const { rows } = await client.query<TouchedRow>(
      `select ${touchedColumns} from surveillance.finding where subject = $1 and (resident <> $2 or ($3::text is not null and area <> $3)) for update`,
      [String(subject), String(resident), area],
    );
    if (rows.length === 0) continue;
    const { rows: now } = await client.query<TouchedRow>(
      `update surveillance.finding set resident = $2, area = coalesce($3, area) where subject = $1 returning ${touchedColumns}`,
      [String(subject), String(resident), area],
    );
    touched.push(...rows.map(toTouched), ...now.map(toTouched));
  }
  return touched;
}

export type CaseFinding = Finding & { shard: number; subject: bigint; label: number; area: string };

/** Everything that speaks of one resident's one disease: diagnoses, positive results, hints. */
export async function findingsOf(db: Queryable, resident: bigint, disease: string): Promise<CaseFinding[]> {
  const { rows } = await db.query<{
    shard: number;
    key: string;
    channel: string;
    certainty: Certainty;
    institution: number;
    at: Date;
    onset: string | null;
    received: Date;
    subject: string;
    label: number;
    area: string;
  }>(
    `select shard, key::text, channel, certainty, institution, at, onset::text, received, subject::text, label, area from surveillance.finding
     where resident = $1 and topic = $2 and channel <> 'syndromes' order by at, key`,
    [String(resident), disease],
  );
  return rows.map((row) => ({
    ...row,
    key: BigInt(row.key),
    subject: BigInt(row.subject),
    at: row.at.getTime(),
    received: row.received.getTime(),
  }));
}

/** The facts behind a card, for the card's page. */
export async function findingDetails(
  db: Queryable,
  keys: bigint[],
  disease: string,
): Promise<
  {
    channel: string;
    zh: string;
    en: string;
    code: string;
    certainty: string;
    institution: number;
    at: Date;
    received: Date;
  }[]
> {
  const { rows } = await db.query(
    `select channel, zh, en, code, certainty, institution, at, received from surveillance.finding where key = any($1::int8[]) and topic = $2 and channel <> 'syndromes' order by at, key`,
    [keys.map(String), disease],
  );
  return rows as never;
}

/** Which institutions were heard on which clinical day, so that silence is told from zero. Order and repetition do not matter. */
export async function noteHeard(
  client: Client,
  rows: { channel: string; institution: number; day: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await client.query(
    `insert into surveillance.heard (channel, institution, day)
     select distinct channel, institution, day from jsonb_to_recordset($1::jsonb) as r (channel text, institution int4, day date)
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

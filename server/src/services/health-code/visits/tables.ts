import type { Client, Queryable } from '../../../kit/pool.ts';

export type Scan = {
  subject: bigint;
  resident: bigint;
  institution: number;
  at: Date;
  shard: number;
  step: string;
  channel: string;
  kind: string;
};
export type Sent = { resident: bigint; institution: number; at: Date };

export async function insertExpected(client: Client, scans: readonly Scan[]): Promise<void> {
  await client.query(
    `insert into health_code.expected_visit (subject, resident, institution, at, shard, step, channel, kind)
     select * from unnest($1::int8[], $2::int8[], $3::int4[], $4::timestamptz[], $5::int2[], $6::text[], $7::text[], $8::text[]) on conflict do nothing`,
    [
      scans.map(({ subject }) => String(subject)),
      scans.map(({ resident }) => String(resident)),
      scans.map(({ institution }) => institution),
      scans.map(({ at }) => at),
      scans.map(({ shard }) => shard),
      scans.map(({ step }) => step),
      scans.map(({ channel }) => channel),
      scans.map(({ kind }) => kind),
    ],
  );
}

/** Whether a scan at one of these institutions still waits for what follows it. */
export async function isAnyExpected(client: Client, institutions: readonly number[]): Promise<boolean> {
  const { rows } = await client.query<{ any: boolean }>(
    'select exists (select from health_code.expected_visit where institution = any($1::int4[]) and met_at is null) as any',
    [institutions],
  );
  return rows[0]?.any === true;
}

/** What an institution sends answers every earlier scan of the person there. */
export async function meetExpected(client: Client, sent: readonly Sent[]): Promise<void> {
  await client.query(
    `update health_code.expected_visit v set met_at = s.at
     from (select institution, resident, max(at) as last, min(at) as at from unnest($1::int4[], $2::int8[], $3::timestamptz[]) as g (institution, resident, at)
       group by 1, 2) s
     where v.institution = s.institution and v.resident = s.resident and v.met_at is null and v.at <= s.last`,
    [
      sent.map(({ institution }) => institution),
      sent.map(({ resident }) => String(resident)),
      sent.map(({ at }) => at),
    ],
  );
}

export async function emptyExpected(client: Client): Promise<void> {
  await client.query('truncate health_code.expected_visit');
}

export async function forgetExpected(db: Queryable, days: number): Promise<void> {
  await db.query(`delete from health_code.expected_visit where at < now() - $1 * interval '1 day'`, [days]);
}

export type MissingRow = { at: Date; institution: number; step: string; channel: string; kind: string };

/** Scans of the last days that nothing followed for so many hours, newest first; of one institution, or of all. */
export async function missingVisits(
  db: Queryable,
  asked: { institution: number | null; before: Date; since: Date; limit: number },
): Promise<MissingRow[]> {
  const { rows } = await db.query<MissingRow>(
    `select at, institution, step, channel, kind from health_code.expected_visit
     where met_at is null and at between $2 and $3 and ($1::int4 is null or institution = $1) order by at desc limit $4`,
    [asked.institution, asked.since, asked.before, asked.limit],
  );
  return rows;
}

export type VisitCounts = {
  institution: number;
  scans: number;
  followed: number;
  missing: number;
  medianMinutes: number | null;
};

export async function visitCounts(
  db: Queryable,
  asked: { institution: number | null; before: Date; since: Date },
): Promise<VisitCounts[]> {
  const { rows } = await db.query<VisitCounts>(
    `select institution, count(*)::int as scans, count(met_at)::int as followed, (count(*) filter (where met_at is null and at <= $3))::int as missing,
       percentile_cont(0.5) within group (order by extract(epoch from met_at - at) / 60)::float8 as "medianMinutes"
     from health_code.expected_visit where at >= $2 and ($1::int4 is null or institution = $1) group by institution order by 4 desc, 2 desc limit 200`,
    [asked.institution, asked.since, asked.before],
  );
  return rows;
}

import type { Client, Queryable } from '../../../kit/pool.ts';

export type PushBack = { anchor: bigint; disease: string; institution: number; step: number; due: Date };

/**
 * Open cards past their limit that have not been pushed back yet (step 1), or that are still open a day after that (step 2).
 * Those of before `since` are history, not news: a platform that starts with old data does not ring for them.
 */
export async function pushBacksDue(client: Client, now: Date, since: Date): Promise<PushBack[]> {
  const { rows } = await client.query<Omit<PushBack, 'anchor'> & { anchor: string }>(
    `select c.anchor::text, c.disease, c.institution, c.due, (case when first.seq is null then 1 else 2 end) as step
     from surveillance.card c
     left join surveillance.push_back first on first.anchor = c.anchor and first.disease = c.disease and first.step = 1
     left join surveillance.push_back second on second.anchor = c.anchor and second.disease = c.disease and second.step = 2
     where c.state in ('pending', 'returned', 'revise') and c.due < $1 and c.due > $2 and second.seq is null
       and (first.seq is null or first.at < $1::timestamptz - interval '24 hours') limit 500`,
    [now, since],
  );
  return rows.map((row) => ({ ...row, anchor: BigInt(row.anchor) }));
}

export async function addPushBack(
  client: Client,
  { anchor, disease, institution, step }: PushBack,
  at: Date,
): Promise<void> {
  await client.query(
    'insert into surveillance.push_back (anchor, disease, institution, step, at) values ($1, $2, $3, $4, $5) on conflict do nothing',
    [String(anchor), disease, institution, step, at],
  );
}

export async function pushBacksOf(
  db: Queryable,
  keys: bigint[],
  disease: string,
): Promise<{ step: number; at: Date; seenAt: Date | null }[]> {
  const { rows } = await db.query<{ step: number; at: Date; seenAt: Date | null }>(
    'select step, at, seen_at as "seenAt" from surveillance.push_back where anchor = any($1::int8[]) and disease = $2 order by step',
    [keys.map(String), disease],
  );
  return rows;
}

/** The doctor or the prevention office has opened the card: the push-back has arrived. */
export async function notePushSeen(
  db: Queryable,
  keys: bigint[],
  disease: string,
  agent: string,
  at: Date,
): Promise<void> {
  await db.query(
    'update surveillance.push_back set seen_at = $4, seen_by = $3 where anchor = any($1::int8[]) and disease = $2 and seen_at is null',
    [keys.map(String), disease, agent, at],
  );
}

export type PushCount = { anchor: string; disease: string; pushes: number; last: Date; seen: boolean };
export async function pushCounts(db: Queryable, anchors: bigint[]): Promise<PushCount[]> {
  const { rows } = await db.query<PushCount>(
    `select anchor::text, disease, count(*)::int as pushes, max(at) as last, bool_or(seen_at is not null) as seen
     from surveillance.push_back where anchor = any($1::int8[]) group by anchor, disease`,
    [anchors.map(String)],
  );
  return rows;
}

/** Cards of the last `days` by institution: reported in time, late, still open past the limit. */
export async function timeliness(
  db: Queryable,
  scope: { institution: number | null; reach: string; unitsInReach: number[] },
  days: number,
): Promise<{ institution: number; cards: number; inTime: number; late: number; missed: number }[]> {
  const { rows } = await db.query(
    `select institution, count(*)::int as cards, count(*) filter (where reported <= due)::int as "inTime", count(*) filter (where reported > due)::int as late,
       count(*) filter (where reported is null and due < now() and state in ('pending', 'returned', 'revise'))::int as missed
     from surveillance.card where state not in ('question', 'withdrawn', 'rejected', 'duplicate') and due > now() - make_interval(days => $4)
       and ($1::int4 is null or $1 = any(institutions)) and ($2 = '' or area like $2 || '%' or institutions && $3::int[])
     group by institution order by missed desc, late desc, institution limit 500`,
    [scope.institution, scope.reach, scope.unitsInReach, days],
  );
  return rows as never;
}

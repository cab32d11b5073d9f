import type { Queryable } from '../../../kit/pool.ts';

/** Counts of the record and, as known now, of outside departments. */
const counted = `(select channel, topic, area, day, n::float8 as n from surveillance.cell
  union all select channel, topic, area, day, value from surveillance.submitted where known_to is null) c`;

export type TopicDay = { topic: string; day: string; n: number };
/** Per topic and day over all areas. */
export async function topicDays(db: Queryable, channel: string, from: string, to: string): Promise<TopicDay[]> {
  const { rows } = await db.query<TopicDay>(
    `select topic, day::text, sum(n)::float8 as n from ${counted} where channel = $1 and day between $2 and $3 group by topic, day`,
    [channel, from, to],
  );
  return rows;
}

export type AreaWeek = { area: string; week: number; n: number; days: number };
/**
 * One topic per area and 7-day window; window 0 begins on `from`. `days`: on how many days the topic was counted at all, which for outside
 * departments is on how many they spoke.
 */
export async function areaWeeks(
  db: Queryable,
  channel: string,
  topic: string,
  from: string,
  to: string,
): Promise<AreaWeek[]> {
  const { rows } = await db.query<AreaWeek>(
    `select area, ((day - $3::date) / 7)::int as week, sum(n)::float8 as n, count(distinct day)::int as days from ${counted}
     where channel = $1 and topic = $2 and day between $3 and $4 group by 1, 2`,
    [channel, topic, from, to],
  );
  return rows;
}

export type AreaDay = { area: string; day: string; n: number };
export async function areaDays(
  db: Queryable,
  channel: string,
  topic: string,
  from: string,
  to: string,
): Promise<AreaDay[]> {
  const { rows } = await db.query<AreaDay>(
    `select area, day::text, sum(n)::float8 as n from ${counted} where channel = $1 and topic = $2 and day between $3 and $4 group by 1, 2`,
    [channel, topic, from, to],
  );
  return rows;
}

/** Sums per topic over a span, for cumulative figures. */
export async function topicSums(
  db: Queryable,
  channel: string,
  from: string,
  to: string,
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ topic: string; n: number }>(
    `select topic, sum(n)::float8 as n from ${counted} where channel = $1 and day between $2 and $3 group by topic`,
    [channel, from, to],
  );
  return new Map(rows.map(({ topic, n }) => [topic, n]));
}

/** Days on which any institution was heard on a channel of the record. */
export async function heardAnywhere(db: Queryable, channel: string, from: string, to: string): Promise<string[]> {
  const { rows } = await db.query<{ day: string }>(
    'select distinct day::text from surveillance.heard where channel = $1 and day between $2 and $3',
    [channel, from, to],
  );
  return rows.map(({ day }) => day);
}

/** Days per area and 7-day window (from `from` on) on which one of its institutions was heard. */
export async function heardWeeks(
  db: Queryable,
  channel: string,
  institutions: { id: number; area: string }[],
  from: string,
  to: string,
): Promise<{ area: string; week: number; days: number }[]> {
  const { rows } = await db.query<{ area: string; week: number; days: number }>(
    `select area, ((day - $4::date) / 7)::int as week, count(*)::int as days
     from (select distinct i.area, h.day from surveillance.heard h join unnest($2::int4[], $3::text[]) as i (id, area) on i.id = h.institution
       where h.channel = $1 and h.day between $4 and $5) d group by 1, 2`,
    [channel, institutions.map(({ id }) => id), institutions.map(({ area }) => area), from, to],
  );
  return rows;
}

/** First day on which anything was counted on a channel. */
export async function firstDay(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ day: string | null }>('select min(day)::text as day from surveillance.cell');
  return rows[0]?.day ?? null;
}

/** Which topics of a channel have any count in a span, with their sums. */
export async function openSignalsByTopic(db: Queryable, channel: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ topic: string; n: number }>(
    `select topic, count(*)::int as n from surveillance.signal where state in ('passed', 'acknowledged') and channel = $1 group by topic`,
    [channel],
  );
  return new Map(rows.map(({ topic, n }) => [topic, n]));
}

type Clock = { open: number; overdue: number; nextDue: Date | null };
/** How many signals wait for somebody, how many of them too long, and when the next one is due. */
export async function signalClock(db: Queryable, now: Date): Promise<Clock> {
  const { rows } = await db.query<Clock>(
    `select count(*)::int as open, count(*) filter (where due < $1)::int as overdue, min(due) filter (where due >= $1) as "nextDue"
     from surveillance.signal where state in ('passed', 'acknowledged')`,
    [now],
  );
  return rows[0] as Clock;
}
export async function cardClock(db: Queryable, now: Date): Promise<Clock> {
  const { rows } = await db.query<Clock>(
    `select count(*)::int as open, count(*) filter (where due < $1)::int as overdue, min(due) filter (where due >= $1) as "nextDue"
     from surveillance.card where state in ('pending', 'returned', 'revise')`,
    [now],
  );
  return rows[0] as Clock;
}

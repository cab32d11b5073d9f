import type { Client, Queryable } from '../../../kit/pool.ts';

export type Cell = { channel: string; topic: string; area: string; day: string };

/** Works these cells out anew: cards for case reports, residents once a day for syndromes and positive tests. */
export async function recountCells(client: Client, cells: Cell[]): Promise<void> {
  const distinct = [
    ...new Map(cells.map((cell) => [`${cell.channel} ${cell.topic} ${cell.area} ${cell.day}`, cell])).values(),
  ];
  if (distinct.length === 0) return;
  const given = JSON.stringify(distinct);
  await client.query(
    `with given as (select * from jsonb_to_recordset($1::jsonb) as g (channel text, topic text, area text, day date)),
     counted as (select g.*, case when g.channel = 'cases'
         then (select count(*) from surveillance.card c where c.disease = g.topic and c.area = g.area and c.day = g.day and c.state not in ('question', 'withdrawn', 'rejected', 'duplicate'))
         else (select count(distinct f.resident) from surveillance.finding f where f.channel = g.channel and f.topic = g.topic and f.area = g.area and f.day = g.day and f.certainty <> 'void') end as n from given g),
     gone as (delete from surveillance.cell x using counted c where c.n = 0 and x.channel = c.channel and x.topic = c.topic and x.area = c.area and x.day = c.day)
     insert into surveillance.cell (channel, topic, area, day, n) select channel, topic, area, day, n from counted where n > 0
     on conflict (channel, topic, area, day) do update set n = excluded.n`,
    [given],
  );
  await client.query('update surveillance.judged set changed = now()');
}

/** Days on which an institution was heard: the denominator that tells silence from zero. */
export async function heardDays(
  db: Queryable,
  from: string,
  to: string,
): Promise<{ channel: string; institution: number; day: string }[]> {
  const { rows } = await db.query<{ channel: string; institution: number; day: string }>(
    'select channel, institution, day::text from surveillance.heard where day between $1 and $2',
    [from, to],
  );
  return rows;
}

export type Submission = { topic: string; area: string; day: string; value: number };

/**
 * Stores counts of a department. The same value again changes nothing; another value closes the row it replaces, so that what was known on
 * any past day can be asked for.
 */
export async function submitCounts(
  client: Client,
  channel: string,
  agreement: string,
  upload: string,
  items: Submission[],
  at: Date,
): Promise<{ created: number; revised: number; unchanged: number }> {
  const result = { created: 0, revised: 0, unchanged: 0 };
  for (const { topic, area, day, value } of items) {
    const key = [channel, topic, area, day, agreement];
    const { rows } = await client.query<{ seq: number; value: number }>(
      'select seq, value from surveillance.submitted where channel = $1 and topic = $2 and area = $3 and day = $4 and agreement = $5 and known_to is null for update',
      key,
    );
    if (rows[0]?.value === value) {
      result.unchanged++;
      continue;
    }
    if (rows[0]) {
      await client.query('update surveillance.submitted set known_to = $2 where seq = $1', [rows[0].seq, at]);
      result.revised++;
    } else result.created++;
    await client.query(
      'insert into surveillance.submitted (channel, topic, area, day, agreement, value, upload, known_from) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [...key, value, upload, at],
    );
  }
  if (result.created + result.revised > 0) await client.query('update surveillance.judged set changed = now()');
  return result;
}

export type Agreement = {
  id: string;
  client: string;
  channel: string;
  purpose: string;
  validFrom: string;
  validTo: string | null;
};
const agreementColumns = 'id, client, channel, purpose, valid_from::text as "validFrom", valid_to::text as "validTo"';

export async function agreements(db: Queryable): Promise<Agreement[]> {
  const { rows } = await db.query<Agreement>(`select ${agreementColumns} from surveillance.agreement order by id`);
  return rows;
}
export async function agreementBy(db: Queryable, id: string): Promise<Agreement | null> {
  const { rows } = await db.query<Agreement>(`select ${agreementColumns} from surveillance.agreement where id = $1`, [
    id,
  ]);
  return rows[0] ?? null;
}
/** @returns false when the id is taken by an agreement of another client or channel */
export async function saveAgreement(db: Queryable, agreement: Agreement, agent: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into surveillance.agreement (id, client, channel, purpose, valid_from, valid_to, agent, at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set purpose = $4, valid_from = $5, valid_to = $6, agent = $7, at = $8 where agreement.client = $2 and agreement.channel = $3`,
    [
      agreement.id,
      agreement.client,
      agreement.channel,
      agreement.purpose,
      agreement.validFrom,
      agreement.validTo,
      agent,
      at,
    ],
  );
  return (rowCount ?? 0) > 0;
}

export type ChannelFacts = {
  channel: string;
  lastAt: Date | null;
  lastDay: string | null;
  delayMedianHours: number | null;
  delayP90Hours: number | null;
  days: { day: string; n: number }[];
  areas: number;
};

/** Per channel: when it last spoke, how late it is, and how much it said on each of the last days. */
export async function channelFacts(db: Queryable, from: string, to: string): Promise<ChannelFacts[]> {
  const delays = `percentile_cont(0.5) within group (order by late) as median, percentile_cont(0.9) within group (order by late) as p90`;
  const { rows: late } = await db.query<{
    channel: string;
    lastAt: Date;
    lastDay: string;
    median: number | null;
    p90: number | null;
    areas: number;
  }>(
    `select channel, max(received) as "lastAt", max(day)::text as "lastDay", ${delays}, count(distinct area)::int as areas from
       (select channel, received, day, area, greatest(0, extract(epoch from received - at) / 3600)::float8 as late from surveillance.finding where day between $1 and $2) f group by channel
     union all select channel, max(known_from), max(day)::text, ${delays}, count(distinct area)::int from
       (select channel, known_from, day, area, greatest(0, extract(epoch from known_from - (day + 1)::timestamp at time zone 'Asia/Shanghai') / 3600)::float8 as late from surveillance.submitted s
        where day between $1 and $2 and not exists (select 1 from surveillance.submitted e where e.channel = s.channel and e.topic = s.topic and e.area = s.area and e.day = s.day and e.agreement = s.agreement and e.seq < s.seq)) s group by channel`,
    [from, to],
  );
  const { rows: days } = await db.query<{ channel: string; day: string; n: number }>(
    `select channel, day::text, sum(n)::float8 as n from (select channel, day, n::float8 from surveillance.cell union all select channel, day, value from surveillance.submitted where known_to is null) c
     where day between $1 and $2 group by channel, day order by channel, day`,
    [from, to],
  );
  return late.map(({ channel, lastAt, lastDay, median, p90, areas }) => ({
    channel,
    lastAt,
    lastDay,
    delayMedianHours: median,
    delayP90Hours: p90,
    areas,
    days: days.filter((row) => row.channel === channel).map(({ day, n }) => ({ day, n })),
  }));
}

/** What the intraday job asks before it works: has anything changed, and was today's nightly run made. */
export async function judgedState(
  db: Queryable,
): Promise<{ changed: Date | null; judged: Date | null; nightly: string | null }> {
  const { rows } = await db.query<{ changed: Date | null; judged: Date | null; nightly: string | null }>(
    'select changed, judged, nightly::text from surveillance.judged',
  );
  return rows[0] as { changed: Date | null; judged: Date | null; nightly: string | null };
}
export async function noteJudged(db: Queryable, at: Date, nightly: string | null): Promise<void> {
  await db.query('update surveillance.judged set judged = $1, nightly = coalesce($2::date, nightly)', [at, nightly]);
}

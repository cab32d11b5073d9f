import type { Queryable } from '../../../kit/pool.ts';

export type SignalOutcome = {
  id: string;
  rule: 'single-case' | 'statistical';
  channel: string;
  topic: string;
  area: string;
  from: string;
  formed: Date;
  /** First time that a person answered the signal at all. */
  acknowledged: Date | null;
  suspected: boolean;
  excluded: boolean;
  outbreak: boolean;
};

/** Signals formed in a span with what people made of them. */
export async function signalOutcomes(db: Queryable, from: string, to: string): Promise<SignalOutcome[]> {
  const { rows } = await db.query<SignalOutcome>(
    `select s.id, s.rule, s.channel, s.topic, s.area, s.window_from::text as "from", s.formed,
       min(a.at) filter (where a.role <> 'platform') as acknowledged,
       coalesce(bool_or(a.act in ('suspect', 'investigate')), false) as suspected,
       coalesce(bool_or(a.act = 'exclude'), false) as excluded,
       coalesce(bool_or(a.act = 'answer' and a.reason in ('outbreak-controlled', 'handed-over-as-emergency')), false) as outbreak
     from surveillance.signal s left join surveillance.signal_act a on a.signal = s.id
     where s.formed >= ($1::date)::timestamp at time zone 'Asia/Shanghai' and s.formed < ($2::date + 1)::timestamp at time zone 'Asia/Shanghai'
     group by s.id`,
    [from, to],
  );
  return rows;
}

export type Missed = { id: number; disease: string; area: string; from: string; note: string; agent: string };
export async function missedOutbreaks(db: Queryable, from: string, to: string): Promise<Missed[]> {
  const { rows } = await db.query<Missed>(
    'select id, disease, area, began::text as "from", note, agent from surveillance.missed_outbreak where began between $1 and $2 order by began desc, id desc',
    [from, to],
  );
  return rows;
}
export async function addMissed(
  db: Queryable,
  { disease, area, from, note, agent }: Omit<Missed, 'id'>,
  role: string,
  at: Date,
): Promise<void> {
  await db.query(
    'insert into surveillance.missed_outbreak (disease, area, began, note, agent, role, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [disease, area, from, note, agent, role, at],
  );
}

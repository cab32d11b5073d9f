import type { Queryable } from '../../../kit/pool.ts';
import { wholeRegion } from '../places.ts';

/** Which days, and which institution lies in which area. */
export type Span = { from: string; to: string; institutions: { id: number; area: string }[] };
/**
 * One topic's count in 7-day windows that end on the last day; window 0 is the newest. `days`: days with a count; `unheard`: those of them on which no
 * institution of the area was heard (a resident of one district treated in another); `first`: days from the earliest of them to the last day.
 */
export type CountWindow = {
  channel: string;
  topic: string;
  area: string;
  window: number;
  n: number;
  days: number;
  unheard: number;
  first: number;
};
/** On how many days of a window a channel was heard in an area. */
export type HeardWindow = { channel: string; area: string; window: number; days: number; first: number };

const heard = `heard as materialized (select distinct h.channel, i.area, h.day from surveillance.heard h
  join unnest($3::int4[], $4::text[]) as i (id, area) on i.id = h.institution where h.day between $1 and $2)`;
const heardAnywhere = 'heard_anywhere as (select distinct channel, day from heard)';
const given = ({ from, to, institutions }: Span): unknown[] => [
  from,
  to,
  institutions.map(({ id }) => id),
  institutions.map(({ area }) => area),
];
const window = '(($2::date - day) / 7)::int as "window"';
const first = 'max($2::date - day)::int as first';

/**
 * Every count of the record, and of outside departments as known at `known`, by area and for the whole region. Summed where the rows are: ten years of a
 * province are a million rows, and some hundred thousand windows.
 */
export async function countWindows(db: Queryable, span: Span, known: Date): Promise<CountWindow[]> {
  const sums = `${window}, sum(n)::float8 as n, count(*)::int as days, count(*) filter (where not is_heard)::int as unheard, ${first}`;
  const { rows } = await db.query<CountWindow>(
    `with ${heard}, ${heardAnywhere},
     counted as materialized (select channel, topic, area, day, n::float8 as n from surveillance.cell where day between $1 and $2
       union all select channel, topic, area, day, sum(value) from surveillance.submitted
         where day between $1 and $2 and known_from <= $5 and (known_to is null or known_to > $5) group by channel, topic, area, day),
     local as (select c.*, h.day is not null as is_heard from counted c left join heard h using (channel, area, day)),
     whole as (select c.*, h.day is not null as is_heard from (select channel, topic, day, sum(n) as n from counted group by channel, topic, day) c
       left join heard_anywhere h using (channel, day))
     select channel, topic, area, ${sums} from local group by channel, topic, area, "window"
     union all select channel, topic, '${wholeRegion}', ${sums} from whole group by channel, topic, "window"`,
    [...given(span), known],
  );
  return rows;
}

/** On how many days of each window somebody was heard, by area and in the whole region: the denominator that tells silence from zero. */
export async function heardWindows(db: Queryable, span: Span): Promise<HeardWindow[]> {
  const days = `${window}, count(*)::int as days, ${first}`;
  const { rows } = await db.query<HeardWindow>(
    `with ${heard}, ${heardAnywhere}
     select channel, area, ${days} from heard group by channel, area, "window"
     union all select channel, '${wholeRegion}', ${days} from heard_anywhere group by channel, "window"`,
    given(span),
  );
  return rows;
}

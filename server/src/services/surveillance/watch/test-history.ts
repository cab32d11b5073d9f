import { dateOfDay, seeded } from '@hutong/epi';
import type { Pool } from '../../../kit/pool.ts';

/** Cases of a past that no hospital sent: rows of the readings themselves, for tests of what is made of them. */
export type PastCases = { disease: string; area: string; day: string; n: number; delayDays?: number };

/** Adds cards and their cells. Anchors begin at `first`; @returns the next free one */
export async function addPast(pool: Pool, institution: number, rows: PastCases[], first = 1): Promise<number> {
  const cards = rows.flatMap(({ n, ...row }) => Array.from({ length: n }, () => row));
  await pool.query(
    `insert into surveillance.card (shard, anchor, disease, resident, subject, institution, institutions, label, area, case_class, at, onset, day, received, due, keys, state)
     select 0, $2 + o, disease, $2 + o, $2 + o, $3, array[$3::int4], 0, area, 'clinical', day::timestamptz, day, day,
       (day + late)::timestamp at time zone 'Asia/Shanghai' + interval '12 hours', day::timestamptz + interval '1 day', array[$2 + o], 'approved'
     from (select row_number() over () as o, r.* from jsonb_to_recordset($1::jsonb) as r (disease text, area text, day date, late int)) r`,
    [
      JSON.stringify(cards.map(({ disease, area, day, delayDays = 0 }) => ({ disease, area, day, late: delayDays }))),
      first,
      institution,
    ],
  );
  await pool.query(
    `insert into surveillance.cell (channel, topic, area, day, n)
     select 'cases', disease, area, day, count(*) from surveillance.card where anchor >= $1 and anchor <= $2 group by 2, 3, 4
     on conflict (channel, topic, area, day) do update set n = cell.n + excluded.n`,
    [first, first + cards.length],
  );
  await pool.query('update surveillance.judged set changed = now()');
  return first + cards.length + 1;
}

/** Days on which an institution was heard on the channels of the record, apart from those left silent. */
export async function addHeard(
  pool: Pool,
  institution: number,
  from: string,
  to: string,
  silent: string[] = [],
): Promise<void> {
  await pool.query(
    `insert into surveillance.heard (channel, institution, day)
     select channel, $1, d::date from unnest(array['cases', 'syndromes', 'laboratory']) channel, generate_series($2::date, $3::date, '1 day') d
     where not d::date = any($4::date[]) on conflict do nothing`,
    [institution, from, to, silent],
  );
}

/**
 * Four years in four districts: influenza with a winter peak and a steep rise in 500106 over the last five weeks, dengue that no person passes on,
 * three cases of measles, and influenza under the code of an abolished district. Reports come some days after the onset.
 */
export function influenzaPast(today: number, districts: string[]): PastCases[] {
  const random = seeded(7);
  const rows: PastCases[] = [];
  for (let day = today - 4 * 365; day <= today; day++)
    for (const area of districts) {
      const season = 0.6 + 0.5 * Math.cos((2 * Math.PI * (day % 365)) / 365);
      const rise = area === '500106' && day > today - 35 ? Math.exp((day - today + 35) / 14) : 1;
      const n = random.poisson(season * rise);
      for (let k = 0; k < n; k++) {
        const delayDays = Math.min(6, random.poisson(1.5));
        if (day + delayDays <= today) rows.push({ disease: 'influenza', area, day: dateOfDay(day), n: 1, delayDays });
      }
    }
  for (let day = today - 50; day <= today; day++)
    rows.push({ disease: 'dengue', area: '500103', day: dateOfDay(day), n: 1 });
  rows.push({ disease: 'measles', area: '500108', day: dateOfDay(today - 2), n: 3 });
  rows.push({ disease: 'influenza', area: '500112', day: dateOfDay(today - 3), n: 6 });
  return rows;
}

import type { Client, Queryable } from '../../../kit/pool.ts';

export type PopulationRow = { area: string; source: 'registered' | 'official'; validFrom: string; n: number };

/** The figure of each area on a day: official ones win, then the newest. */
export async function populationsOn(db: Queryable, day: string): Promise<Map<string, PopulationRow>> {
  const { rows } = await db.query<PopulationRow>(
    `select distinct on (area) area, source, valid_from::text as "validFrom", n from surveillance.population where valid_from <= $1
     order by area, (source = 'official') desc, valid_from desc`,
    [day],
  );
  return new Map(rows.map((row) => [row.area, row]));
}

export async function savePopulations(
  db: Queryable | Client,
  source: PopulationRow['source'],
  validFrom: string,
  items: { area: string; n: number }[],
  note: string | null,
  agent: string,
  at: Date,
): Promise<void> {
  await db.query(
    `insert into surveillance.population (area, source, valid_from, n, note, agent, at)
     select area, $1, $2, n, $4, $5, $6 from jsonb_to_recordset($3::jsonb) as r (area text, n bigint)
     on conflict (area, source, valid_from) do update set n = excluded.n, note = excluded.note, agent = excluded.agent, at = excluded.at`,
    [source, validFrom, JSON.stringify(items), note, agent, at],
  );
}

/** Only the newest count of the index is kept per month: a nightly count is no history of its own. */
export async function dropDailyCounts(db: Queryable, before: string): Promise<void> {
  await db.query(
    `delete from surveillance.population p where source = 'registered' and valid_from < $1 and exists
       (select 1 from surveillance.population q where q.area = p.area and q.source = 'registered' and q.valid_from > p.valid_from
        and date_trunc('month', q.valid_from) = date_trunc('month', p.valid_from))`,
    [before],
  );
}

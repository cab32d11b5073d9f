import type { Queryable } from '../../../kit/pool.ts';
import type { Rule } from '../model.ts';

export type MoveRow = { at: Date; source: bigint; from: bigint | null; to: bigint; rule: Rule };

/** Where these sources' pointers went, newest first. */
export async function movesOf(db: Queryable, sources: readonly bigint[], limit: number): Promise<MoveRow[]> {
  const { rows } = await db.query<{ at: Date; source: string; from: string | null; to: string; rule: Rule }>(
    `select at, source::text, from_resident::text as from, to_resident::text as to, rule from identity.decision
     where source = any($1::int8[]) order by seq desc limit $2`,
    [sources.map(String), limit],
  );
  return rows.map((row) => ({
    ...row,
    source: BigInt(row.source),
    from: row.from === null ? null : BigInt(row.from),
    to: BigInt(row.to),
  }));
}

/** Residents that have become this one. */
export async function formerIdsOf(db: Queryable, resident: bigint): Promise<bigint[]> {
  const { rows } = await db.query<{ id: string }>(
    `select distinct d.from_resident::text as id from identity.decision d where d.to_resident = $1 and d.from_resident is not null and d.from_resident <> $1
       and d.source in (select id from identity.source where resident = $1)
       and not exists (select 1 from identity.source s where s.resident = d.from_resident) limit 100`,
    [String(resident)],
  );
  return rows.map(({ id }) => BigInt(id));
}

export type Decided = { byPeople: number; byEngine: number; undone: number; medianMinutes: number | null };

export async function decidedLately(db: Queryable): Promise<Decided> {
  const { rows } = await db.query<Decided>(
    `select count(*) filter (where a.by_kind = 'staff' and a.kind in ('link', 'separate', 'unsure', 'merge', 'split', 'unlink'))::int as "byPeople",
       count(*) filter (where a.by_kind = 'engine' and a.kind = 'link')::int as "byEngine", count(*) filter (where a.kind = 'undo')::int as undone,
       percentile_cont(0.5) within group (order by extract(epoch from a.at - p.found_at) / 60)
         filter (where a.by_kind = 'staff' and a.pair is not null and a.kind in ('link', 'separate')) as "medianMinutes"
     from identity.act a left join identity.pair p on p.id = a.pair where a.at > now() - interval '30 days'`,
  );
  const row = rows[0] as Decided;
  return { ...row, medianMinutes: row.medianMinutes === null ? null : Number(row.medianMinutes) };
}

/** From here on counting takes longer than a screen may, and nobody reads the last digits. */
const countedBelow = 300_000;

/** How many residents and registrations: counted, and where there are very many as the planner's statistics say. */
export async function sizeOfIndex(db: Queryable): Promise<{ residents: number; sources: number }> {
  const { rows: nearly } = await db.query<{ residents: number | null; sources: number }>(
    `select c.reltuples::float8 as sources, case when s.n_distinct < 0 then -s.n_distinct * c.reltuples else s.n_distinct end::float8 as residents
     from pg_class c left join pg_stats s on s.schemaname = 'identity' and s.tablename = 'source' and s.attname = 'resident'
     where c.oid = 'identity.source'::regclass`,
  );
  const [known] = nearly;
  if (known && known.sources > countedBelow && known.residents !== null)
    return { residents: Math.round(known.residents), sources: Math.round(known.sources) };
  const { rows } = await db.query<{ residents: number; sources: number }>(
    'select count(distinct resident)::int as residents, count(*)::int as sources from identity.source',
  );
  return rows[0] ?? { residents: 0, sources: 0 };
}

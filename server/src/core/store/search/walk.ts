import type { Filter, ResourceType, SearchQuery } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { storedColumns, type toStored } from '../read.ts';
import { unionOf } from '../search-layout.ts';
import { paramNumber } from '../tokens.ts';
import type { Around, Binder } from './at.ts';
import { type Bounds, dateTest, numberTest, perRow } from './compile-range.ts';
import { isWide, wide } from './drive.ts';
import { afterSql, type Cell, type Key } from './order.ts';

/** So many values are looked at in their order before the other way is taken. */
const window = 3000;

export type Found = Parameters<typeof toStored>[0] & Record<`t${number}`, Cell>;

/**
 * A page in the order of a date or number, read from that parameter's own index as far as the page needs: "this code, newest first" does not sort
 * whatever has the code. Null when the page is not full within the window, or when few rows match: then it is answered by sorting.
 */
export async function walkPage(
  db: Queryable,
  type: ResourceType,
  query: SearchQuery,
  key: Key,
  where: { sql: string; values: readonly unknown[] },
  { limit, place, around }: { limit: number; place: { cell: Cell; key: string } | null; around: Around },
): Promise<Found[] | null> {
  const [sort, another] = query.sort;
  if (key.kind !== 'number' || !sort || another || unionOf(type, sort.param) || place?.cell === null) return null;
  const values = [...where.values];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const param = `${bind(paramNumber(type, sort.param))}::int4`;
  const { descending } = key;
  const direction = descending ? 'desc' : 'asc';
  const within = [`s.param = ${param}`];
  if (place) within.push(`s.low ${descending ? '<=' : '>='} ${bind(place.cell)}::float8`);
  const bound = await boundOf(db, type, sort.param, descending, query.filters, around);
  if (bound !== null) within.push(`s.low ${descending ? '<=' : '>='} ${bind(bound)}::float8`);
  const first = `(select ${descending ? 'max' : 'min'}(t.low) from store.range t where t.shard = r.shard and t.key = r.key and t.param = ${param})`;
  const beyond = place ? afterSql([key], [place.cell], place.key, bind) : 'true';
  const { rows } = await db.query<Found>(
    `select ${storedColumns('p')}, p.s0 as t0 from (
       select r.*, s.low as s0 from (
         select distinct on (w.low, w.key) w.shard, w.key, w.low from (
           select s.shard, s.key, s.low from store.range s where ${within.join(' and ')} order by s.low ${direction} fetch first ${window} rows with ties) w
         order by w.low ${direction}, w.key) s
       cross join lateral (select * from store.resource r where r.shard = s.shard and r.key = s.key and s.low = ${first} and ${where.sql} ${perRow}) r) p
     where ${beyond} order by p.s0 ${direction}, p.key limit ${limit}`,
    values,
  );
  return rows.length < limit ? null : rows;
}

/** Where the window may begin, because a filter on the same parameter leaves nothing before; null: at the end of the index. */
async function boundOf(
  db: Queryable,
  type: ResourceType,
  param: string,
  descending: boolean,
  filters: readonly Filter[],
  { now }: Around,
): Promise<number | null> {
  let bound: number | null = null;
  const tighter = (at: number): void => {
    bound = bound === null ? at : descending ? Math.min(bound, at) : Math.max(bound, at);
  };
  let ends: number | null = null;
  for (const filter of filters) {
    if ((filter.kind !== 'date' && filter.kind !== 'number') || filter.param !== param) continue;
    const [only, another] =
      filter.kind === 'date' ? filter.values.map((term) => dateTest(term, now)) : filter.values.map(numberTest);
    const bounds: Bounds = only && !another ? only.bounds : null;
    if (!bounds) continue;
    if (descending) {
      if (bounds.lowTo !== undefined) tighter(bounds.lowTo);
    } else if (bounds.lowFrom !== undefined) tighter(bounds.lowFrom);
    else if (bounds.highFrom !== undefined && filter.kind === 'date')
      ends = Math.max(ends ?? -Infinity, bounds.highFrom);
  }
  if (ends === null) return bound;
  // What ends after an instant begins at most so long before it, unless it is one of the few that last longer.
  const { rows } = await db.query<{ some: boolean }>(
    `select exists (select 1 from store.range s where s.param = $1 and ${isWide} and s.high >= $2 and s.low < $2 - ${wide}) as some`,
    [paramNumber(type, param), ends],
  );
  if (!rows[0]?.some) tighter(ends - wide);
  return bound;
}

import type { Filter, ResourceType, SearchQuery } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { storedColumns, type toStored } from '../read.ts';
import { hasOneValue, unionOf } from '../search-layout.ts';
import { paramNumber } from '../tokens.ts';
import type { Around, Binder } from './at.ts';
import { perRow } from './compile-range.ts';
import { afterSql, type Cell, type Key } from './order.ts';
import { longBefore, type Own, ownTests, stretches } from './stretches.ts';

/** So many values are looked at in their order before the other way is taken. */
const defaultWindow = 3000;

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
  const { descending } = key;
  const number = paramNumber(type, sort.param);
  const single = hasOneValue(type, sort.param);
  const window = around.window ?? defaultWindow;
  // Several values of a row may satisfy the filters while another decides where it stands: nothing can be left out of the window then.
  const own = single ? query.filters.flatMap((filter: Filter): Own[] => ownTests(filter, sort.param, around.now)) : [];
  const long = await longBefore(db, number, own, window);
  const looked = (bind: Binder): string => {
    const reached = place ? [`s.low ${descending ? '<=' : '>='} ${bind(place.cell)}::float8`] : [];
    const ordered = `order by s.low ${descending ? 'desc' : 'asc'} fetch first ${window} rows with ties`;
    const parts = stretches(own, long, window, bind).map(
      (held) =>
        `select s.shard, s.key, s.low from store.range s where ${[`s.param = ${bind(number)}::int4`, ...held, ...reached].join(' and ')} ${ordered}`,
    );
    return parts.length === 1
      ? (parts[0] as string)
      : `select s.* from (${parts.map((part) => `(${part})`).join(' union all ')}) s ${ordered}`;
  };
  const values = [...where.values];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const direction = descending ? 'desc' : 'asc';
  const first = (): string =>
    `s.low = (select ${descending ? 'max' : 'min'}(t.low) from store.range t where t.shard = r.shard and t.key = r.key and t.param = ${bind(number)}::int4) and `;
  const beyond = place ? afterSql([key], [place.cell], place.key, bind) : 'true';
  const { rows } = await db.query<Found>(
    `select ${storedColumns('p')}, p.s0 as t0 from (
       select r.*, s.low as s0 from (
         select distinct on (w.low, w.key) w.shard, w.key, w.low from (${looked(bind)}) w order by w.low ${direction}, w.key) s
       cross join lateral (select * from store.resource r where r.shard = s.shard and r.key = s.key and ${single ? '' : first()}${where.sql} ${perRow}) r) p
     where ${beyond} order by p.s0 ${direction}, p.key limit ${limit}`,
    values,
  );
  if (rows.length >= limit) return rows;
  // A filter on the one value that a row has leaves no row without: where the window ends before it is full, so does the answer.
  if (own.length === 0) return null;
  const mine: unknown[] = [];
  const seen = await db.query<{ n: number }>(
    `select count(*)::int4 as n from (${looked((value) => `$${mine.push(value)}`)}) w`,
    mine,
  );
  return (seen.rows[0]?.n ?? window) < window ? rows : null;
}

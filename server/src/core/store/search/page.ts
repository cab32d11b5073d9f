import type { ResourceType, SearchQuery } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { typeNumber } from '../keys.ts';
import { storedColumns } from '../read.ts';
import type { Around, Binder } from './at.ts';
import type { Prepared } from './compile-filter.ts';
import { condition } from './condition.ts';
import type { Place } from './cursor.ts';
import { expected, rowsOfType } from './estimate.ts';
import { afterSql, type Key } from './order.ts';
import { isTelling, leadsToFew } from './prepare.ts';
import { type Found, walkPage } from './walk.ts';

/** The rows of one type that a search asks for. */
export type Where = {
  type: ResourceType;
  where: string;
  prepared: readonly Prepared[];
  /** Which of the type's rows to look at; all of them unless it is given. */
  from?: string;
};

/** Each type on its own, in its own index's order, then merged: the answer reads at most `limit` rows of each. */
export function pageSql(wheres: Where[], keys: Key[], beyond: string, limit: number, bind: Binder): string {
  const direction = ({ descending, nullable }: Key): string =>
    `${descending ? 'desc' : 'asc'}${nullable ? ' nulls last' : ''}`;
  const order = `order by ${keys.map((key, index) => `p.s${index} ${direction(key)}`).join(', ')}, p.key limit ${limit}`;
  const texts = keys.map(
    ({ kind }, index) =>
      (kind === 'time' ? `to_char(p.s${index} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : `p.s${index}`) +
      ` as t${index}`,
  );
  const branch = ({ type, where, from = 'store.resource' }: Where): string =>
    `select p.* from (select r.*, ${keys.map((key, index) => `${key.sql(type, 'r', bind)} as s${index}`).join(', ')} from ${from} r where ${where}) p where ${beyond} ${order}`;
  const merged =
    wheres.length === 1
      ? branch(wheres[0] as Where)
      : `select p.* from (${wheres.map((one) => `(${branch(one)})`).join(' union all ')}) p ${order}`;
  return `select ${storedColumns('p')}, ${texts.join(', ')} from (${merged}) p ${order}`;
}

/** Fewer rows than this are found first and sorted then. */
const manyRows = 400;

/**
 * Where many rows have the words that are asked for, a page is full long before they are all found: it is read in its order then, by the time of receipt or
 * by a parameter's own index. Null when that is not so, or turns out not to be.
 */
export async function inOrder(
  db: Queryable,
  request: Around & { query: SearchQuery },
  { type, prepared }: Where,
  keys: Key[],
  place: Place | null,
  limit: number,
): Promise<Found[] | null> {
  const [key, another] = keys;
  if (
    !key ||
    another ||
    prepared.some((filter) => filter.kind === 'is' || leadsToFew(filter)) ||
    request.query.filters.some(isTelling)
  )
    return null;
  const some = await expected(db, type, prepared, request);
  const many = request.manyRows ?? manyRows;
  if (some !== null && some < many) return null;
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const cell = place?.cells[0];
  if (key.kind === 'number') {
    const where = condition(type, request, prepared, null, bind, true);
    return walkPage(
      db,
      type,
      request.query,
      key,
      { sql: where, values },
      {
        limit,
        place: place && cell !== undefined ? { cell, key: place.key } : null,
        around: request,
      },
    );
  }
  // As many rows are read one way as the other when their number is the root of all times the page.
  if (key.kind !== 'time' || some === null) return null;
  const all = await rowsOfType(db, type);
  if (many > 0 && some ** 2 < limit * all) return null;
  // Other filters may leave far less than the words promise, and words may be rarer than thought: no further than four times as far as it should take.
  const window = request.window ?? Math.ceil(Math.min(some, Math.max(3000, (4 * limit * all) / some)));
  const since = cell === undefined ? '' : ` and w.received ${key.descending ? '<=' : '>='} ${bind(cell)}::timestamptz`;
  const from = `(select w.* from store.resource w where w.type = ${bind(typeNumber(type))}::int2${since} order by w.received ${key.descending ? 'desc' : 'asc'}, w.key limit ${window})`;
  const where = condition(type, request, prepared, null, bind, true);
  const beyond = place && place.cells.length > 0 ? afterSql(keys, place.cells, place.key, bind) : 'true';
  const { rows } = await db.query<Found>(pageSql([{ type, where, prepared, from }], keys, beyond, limit, bind), values);
  return rows.length < limit ? null : rows;
}

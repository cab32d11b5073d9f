import type { ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { typeNumber } from '../keys.ts';
import { unionOf } from '../search-layout.ts';
import type { Around, Binder } from './at.ts';
import { magnitudes } from './compile-composite.ts';
import { compileFilter, type Prepared } from './compile-filter.ts';

/** How many rows PostgreSQL expects of a statement, from its statistics; nothing is read. */
async function estimate(db: Queryable, sql: string, values: unknown[]): Promise<number> {
  const { rows } = await db.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
    `explain (format json) ${sql}`,
    values,
  );
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** Filters that stand for words, and nothing else: what the word index can tell of. */
export const isWords = (filter: Prepared): boolean => {
  switch (filter.kind) {
    case 'token':
      return !filter.negate && filter.param !== '_id';
    case 'token-set':
      return !filter.negate;
    case 'token-subsumes':
    case 'token-of-type':
    case 'reference-identifier':
    case 'leads':
      return true;
    case 'reference':
      return filter.direction === undefined;
    case 'uri':
      return filter.match === 'is';
    default:
      return false;
  }
};

/**
 * How many rows carry the words that these filters ask for; null when they ask for none. The type is left out: its words are its own, and
 * PostgreSQL, which takes the two for independent, would expect a tenth of what there is.
 */
export async function expected(
  db: Queryable,
  type: ResourceType,
  filters: readonly Prepared[],
  around: Around,
): Promise<number | null> {
  const parts = filters.flatMap((filter): readonly Prepared[] => (filter.kind === 'and' ? filter.filters : [filter]));
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const at = { ...around, alias: 'r', type, bind, depth: 0 };
  const where = parts.flatMap((filter) => {
    if (isWords(filter)) return [compileFilter(filter, at)];
    const words = filter.kind === 'composite' && !unionOf(type, filter.param) ? magnitudes(filter, at) : null;
    return words === null ? [] : [words];
  });
  if (where.length === 0) return null;
  return estimate(db, `select 1 from store.resource r where ${where.join(' and ')}`, values);
}

const ofType = new WeakMap<object, Map<ResourceType, { rows: Promise<number>; until: number }>>();
/** An estimate of an estimate: statistics are not renewed more often. */
const fresh = 60_000;

/** How many rows there are of a type, about; asked once a minute. */
export function rowsOfType(db: Queryable, type: ResourceType): Promise<number> {
  const known = ofType.get(db) ?? new Map<ResourceType, { rows: Promise<number>; until: number }>();
  ofType.set(db, known);
  const found = known.get(type);
  if (found && performance.now() < found.until) return found.rows;
  const rows = estimate(db, 'select 1 from store.resource r where r.type = $1::int2', [typeNumber(type)]);
  known.set(type, { rows, until: performance.now() + fresh });
  rows.catch(() => known.delete(type));
  return rows;
}

import { extractSearchValues, isResourceType, type ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../kit/pool.ts';
import { resourceKey, typeNumber } from './keys.ts';
import { parameters, type Row, type Stored, storedColumns, toStored, visibleByKeys } from './read.ts';
import { isOpenType, type Scope, scopeSql } from './scope.ts';

export type EverythingQuery = {
  count: number;
  /** Internal key of the last row of the page before; null for the first page. */
  after: string | null;
  types: readonly ResourceType[] | null;
  /** Epoch milliseconds: received since; happened from, and before. Rows without a clinical time are not left out. */
  since: number | null;
  start: number | null;
  end: number | null;
  /** The patient itself, which the caller puts first. */
  except: bigint;
};

/** Rows about these people, each on exactly one page: the order is that of a key that never changes. `around` are the shared resources that the page refers to. */
export async function everythingOf(
  db: Queryable,
  scope: Scope,
  subjects: bigint[],
  query: EverythingQuery,
): Promise<{ rows: Stored[]; around: Stored[]; next: string | null }> {
  const { values, next } = parameters([subjects.map(String), query.count + 1, String(query.except)]);
  const time = (at: number): string =>
    `${next(new Date(Math.max(-6.2e13, Math.min(2.5e14, at))).toISOString())}::timestamptz`;
  const parts = ['r.subject = any($1::int8[])', 'r.key <> $3::int8', scopeSql(scope, 'r', next)];
  if (query.after !== null) parts.push(`r.key > ${next(query.after)}::int8`);
  if (query.types) parts.push(`r.type = any(${next(query.types.map(typeNumber))}::int2[])`);
  if (query.since !== null) parts.push(`r.received >= ${time(query.since)}`);
  if (query.start !== null) parts.push(`(r.occurred is null or r.occurred >= ${time(query.start)})`);
  if (query.end !== null) parts.push(`(r.occurred is null or r.occurred < ${time(query.end)})`);
  const { rows: found } = await db.query<Row>(
    `select ${storedColumns('r')} from store.resource r where ${parts.join(' and ')} order by r.key limit $2`,
    values,
  );
  const rows = found.slice(0, query.count).map(toStored);
  const last = rows.at(-1);
  const shared = new Set<bigint>();
  if (!query.types)
    for (const { body } of rows)
      for (const value of extractSearchValues(JSON.parse(body) as object))
        if (
          value.kind === 'reference' &&
          value.url === undefined &&
          value.type &&
          value.id &&
          isResourceType(value.type) &&
          isOpenType(value.type)
        )
          shared.add(resourceKey(value.type, value.id));
  const around =
    shared.size > 0 ? (await visibleByKeys(db, scope, [...shared])).filter(({ subject }) => subject === null) : [];
  return { rows, around, next: found.length > query.count && last ? String(last.key) : null };
}

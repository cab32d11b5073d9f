import type { ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../kit/pool.ts';
import { resourceKey, typeName, typeNumber } from './keys.ts';
import { type Owner, parameters, type Row, type Stored, storedColumns, toStored } from './read.ts';
import { type Scope, scopeSql } from './scope.ts';

/** One version; a deletion has an empty body. */
export type Version = Stored & { deleted: boolean };
type VersionRow = Row & { deleted: boolean };

const toVersion = (row: VersionRow): Version => ({ ...toStored(row), deleted: row.deleted });

/** Both places where versions lie, each under the scope. `where` is over the alias it is given. */
const versions = (scope: Scope, next: (value: unknown) => string, where: (alias: string) => string): string =>
  `select ${storedColumns('r')}, false as deleted from store.resource r where ${where('r')} and ${scopeSql(scope, 'r', next)}
   union all select ${storedColumns('h')}, h.deleted from store.history h where ${where('h')} and ${scopeSql(scope, 'h', next)}`;

/** All versions, newest first. */
export async function readHistory(db: Queryable, scope: Scope, type: string, id: string): Promise<Version[]> {
  const { values, next } = parameters([String(resourceKey(type, id)), typeNumber(type), id]);
  const { rows } = await db.query<VersionRow>(
    `${versions(scope, next, (alias) => `${alias}.key = $1 and ${alias}.type = $2 and ${alias}.id = $3`)} order by version desc`,
    values,
  );
  return rows.map(toVersion);
}

export async function readVersion(
  db: Queryable,
  scope: Scope,
  type: string,
  id: string,
  version: number,
): Promise<Version | null> {
  const { values, next } = parameters([String(resourceKey(type, id)), typeNumber(type), id, version]);
  const { rows } = await db.query<VersionRow>(
    versions(
      scope,
      next,
      (alias) => `${alias}.key = $1 and ${alias}.type = $2 and ${alias}.id = $3 and ${alias}.version = $4`,
    ),
    values,
  );
  return rows[0] ? toVersion(rows[0]) : null;
}

/** Whose a resource is, or was before it was deleted: for finding the ground to look at it, not for handing out. */
export async function lastOwner(db: Queryable, type: string, id: string): Promise<Owner | null> {
  const { rows } = await db.query<{ type: number; institution: number; subject: string | null }>({
    name: 'store-last-owner',
    text: `select type, institution, subject::text, version from store.resource where key = $1 and type = $2 and id = $3
           union all (select type, institution, subject::text, version from store.history where key = $1 and type = $2 and id = $3 order by version desc limit 1) order by version desc limit 1`,
    values: [String(resourceKey(type, id)), typeNumber(type), id],
  });
  const [row] = rows;
  return row
    ? {
        type: typeName(row.type),
        institution: row.institution,
        subject: row.subject === null ? null : BigInt(row.subject),
      }
    : null;
}

/** Where a page of history ends: later versions lie before it. */
export type HistoryPlace = { received: string; key: string; version: number };

/**
 * Versions of all resources of a type (or of every type), newest first by when we received them.
 * @param since only versions received at or after this instant (epoch milliseconds)
 */
export async function historyOf(
  db: Queryable,
  scope: Scope,
  types: readonly ResourceType[],
  { since, before, count }: { since: number | null; before: HistoryPlace | null; count: number },
): Promise<{ versions: Version[]; next: HistoryPlace | null }> {
  const { values, next } = parameters([]);
  const past =
    before &&
    ((alias: string): string =>
      ` and (${alias}.received, ${alias}.key, ${alias}.version) < (${next(before.received)}::timestamptz, ${next(before.key)}::int8, ${next(before.version)}::int4)`);
  const branch = (type: ResourceType, table: string, alias: string, deleted: string): string =>
    `(select ${storedColumns(alias)}, ${deleted} as deleted from store.${table} ${alias} where ${alias}.type = ${next(typeNumber(type))}::int2${since === null ? '' : ` and ${alias}.received >= ${next(new Date(since).toISOString())}::timestamptz`}${past ? past(alias) : ''}
      and ${scopeSql(scope, alias, next)} order by ${alias}.received desc, ${alias}.key desc, ${alias}.version desc limit ${count + 1})`;
  if (types.length === 0) return { versions: [], next: null };
  const sql = types
    .flatMap((type) => [branch(type, 'resource', 'r', 'false'), branch(type, 'history', 'h', 'h.deleted')])
    .join(' union all ');
  const { rows } = await db.query<VersionRow>(
    `select * from (${sql}) v order by received desc, key::int8 desc, version desc limit ${count + 1}`,
    values,
  );
  const found = rows.slice(0, count).map(toVersion);
  const last = found.at(-1);
  return {
    versions: found,
    next:
      rows.length > count && last
        ? { received: last.received.toISOString(), key: String(last.key), version: last.version }
        : null,
  };
}

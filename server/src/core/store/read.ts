import type { ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../kit/pool.ts';
import { resourceKey, typeName, typeNumber } from './keys.ts';
import { erasedFrom, type Scope, scopeSql } from './scope.ts';
import { bodyOf } from './sealed-bodies.ts';

/** A stored version. `body` is the exact text that is handed out. */
export type Stored = {
  shard: number;
  key: bigint;
  type: ResourceType;
  id: string;
  version: number;
  subject: bigint | null;
  institution: number;
  label: number;
  occurred: Date | null;
  recorded: Date | null;
  received: Date;
  message: bigint | null;
  stamps: string | null;
  body: string;
};

export type Row = Omit<Stored, 'key' | 'type' | 'subject' | 'message'> & {
  sealed: Buffer | null;
  key: string;
  type: number;
  subject: string | null;
  message: string | null;
};

export const storedColumns = (alias: string): string =>
  `${alias}.shard, ${alias}.key::text, ${alias}.type, ${alias}.id, ${alias}.version, ${alias}.subject::text, ${alias}.institution, ${alias}.label,
   ${alias}.occurred, ${alias}.recorded, ${alias}.received, ${alias}.message::text, ${alias}.stamps, ${alias}.body, ${alias}.sealed`;

/** Bytes of a row's body, told without reading it. */
export const storedSize = (alias: string): string =>
  `octet_length(${alias}.body) + coalesce(octet_length(${alias}.sealed), 0)`;

export const toStored = ({ sealed, ...row }: Row): Stored => ({
  ...row,
  body: bodyOf({ body: row.body, sealed }),
  key: BigInt(row.key),
  type: typeName(row.type),
  subject: row.subject === null ? null : BigInt(row.subject),
  message: row.message === null ? null : BigInt(row.message),
});

export const parameters = (first: unknown[]): { values: unknown[]; next: (value: unknown) => string } => {
  const values = [...first];
  return { values, next: (value) => `$${values.push(value)}` };
};

/** The current version, 'gone' when it was deleted, null when it never was or the caller may not see it (the same answer, on purpose). */
export async function readResource(
  db: Queryable,
  scope: Scope,
  type: string,
  id: string,
): Promise<Stored | 'gone' | null> {
  const { values, next } = parameters([String(resourceKey(type, id)), typeNumber(type), id]);
  const { rows } = await db.query<Row>(
    `select ${storedColumns('r')} from store.resource r where r.key = $1 and r.type = $2 and r.id = $3 and ${scopeSql(scope, 'r', next)}`,
    values,
  );
  if (rows[0]) return toStored(rows[0]);
  const gone = parameters([String(resourceKey(type, id)), typeNumber(type), id]);
  const { rows: former } = await db.query(
    `select 1 from store.history h where h.key = $1 and h.type = $2 and h.id = $3 and ${scopeSql(scope, 'h', gone.next)}
     and h.deleted and not exists (select 1 from store.resource r where r.key = h.key)
     union all select 1 from store.erased e where e.key = $1 and e.type = $2 and ${erasedFrom(scope, gone.next)} limit 1`,
    gone.values,
  );
  return former.length > 0 ? 'gone' : null;
}

/** Current rows by internal key, whoever may see them: for deciding what a write means, not for handing out. */
export async function currentByKeys(db: Queryable, keys: bigint[]): Promise<Map<bigint, Stored>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.query<Row>({
    name: 'store-current',
    text: `select ${storedColumns('r')} from store.resource r where r.key = any($1::int8[])`,
    values: [keys.map(String)],
  });
  return new Map(rows.map((row) => [BigInt(row.key), toStored(row)]));
}

/** The newest version number of keys that are not current any more (they were deleted). */
export async function lastVersions(db: Queryable, keys: bigint[]): Promise<Map<bigint, number>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.query<{ key: string; version: number }>(
    'select key::text, max(version) as version from store.history where key = any($1::int8[]) group by key',
    [keys.map(String)],
  );
  return new Map(rows.map(({ key, version }) => [BigInt(key), version]));
}

export type Buried = { version: number; institution: number };

/** The newest former version of keys that are not current any more (they were deleted), and whose it was. */
export async function buriedByKeys(db: Queryable, keys: bigint[]): Promise<Map<bigint, Buried>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.query<Buried & { key: string }>(
    'select distinct on (key) key::text, version, institution from store.history where key = any($1::int8[]) order by key, version desc',
    [keys.map(String)],
  );
  return new Map(rows.map(({ key, ...row }) => [BigInt(key), row]));
}

export type Owner = { type: ResourceType; institution: number; subject: bigint | null };

/** Which of these keys exist, and whose they are: the check that a reference leads somewhere. */
export async function ownersByKeys(db: Queryable, keys: bigint[]): Promise<Map<bigint, Owner>> {
  if (keys.length === 0) return new Map();
  const { rows } = await db.query<{ key: string; type: number; institution: number; subject: string | null }>({
    name: 'store-owners',
    text: 'select key::text, type, institution, subject::text from store.resource where key = any($1::int8[])',
    values: [keys.map(String)],
  });
  return new Map(
    rows.map(({ key, type, institution, subject }) => [
      BigInt(key),
      { type: typeName(type), institution, subject: subject === null ? null : BigInt(subject) },
    ]),
  );
}

/** A resident's facts of some types, newest first by when they happened; `subjects` are the source identities of the resident. */
export async function factsOf(
  db: Queryable,
  scope: Scope,
  subjects: bigint[],
  types: string[],
  limit: number,
): Promise<Stored[]> {
  const { values, next } = parameters([subjects.map(String), types.map(typeNumber), limit]);
  const { rows } = await db.query<Row>(
    `select ${storedColumns('r')} from store.resource r where r.subject = any($1::int8[]) and r.type = any($2::int2[]) and ${scopeSql(scope, 'r', next)}
     order by r.occurred desc nulls last, r.key limit $3`,
    values,
  );
  return rows.map(toStored);
}

/** Rows by key, as the caller may see them. */
export async function visibleByKeys(db: Queryable, scope: Scope, keys: bigint[]): Promise<Stored[]> {
  const { values, next } = parameters([keys.map(String)]);
  const { rows } = await db.query<Row>(
    `select ${storedColumns('r')} from store.resource r where r.key = any($1::int8[]) and ${scopeSql(scope, 'r', next)}`,
    values,
  );
  return rows.map(toStored);
}

export async function storageSizes(db: Queryable): Promise<{ table: string; rows: number; bytes: number }[]> {
  const { rows } = await db.query<{ table: string; rows: number; bytes: number }>(
    `select n.nspname || '.' || c.relname as table, greatest(c.reltuples, 0)::bigint as rows, pg_total_relation_size(c.oid) as bytes
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'public') order by 3 desc`,
  );
  return rows;
}

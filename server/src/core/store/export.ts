import type { Filter, ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../kit/pool.ts';
import { typeNumber } from './keys.ts';
import { type Row, type Stored, storedColumns, storedSize, toStored } from './read.ts';
import { scopeSql } from './scope.ts';
import type { Around, Binder } from './search/at.ts';
import { compileFilter } from './search/compile-filter.ts';
import { prepareFilters } from './search/prepare.ts';

/** Which rows of a type an export brings. */
export type ExportSlice = Around & {
  type: ResourceType;
  /** Received after this and up to that instant, epoch milliseconds. */
  since: number | null;
  until: number;
  /** Any of these conjunctions; empty: every row. */
  anyOf: readonly (readonly Filter[])[];
  /** Only what is about somebody; or about one of these source identities. */
  about: 'anything' | 'somebody' | bigint[];
};
/** The last row of the page before. */
export type ExportPlace = { received: number; key: string };

const instant = (at: number, bind: Binder): string => `${bind(new Date(at).toISOString())}::timestamptz`;

async function conditionOf(db: Queryable, slice: ExportSlice, alias: string, bind: Binder): Promise<string> {
  const { type, anyOf, about, scope } = slice;
  const parts = [`${alias}.type = ${bind(typeNumber(type))}::int2`, scopeSql(scope, alias, bind)];
  if (about === 'somebody') parts.push(`${alias}.subject is not null`);
  else if (about !== 'anything') parts.push(`${alias}.subject = any(${bind(about.map(String))}::int8[])`);
  if (anyOf.length > 0) {
    const either: string[] = [];
    for (const filters of anyOf) {
      const prepared = await prepareFilters(db, type, filters, slice);
      const all = prepared.map((filter) => compileFilter(filter, { ...slice, alias, bind, depth: 0 }));
      either.push(all.length > 0 ? `(${all.join(' and ')})` : 'true');
    }
    parts.push(`(${either.join(' or ')})`);
  }
  return parts.join(' and ');
}

/**
 * A page of current rows in the order in which they were received, cut where the bodies exceed `bytes` (one row at least): what is held in
 * memory does not depend on how large somebody's attachments are.
 */
export async function exportPage(
  db: Queryable,
  slice: ExportSlice,
  after: ExportPlace | null,
  { rows: most, bytes }: { rows: number; bytes: number },
): Promise<{ rows: Stored[]; next: ExportPlace | null }> {
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const parts = [
    await conditionOf(db, slice, 'r', bind),
    `r.received <= ${instant(slice.until, bind)}`,
    ...(slice.since === null ? [] : [`r.received > ${instant(slice.since, bind)}`]),
  ];
  if (after) {
    const at = instant(after.received, bind);
    parts.push(`r.received >= ${at} and (r.received > ${at} or r.key < ${bind(after.key)}::int8)`);
  }
  const { rows } = await db.query<Row & { met: number }>(
    `select ${storedColumns('p')}, p.met::int4 from (
       select q.*, sum(${storedSize('q')}) over (order by q.received, q.key desc) - (${storedSize('q')}) as before, count(*) over () as met from (
         select r.* from store.resource r where ${parts.join(' and ')} order by r.received, r.key desc limit ${most}) q) p
     where p.before < ${bind(bytes)}::int8 order by p.received, p.key desc`,
    values,
  );
  const last = rows.at(-1);
  const more = last !== undefined && (rows.length < last.met || last.met === most);
  return {
    rows: rows.map(({ met: _met, ...row }) => toStored(row)),
    next: more ? { received: last.received.getTime(), key: last.key } : null,
  };
}

/**
 * What an export would have shown had it taken no time: versions that were current at `until` and have been superseded or deleted since. One that its page
 * had shown before it was changed comes again, as the same version.
 * @param after the key of the last row of the page before
 */
export async function exportSuperseded(
  db: Queryable,
  slice: ExportSlice,
  after: string | null,
  most: number,
): Promise<{ rows: Stored[]; next: string | null }> {
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const type = `${bind(typeNumber(slice.type))}::int2`;
  const until = instant(slice.until, bind);
  const own = await conditionOf(db, { ...slice, anyOf: [] }, 'h', bind);
  const { rows } = await db.query<Row>(
    `select ${storedColumns('h')} from store.history h where h.key in (
       select r.key from store.resource r where r.type = ${type} and r.received > ${until} and r.version > 1
       union select g.key from store.history g where g.type = ${type} and g.received > ${until})
     and h.received <= ${until} and h.superseded > ${until} and not h.deleted and ${own}
     ${slice.since === null ? '' : `and h.received > ${instant(slice.since, bind)}`} ${after === null ? '' : `and h.key > ${bind(after)}::int8`}
     order by h.key limit ${most}`,
    values,
  );
  return { rows: rows.map(toStored), next: rows.length === most ? (rows.at(-1) as Row).key : null };
}

/** Whom rows of this type are about, in order: for noting every look before anything is handed out. */
export async function exportSubjects(
  db: Queryable,
  slice: ExportSlice,
  after: bigint | null,
  most: number,
): Promise<bigint[]> {
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const parts = [
    await conditionOf(db, { ...slice, anyOf: [] }, 'r', bind),
    'r.subject is not null',
    `r.received <= ${instant(slice.until, bind)}`,
    ...(slice.since === null ? [] : [`r.received > ${instant(slice.since, bind)}`]),
    ...(after === null ? [] : [`r.subject > ${bind(String(after))}::int8`]),
  ];
  const { rows } = await db.query<{ subject: string }>(
    `select r.subject::text from store.resource r where ${parts.join(' and ')} group by r.subject order by r.subject limit ${most}`,
    values,
  );
  return rows.map(({ subject }) => BigInt(subject));
}

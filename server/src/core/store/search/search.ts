import { extractSearchValues, type Include, type ResourceType, type SearchQuery } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { resourceKey, typeNumber } from '../keys.ts';
import { type Stored, storedColumns, toStored, visibleByKeys } from '../read.ts';
import { type Scope, scopeSql } from '../scope.ts';
import { referenceToken } from '../tokens.ts';
import { type Binder, compileFilter, NotSearchable } from './compile-filter.ts';

export type Page = {
  matches: Stored[];
  included: Stored[];
  /** Hand it back to get the next page; null on the last. Stable under writes: it names a row, not a distance. */
  next: string | null;
  total: number | null;
};

export type SearchRequest = {
  query: SearchQuery;
  scope: Scope;
  /** Narrow to these source identities: the resident whose record is searched. */
  subjects?: bigint[] | undefined;
  after?: string | undefined;
};

const defaultCount = 50;
export const maxCount = 1000;
const includeLimit = 2000;

type Order = { column: 'received' | 'occurred'; descending: boolean };

function orderOf(query: SearchQuery): Order {
  if (query.sort.length === 0) return { column: 'received', descending: true };
  if (query.sort.length > 1) throw new NotSearchable(`_sort=${query.sort.map(({ param }) => param).join(',')}`);
  const [{ param, descending }] = query.sort as [SearchQuery['sort'][0]];
  if (param === '_lastUpdated') return { column: 'received', descending };
  if (param === 'date') return { column: 'occurred', descending };
  throw new NotSearchable(`_sort=${param}`);
}

/** The place after which a page goes on: the last row's time and key. Holds nothing about anybody. */
const cursorOf = (row: Stored, { column }: Order): string => Buffer.from(JSON.stringify([row[column]?.toISOString() ?? null, String(row.key)])).toString('base64url');
function parseCursor(text: string): [string | null, string] | null {
  try {
    const [at, key] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    return (at === null || (typeof at === 'string' && !Number.isNaN(Date.parse(at)))) && typeof key === 'string' && /^-?\d{1,19}$/.test(key) ? [at, key] : null;
  } catch {
    return null;
  }
}

/**
 * Runs a search. The scope is part of every WHERE, chained and included rows too.
 * @throws NotSearchable naming what this store does not answer; nothing is ever ignored
 */
export async function searchResources(db: Queryable, { query, scope, subjects, after }: SearchRequest): Promise<Page> {
  if (query.types.length !== 1) throw new NotSearchable('_type');
  const [type] = query.types as [ResourceType];
  const order = orderOf(query);
  const { where, values, bind } = await conditions(db, type, query, scope, subjects);
  const count = Math.min(query.count ?? defaultCount, maxCount);
  let total: number | null = null;
  if (query.summary === 'count' || query.total === 'accurate') {
    const { rows } = await db.query<{ n: number }>(`select count(*) as n from store.resource r where ${where}`, values);
    total = rows[0]?.n ?? 0;
  }
  if (query.summary === 'count' || count === 0) return { matches: [], included: [], next: null, total: total ?? 0 };
  let page = where;
  if (after !== undefined) {
    const cursor = parseCursor(after);
    if (!cursor) throw new NotSearchable('_after');
    page += ` and ${pastCursor(order, cursor, bind)}`;
  }
  const direction = order.descending ? 'desc' : 'asc';
  const { rows } = await db.query<Parameters<typeof toStored>[0]>(
    `select ${storedColumns('r')} from store.resource r where ${page} order by r.${order.column} ${direction} nulls last, r.key limit ${count + 1}`, values,
  );
  const matches = rows.slice(0, count).map(toStored);
  const last = matches.at(-1);
  const included = await includes(db, matches, query, scope);
  return { matches, included, next: rows.length > count && last ? cursorOf(last, order) : null, total };
}

function pastCursor({ column, descending }: Order, [at, key]: [string | null, string], bind: Binder): string {
  const keyAfter = `r.key > ${bind(key)}::int8`;
  if (at === null) return `(r.${column} is null and ${keyAfter})`;
  const time = `${bind(at)}::timestamptz`;
  // Times are cut to milliseconds in a cursor; compare them so, or the last row would come again.
  const cell = `date_trunc('milliseconds', r.${column})`;
  return `(${cell} ${descending ? '<' : '>'} ${time} or (${cell} = ${time} and ${keyAfter}) or r.${column} is null)`;
}

async function conditions(db: Queryable, type: ResourceType, query: SearchQuery, scope: Scope, subjects: bigint[] | undefined) {
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const parts = [`r.type = ${bind(typeNumber(type))}`];
  if (subjects) parts.push(`r.subject = any(${bind(subjects.map(String))}::int8[])`);
  const patients = await patientSubjects(db, type, query);
  if (patients) parts.push(`r.subject = any(${bind(patients.map(String))}::int8[])`);
  parts.push(scopeSql(scope, 'r', bind));
  for (const filter of query.filters) parts.push(compileFilter(filter, { alias: 'r', type, scope, bind, depth: 0 }));
  return { where: parts.join(' and '), values, bind };
}

/** `patient=Patient/x` (or subject=) also names the source identity of x, whose index is the fast way in. */
async function patientSubjects(db: Queryable, type: ResourceType, query: SearchQuery): Promise<bigint[] | null> {
  if (type === 'Patient') return null;
  for (const filter of query.filters) {
    if (filter.kind !== 'reference' || (filter.param !== 'patient' && filter.param !== 'subject')) continue;
    if (!filter.values.every((term) => term.id && (term.type === 'Patient' || (term.type === undefined && filter.param === 'patient')))) continue;
    const keys = filter.values.map(({ id }) => String(resourceKey('Patient', id as string)));
    const { rows } = await db.query<{ subject: string | null }>('select subject::text from store.resource where key = any($1::int8[])', [keys]);
    return rows.flatMap(({ subject }) => (subject === null ? [] : [BigInt(subject)]));
  }
  return null;
}

async function includes(db: Queryable, matches: Stored[], query: SearchQuery, scope: Scope): Promise<Stored[]> {
  if (matches.length === 0 || query.includes.length + query.revincludes.length === 0) return [];
  const found = new Map<bigint, Stored>();
  const own = new Set(matches.map(({ key }) => key));
  const wanted = new Set<bigint>();
  for (const include of query.includes) {
    if (include.iterate) throw new NotSearchable('_include:iterate');
    for (const match of matches) if (include.source === '*' || include.source === match.type) for (const key of referredTo(match, include)) wanted.add(key);
  }
  for (const stored of await visibleByKeys(db, scope, [...wanted])) if (!own.has(stored.key)) found.set(stored.key, stored);
  for (const include of query.revincludes) for (const stored of await referring(db, matches, include, scope)) if (!own.has(stored.key)) found.set(stored.key, stored);
  return [...found.values()].slice(0, includeLimit);
}

function referredTo(match: Stored, { param, target }: Include): bigint[] {
  return extractSearchValues(JSON.parse(match.body) as object).flatMap((value) =>
    value.kind === 'reference' && (param === '*' || value.param === param) && value.type && value.id && (!target || target === value.type) ? [resourceKey(value.type, value.id)] : [],
  );
}

async function referring(db: Queryable, matches: Stored[], { source, param, iterate, target }: Include, scope: Scope): Promise<Stored[]> {
  if (iterate) throw new NotSearchable('_revinclude:iterate');
  if (source === '*' || param === '*') throw new NotSearchable('_revinclude=*');
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const tokens = matches.filter(({ type }) => !target || target === type).map(({ key }) => String(referenceToken(source, param, key)));
  const { rows } = await db.query<Parameters<typeof toStored>[0]>(
    `select ${storedColumns('r')} from store.resource r where r.type = ${bind(typeNumber(source))} and r.tokens && ${bind(tokens)}::int8[] and ${scopeSql(scope, 'r', bind)} limit ${includeLimit}`, values,
  );
  return rows.map(toStored);
}

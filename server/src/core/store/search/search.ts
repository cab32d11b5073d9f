import { type Filter, type ResourceType, resourceTypes, type SearchQuery } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { resourceKey, typeName } from '../keys.ts';
import { type Stored, toStored } from '../read.ts';
import { layout } from '../search-layout.ts';
import { isAbout } from './about-one.ts';
import { type Around, type Binder, NotSearchable } from './at.ts';
import { condition } from './condition.ts';
import { openPlace, sealPlace } from './cursor.ts';
import { isContent, sortedFromBodies, withContent } from './from-bodies.ts';
import { includesOf } from './includes.ts';
import { afterSql, type Cell, type Key, orderOf } from './order.ts';
import { inOrder, pageSql, type Where } from './page.ts';
import { prepareFilters } from './prepare.ts';
import type { Found } from './walk.ts';

export type Page = {
  matches: Stored[];
  included: Stored[];
  /** There was more to include than one page takes. */
  truncated: boolean;
  /** Hand it back to get the next page; null on the last. Stable under writes: it names a place in the order, not a distance. */
  next: string | null;
  total: number | null;
};

export type SearchRequest = Around & {
  query: SearchQuery;
  /** Narrow to these source identities: the resident whose record is searched. */
  subjects?: bigint[] | undefined;
  /** Whom Patients are about, by their key, as far as that has been looked up already. */
  patients?: ReadonlyMap<bigint, bigint> | undefined;
  after?: string | undefined;
};

const defaultCount = 50;
export const maxCount = 1000;

/**
 * Runs a search. The scope is part of every WHERE, chained and included rows too.
 * @throws NotSearchable naming what this store does not answer; nothing is ever ignored
 */
export async function searchResources(db: Queryable, asked: SearchRequest): Promise<Page> {
  const request = { ...asked, settled: await isSettled(db) };
  const { query, scope, after } = request;
  const types = query.types.length > 0 ? [...new Set(query.types)] : await storedTypes(db);
  const none: Page = { matches: [], included: [], truncated: false, next: null, total: 0 };
  const order = orderOf(query, types.length > 0 ? types : resourceTypes);
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  if (types.length === 0) return none;
  const narrowed = await narrow(db, types, request);
  const wheres = await wheresOf(db, types, request, narrowed, bind);
  const count = Math.min(query.count ?? defaultCount, maxCount);
  const onlyCount = query.summary === 'count' || count === 0;
  let total: number | null = null;
  if (onlyCount || query.total === 'accurate') {
    const { rows } = await db.query<{ n: number }>(
      `select ${wheres.map(({ where }) => `(select count(*) from store.resource r where ${where})`).join(' + ')} as n`,
      values,
    );
    total = rows[0]?.n ?? 0;
  }
  if (onlyCount) return { ...none, total };
  const search = JSON.stringify([query.types, query.filters, query.sort, narrowed, scope], (_key, value) =>
    typeof value === 'bigint' ? String(value) : value,
  );
  const place = after === undefined ? null : await openPlace(db, after, search);
  if (after !== undefined && !place) throw new NotSearchable('_after');
  const began = place?.began ?? request.now;
  const until = place?.until ?? null;
  const seal = (cells: Cell[], key: string): Promise<string> => sealPlace(db, { cells, key, began, until }, search);
  let matches: Stored[];
  let next: string | null = null;
  if (order === null) {
    const sorted = await sortedFromBodies(db, query.sort, wheres, values, place, count);
    ({ matches } = sorted);
    if (sorted.next) next = await seal(sorted.next.cells, sorted.next.key);
  } else {
    const keys = until === null ? order : oldestFirst;
    const among = until === null ? wheres : changedSince(wheres, began, until, bind);
    const beyond = place && place.cells.length > 0 ? afterSql(keys, place.cells, place.key, bind) : 'true';
    const [only, another] = among;
    const rows =
      (only && !another && narrowed === null && until === null
        ? await inOrder(db, request, only, keys, place, count + 1)
        : null) ?? (await db.query<Found>(pageSql(among, keys, beyond, count + 1, bind), values)).rows;
    matches = rows.slice(0, count).map(toStored);
    const last = rows.length > count ? rows[count - 1] : undefined;
    const isEnd = place && until === null && query.sort.length === 0;
    if (last)
      next = await seal(
        keys.map((_, index) => last[`t${index}`] ?? null),
        last.key,
      );
    else if (isEnd && (await anyChanged(db, types, request, narrowed, began)))
      next = await sealPlace(db, { cells: [], key: '0', began, until: request.now }, search);
  }
  if (next === null && after === undefined && total === null && query.total !== 'none') total = matches.length;
  return { matches, ...(await includesOf(db, matches, query, scope)), next, total };
}

const settled = new WeakSet<object>();
/** Whether rows of an older layout are gone: their number only falls. */
async function isSettled(db: Queryable): Promise<boolean> {
  if (settled.has(db)) return true;
  const { rows } = await db.query<{ some: boolean }>(
    `select exists (select 1 from store.resource where layout < ${layout}) as some`,
  );
  if (!rows[0]?.some) settled.add(db);
  return !rows[0]?.some;
}

const oldestFirst: Key[] = [
  { descending: false, nullable: false, kind: 'time', sql: (_type, alias) => `${alias}.received` },
];
/** A change that was received before the first page may be committed after it, this much later at most. */
const underWay = 1000;

/**
 * Newest first, a row that is changed while a client pages goes to the top, where the client has been already. So the pages end with what was
 * changed since the first one: every row that was there comes at least once, a changed one perhaps again with its new version.
 */
function changedSince(wheres: Where[], began: number, until: number, bind: Binder): typeof wheres {
  const at = (time: number): string => `${bind(new Date(time).toISOString())}::timestamptz`;
  return wheres.map(({ type, where, prepared }) => ({
    type,
    prepared,
    where: `${where} and r.version > 1 and r.received >= ${at(began - underWay)} and r.received <= ${at(until)}`,
  }));
}

async function anyChanged(
  db: Queryable,
  types: readonly ResourceType[],
  request: SearchRequest,
  narrowed: bigint[] | null,
  began: number,
): Promise<boolean> {
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const wheres = changedSince(await wheresOf(db, types, request, narrowed, bind), began, request.now, bind);
  const { rows } = await db.query<{ changed: boolean }>(
    `select ${wheres.map(({ where }) => `exists (select 1 from store.resource r where ${where})`).join(' or ')} as changed`,
    values,
  );
  return rows[0]?.changed ?? false;
}

async function wheresOf(
  db: Queryable,
  types: readonly ResourceType[],
  request: SearchRequest,
  narrowed: bigint[] | null,
  bind: Binder,
): Promise<Where[]> {
  const wheres: Where[] = [];
  for (const type of types) {
    const { filters } = request.query;
    const others = filters.filter((filter) => !isContent(filter));
    const contents = filters.filter(isContent);
    const prepared = await prepareFilters(db, type, others, request, narrowed !== null);
    if (contents.length > 0) {
      const own: unknown[] = [];
      const where = condition(type, request, prepared, narrowed, (value) => `$${own.push(value)}`);
      prepared.push({ kind: 'is', keys: await withContent(db, contents, where, own) });
    }
    wheres.push({ type, prepared, where: condition(type, request, prepared, narrowed, bind) });
  }
  return wheres;
}

/** The types that have any row: a leap from one to the next in the index, not a scan. */
export async function storedTypes(db: Queryable): Promise<ResourceType[]> {
  const { rows } = await db.query<{ type: number }>(
    `with recursive t as ((select type from store.resource order by type limit 1)
       union all select (select r.type from store.resource r where r.type > t.type order by r.type limit 1) from t where t.type is not null)
     select type from t where type is not null`,
  );
  return rows.map(({ type }) => typeName(type));
}

async function narrow(
  db: Queryable,
  types: readonly ResourceType[],
  { query, subjects, patients }: SearchRequest,
): Promise<bigint[] | null> {
  if (subjects) return subjects;
  const [type, another] = types;
  return type && !another ? patientSubjects(db, type, query.filters, patients) : null;
}

/** `patient=Patient/x` (or subject=) also names the source identity of x, whose index is the fast way in. */
async function patientSubjects(
  db: Queryable,
  type: ResourceType,
  filters: readonly Filter[],
  known: ReadonlyMap<bigint, bigint> | undefined,
): Promise<bigint[] | null> {
  for (const filter of filters) {
    if (filter.kind !== 'reference' || filter.direction || !isAbout(type, filter.param)) continue;
    if (
      !filter.values.every(
        ({ type: target, id, url }) =>
          id && !url && (target === 'Patient' || (target === undefined && filter.param === 'patient')),
      )
    )
      continue;
    const keys = [...new Set(filter.values.map(({ id }) => resourceKey('Patient', id as string)))];
    const subjects = keys.map((key) => known?.get(key));
    if (!subjects.includes(undefined)) return subjects as bigint[];
    const { rows } = await db.query<{ subject: string | null }>({
      name: 'store-subjects',
      text: 'select subject::text from store.resource where key = any($1::int8[])',
      values: [keys.map(String)],
    });
    // A patient that is deleted, or lives elsewhere, is still referred to.
    if (rows.length === keys.length && rows.every(({ subject }) => subject !== null))
      return rows.map(({ subject }) => BigInt(subject as string));
  }
  return null;
}

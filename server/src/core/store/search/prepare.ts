import type { Filter, ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { typeNumber } from '../keys.ts';
import { scopeSql } from '../scope.ts';
import { referenceToken } from '../tokens.ts';
import { isAbout } from './about-one.ts';
import type { Around, Binder } from './at.ts';
import { compileFilter, type Prepared } from './compile-filter.ts';
import { ofType } from './condition.ts';
import { drive, isDriven } from './drive.ts';
import { expected } from './estimate.ts';
import { resolveHierarchies } from './hierarchy.ts';

const mostKeys = ({ chainKeys }: Around): number => chainKeys ?? 1000;

/**
 * Answers chains and `_has` ahead, inside out, when few rows satisfy them: the outer search then is a look-up of known words. PostgreSQL cannot
 * estimate the join (`tokens @> array[key # constant]`) and scans the whole type instead (measured: 34 ms against 2 ms at 39,000 rows, growing with them).
 */
export async function prepareFilters(
  db: Queryable,
  type: ResourceType,
  filters: readonly Filter[],
  around: Around,
  narrowed = false,
): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  const few = narrowed || filters.some(isTelling);
  for (const filter of joinChains(type, filters)) {
    const resolved = (await resolveHierarchies(db, type, filter, around)) as Filter;
    prepared.push(few && tested.has(resolved.kind) ? resolved : await prepare(db, type, resolved, around));
  }
  return prepared;
}

/** Kinds that a row is tested for where something else finds few rows already. */
const tested: ReadonlySet<Filter['kind']> = new Set(['string', 'token-text', 'date', 'number', 'quantity']);
/** Parameters that lead to one person or one visit; a whole hospital's rows refer to one institution. */
const ofOne: ReadonlySet<string> = new Set(['patient', 'subject', 'encounter']);
/** What by itself leaves few rows: an identifier, an id, whoever the row is about. */
export const isTelling = (filter: Filter): boolean =>
  (filter.kind === 'token' && !filter.negate && (filter.param === 'identifier' || filter.param === '_id')) ||
  (filter.kind === 'reference' && filter.direction === undefined && ofOne.has(filter.param));

/**
 * Several chains over the one reference that decides whom a row is about ask for one person who satisfies them all: `patient.family=…&patient.given=…`
 * is looked up once, where either name alone has thousands.
 */
function joinChains(type: ResourceType, filters: readonly Filter[]): Filter[] {
  const joined: Filter[] = [];
  for (const filter of filters) {
    const at = joined.findIndex((one) => one.kind === 'chain' && filter.kind === 'chain' && one.param === filter.param);
    const other = joined[at];
    if (filter.kind !== 'chain' || other?.kind !== 'chain' || !isAbout(type, filter.param)) {
      joined.push(filter);
      continue;
    }
    const branches = other.branches.flatMap((branch) => {
      const same = filter.branches.find((one) => one.type === branch.type);
      return same ? [{ type: branch.type, filter: both(branch.filter, same.filter) }] : [];
    });
    joined[at] = { kind: 'chain', param: filter.param, branches };
  }
  return joined;
}

const both = (a: Filter, b: Filter): Filter => ({
  kind: 'and',
  filters: [...(a.kind === 'and' ? a.filters : [a]), b],
});

/** A chain answered ahead that leads to single persons or visits leaves few rows as well. */
export const leadsToFew = (filter: Prepared): boolean => filter.kind === 'leads' && ofOne.has(filter.param);

async function prepare(db: Queryable, type: ResourceType, filter: Filter, around: Around): Promise<Prepared> {
  switch (filter.kind) {
    case 'chain': {
      const keys: bigint[] = [];
      const subjects: bigint[] = [];
      for (const branch of filter.branches) {
        const found = await chained(db, branch.type, branch.filter, around);
        if (found === null || keys.length + found.length > mostKeys(around)) return filter;
        for (const { key, subject } of found) {
          keys.push(key);
          if (subject !== null) subjects.push(subject);
        }
      }
      const about = isAbout(type, filter.param) && filter.branches.every((branch) => branch.type === 'Patient');
      return { kind: 'leads', param: filter.param, keys, ...(about && { subjects: [...new Set(subjects)] }) };
    }
    case 'has': {
      const keys = await referred(db, type, filter, around);
      return keys === null ? filter : { kind: 'is', keys };
    }
    case 'and': {
      const filters: Prepared[] = [];
      for (const one of joinChains(type, filter.filters)) {
        // Where one member leaves few rows, those are tested for the others.
        const few = filters.some(({ kind }) => kind === 'is') || filter.filters.some(isTelling);
        filters.push(few && tested.has(one.kind) ? one : await prepare(db, type, one, around));
      }
      return { kind: 'and', filters: filters as Filter[] };
    }
    case 'or': {
      const filters: Prepared[] = [];
      for (const one of filter.filters) filters.push(await prepare(db, type, one, around));
      return { kind: 'or', filters: filters as Filter[] };
    }
    case 'not':
      return { kind: 'not', filter: (await prepare(db, type, filter.filter, around)) as Filter };
    default:
      return drive(db, type, filter, around);
  }
}

function inner(type: ResourceType, filter: Prepared, around: Around, bind: Binder): string {
  return `${ofType(type, 'c', [filter], bind)} and ${scopeSql(around.scope, 'c', bind)} and ${compileFilter(filter, { ...around, alias: 'c', type, bind, depth: 0 })}`;
}

/** Of two names that each have thousands, one is looked up as far as this, and its rows are tested for the other. */
const mostTested = 5000;

/** A filter that leads to its rows; null for one whose rows {@link drive} found to be too many: reading them all would tell no more. */
async function leading(db: Queryable, type: ResourceType, ready: Prepared, around: Around): Promise<Prepared | null> {
  if (ready.kind !== 'and') return isDriven(type, ready, around) ? null : ready;
  const members: readonly Prepared[] = ready.filters;
  if (!members.every((member) => isDriven(type, member, around))) return ready;
  for (const [index, member] of ready.filters.entries()) {
    const found = await drive(db, type, member, around, mostTested);
    if (found.kind === 'is') return { kind: 'and', filters: members.with(index, found) as Filter[] };
  }
  return null;
}

/** Keys of the visible rows that satisfy the end of a chain; null when there are too many. */
async function chained(
  db: Queryable,
  type: ResourceType,
  filter: Filter,
  around: Around,
): Promise<{ key: bigint; subject: bigint | null }[] | null> {
  const ready = await leading(db, type, await prepare(db, type, filter, around), around);
  if (ready === null || (await isFarMore(db, type, ready, around))) return null;
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const { rows } = await db.query<{ key: string; subject: string | null }>(
    `select c.key::text, c.subject::text from store.resource c where ${inner(type, ready, around, bind)} limit ${mostKeys(around) + 1}`,
    values,
  );
  return rows.length > mostKeys(around)
    ? null
    : rows.map(({ key, subject }) => ({ key: BigInt(key), subject: subject === null ? null : BigInt(subject) }));
}

/** Keys of the rows that visible rows refer to: a token that is no reference of this parameter becomes a key that nothing has. */
async function referred(
  db: Queryable,
  type: ResourceType,
  { type: source, param, filter }: Extract<Filter, { kind: 'has' }>,
  around: Around,
): Promise<bigint[] | null> {
  const ready = await prepare(db, source, filter, around);
  if (await isFarMore(db, source, ready, around)) return null;
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const where = inner(source, ready, around, bind);
  const constant = `${bind(String(referenceToken(source, param, 0n)))}::int8`;
  const { rows } = await db.query<{ key: string | null; rows: number }>(
    `with c as materialized (select c.tokens from store.resource c where ${where} limit ${mostKeys(around) + 1})
     select null as key, count(*) as rows from c
     union all select distinct r.key::text, 0 from c cross join lateral unnest(c.tokens) as t (token) join store.resource r on r.key = (t.token # ${constant}) and r.type = ${bind(typeNumber(type))}::int2`,
    values,
  );
  if ((rows.find(({ key }) => key === null)?.rows ?? 0) > mostKeys(around)) return null;
  return rows.flatMap(({ key }) => (key === null ? [] : [BigInt(key)]));
}

/** Statistics are good enough to tell that it is no use to look. */
const isFarMore = async (db: Queryable, type: ResourceType, filter: Prepared, around: Around): Promise<boolean> =>
  ((await expected(db, type, [filter], around)) ?? 0) > 1.5 * Math.max(1, mostKeys(around));

import { type Filter, type ReferenceFilter, type ResourceType, searchParameters } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { resourceKey, typeNumber } from '../keys.ts';
import { scopeSql } from '../scope.ts';
import { referenceToken } from '../tokens.ts';
import { type Around, NotSearchable } from './at.ts';
import type { Prepared } from './compile-filter.ts';

/** Further up or down than this no hierarchy of places or institutions goes; data in a circle end here too. */
const deepest = 20;
const most = 2000;

/** The parameter by which a type is part of its like: Location, Organization, Encounter, Procedure, Task … */
function partOf(type: ResourceType): string | undefined {
  const known = searchParameters(type);
  return ['partof', 'part-of'].find((code) => known.get(code)?.targets.includes(type));
}

/**
 * `:above` and `:below` on references (FHIR R4 §3.1.1.5.11): the resource named, and those it is part of or that are part of it, as far as the
 * caller sees them. Looked up ahead, and asked for by key like a chain.
 */
export async function resolveHierarchies(
  db: Queryable,
  type: ResourceType,
  filter: Filter,
  around: Around,
): Promise<Prepared> {
  switch (filter.kind) {
    case 'reference':
      return filter.direction ? resolved(db, type, filter, filter.direction, around) : filter;
    case 'chain': {
      const branches = [];
      for (const { type: target, filter: inner } of filter.branches)
        branches.push({ type: target, filter: (await resolveHierarchies(db, target, inner, around)) as Filter });
      return { ...filter, branches };
    }
    case 'has':
      return { ...filter, filter: (await resolveHierarchies(db, filter.type, filter.filter, around)) as Filter };
    case 'not':
      return { ...filter, filter: (await resolveHierarchies(db, type, filter.filter, around)) as Filter };
    case 'and':
    case 'or': {
      const filters: Filter[] = [];
      for (const one of filter.filters) filters.push((await resolveHierarchies(db, type, one, around)) as Filter);
      return { ...filter, filters };
    }
    default:
      return filter;
  }
}

async function resolved(
  db: Queryable,
  type: ResourceType,
  filter: ReferenceFilter,
  direction: 'above' | 'below',
  around: Around,
): Promise<Prepared> {
  const refused = new NotSearchable(`${filter.param}:${direction}`);
  const keys: bigint[] = [];
  for (const { type: said, id, url, version } of filter.values) {
    const targets = (said ? [said] : (searchParameters(type).get(filter.param)?.targets ?? [])).filter(
      (one) => partOf(one) !== undefined,
    );
    const local = url === undefined || (around.base !== undefined && url.startsWith(`${around.base}/`));
    if (targets.length === 0 || id === undefined || !local || version !== undefined) throw refused;
    for (const target of targets) keys.push(...(await closure(db, target, resourceKey(target, id), direction, around)));
  }
  if (keys.length > most) throw new NotSearchable(`${filter.param}:${direction} (more than ${most} resources)`);
  return { kind: 'leads', param: filter.param, keys: [...new Set(keys)] };
}

/** The key itself and the visible ones above or below it. Below: rows whose word is this key's; above: the keys that a row's words stand for. */
async function closure(
  db: Queryable,
  type: ResourceType,
  start: bigint,
  direction: 'above' | 'below',
  around: Around,
): Promise<bigint[]> {
  const values: unknown[] = [];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const from = `${bind(String(start))}::int8`;
  const constant = `${bind(String(referenceToken(type, partOf(type) as string, 0n)))}::int8`;
  const number = `${bind(typeNumber(type))}::int2`;
  const step =
    direction === 'below'
      ? `select r.key, h.depth + 1 from h join store.resource r on r.type = ${number} and r.tokens @> array[h.key # ${constant}] and ${scopeSql(around.scope, 'r', bind)}`
      : `select p.key, h.depth + 1 from h join store.resource r on r.key = h.key and r.type = ${number} and ${scopeSql(around.scope, 'r', bind)}
         cross join lateral unnest(r.tokens) as t (token) join store.resource p on p.key = (t.token # ${constant}) and p.type = ${number} and ${scopeSql(around.scope, 'p', bind)}`;
  const { rows } = await db.query<{ key: string }>(
    `with recursive h (key, depth) as (select ${from}, 0 union ${step} where h.depth < ${deepest}) select distinct key::text from h limit ${most + 1}`,
    values,
  );
  return rows.map(({ key }) => BigInt(key));
}

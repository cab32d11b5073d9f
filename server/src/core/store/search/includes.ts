import {
  extractSearchValues,
  type Include,
  isResourceType,
  type ResourceType,
  resourceTypes,
  type SearchQuery,
  searchParameters,
} from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { resourceKey, typeNumber } from '../keys.ts';
import { type Stored, storedColumns, toStored, visibleByKeys } from '../read.ts';
import { type Scope, scopeSql } from '../scope.ts';
import { referenceToken } from '../tokens.ts';

/** More than this is not added to one page; the page then says that it is incomplete. */
export const includeLimit = 2000;
/** `:iterate` follows references this far from the matches. */
const mostRounds = 10;

export type Included = { included: Stored[]; truncated: boolean };

/** Rows that the matches refer to, or that refer to them, as far as the caller may see them. */
export async function includesOf(
  db: Queryable,
  matches: Stored[],
  { includes, revincludes }: Pick<SearchQuery, 'includes' | 'revincludes'>,
  scope: Scope,
): Promise<Included> {
  if (matches.length === 0 || includes.length + revincludes.length === 0) return { included: [], truncated: false };
  const own = new Set(matches.map(({ key }) => key));
  const found = new Map<bigint, Stored>();
  let from = matches;
  for (let round = 0; round < mostRounds && from.length > 0; round++) {
    const forward = includes.filter(({ iterate }) => iterate || round === 0);
    const backward = revincludes.filter(({ iterate }) => iterate || round === 0);
    const wanted = new Set<bigint>();
    for (const row of from)
      for (const key of referredTo(row, forward)) if (!own.has(key) && !found.has(key)) wanted.add(key);
    const reached = [...(wanted.size > 0 ? await visibleByKeys(db, scope, [...wanted]) : [])];
    for (const include of backward) reached.push(...(await referring(db, from, include, scope)));
    from = [];
    for (const stored of reached) {
      if (own.has(stored.key) || found.has(stored.key)) continue;
      if (found.size >= includeLimit) return { included: [...found.values()], truncated: true };
      found.set(stored.key, stored);
      from.push(stored);
    }
  }
  return { included: [...found.values()], truncated: false };
}

function referredTo(row: Stored, includes: readonly Include[]): bigint[] {
  const mine = includes.filter(({ source }) => source === '*' || source === row.type);
  if (mine.length === 0) return [];
  return extractSearchValues(JSON.parse(row.body) as object).flatMap((value) => {
    if (
      value.kind !== 'reference' ||
      !value.type ||
      !value.id ||
      value.url !== undefined ||
      !isResourceType(value.type)
    )
      return [];
    const { param, type, id } = value;
    return mine.some(
      (include) => (include.param === '*' || include.param === param) && (!include.target || include.target === type),
    )
      ? [resourceKey(type, id)]
      : [];
  });
}

/** The (type, parameter) pairs that an include with stars stands for, as far as they can lead to `target`. */
function sourcesOf({ source, param, target: only }: Include, target: ResourceType): [ResourceType, string][] {
  if (only && only !== target) return [];
  return (source === '*' ? resourceTypes : [source]).flatMap((type) =>
    [...searchParameters(type).values()]
      .filter(
        (info) => info.type === 'reference' && (param === '*' || info.code === param) && info.targets.includes(target),
      )
      .map((info): [ResourceType, string] => [type, info.code]),
  );
}

async function referring(db: Queryable, rows: Stored[], include: Include, scope: Scope): Promise<Stored[]> {
  const types = new Set<number>();
  const tokens = new Set<bigint>();
  const pairs = new Map<ResourceType, [ResourceType, string][]>();
  for (const { type, key } of rows) {
    const sources = pairs.get(type) ?? sourcesOf(include, type);
    pairs.set(type, sources);
    for (const [source, param] of sources) {
      types.add(typeNumber(source));
      tokens.add(referenceToken(source, param, key));
    }
  }
  if (tokens.size === 0) return [];
  const values: unknown[] = [[...types], [...tokens].map(String)];
  const next = (value: unknown): string => `$${values.push(value)}`;
  const { rows: found } = await db.query<Parameters<typeof toStored>[0]>(
    `select ${storedColumns('r')} from store.resource r where r.type = any($1::int2[]) and r.tokens && $2::int8[] and ${scopeSql(scope, 'r', next)} order by r.received desc, r.key limit ${includeLimit + 1}`,
    values,
  );
  return found.map(toStored);
}

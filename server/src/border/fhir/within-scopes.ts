import { type Filter, resourceTypes, type SearchQuery } from '@hutong/fhir';
import type { Caller } from '../../core/access/index.ts';
import { covered } from './door.ts';

/**
 * Narrows a search to the types that the caller's SMART scopes cover: a chain, `_has` or `_list` must not tell about types that it may not
 * search. Answers with the type that nothing is left of.
 */
export function withinScopes(caller: Caller, query: SearchQuery, type: string | undefined): SearchQuery | string {
  const asked = type === undefined && query.types.length === 0 ? resourceTypes : query.types;
  const types = type === undefined ? asked.filter((one) => covered(caller, one, 's')) : asked;
  if (types.length === 0) return asked[0] ?? '*';
  if (query.types.length > 0 && types.length < query.types.length)
    return query.types.find((one) => !types.includes(one)) as string;
  const filters: Filter[] = [];
  for (const filter of query.filters) {
    const kept = coveredFilter(caller, filter);
    if (typeof kept === 'string') return kept;
    filters.push(kept);
  }
  return { ...query, types: types.length === resourceTypes.length ? [] : types, filters };
}

function coveredFilter(caller: Caller, filter: Filter): Filter | string {
  switch (filter.kind) {
    case 'list':
      return covered(caller, 'List', 's') ? filter : 'List';
    case 'has': {
      if (!covered(caller, filter.type, 's')) return filter.type;
      const inner = coveredFilter(caller, filter.filter);
      return typeof inner === 'string' ? inner : { ...filter, filter: inner };
    }
    case 'chain': {
      const branches = filter.branches.flatMap(({ type, filter: given }) => {
        const inner = covered(caller, type, 's') ? coveredFilter(caller, given) : '';
        return typeof inner === 'string' ? [] : [{ type, filter: inner }];
      });
      return branches.length > 0 ? { ...filter, branches } : (filter.branches[0]?.type ?? '*');
    }
    case 'and':
    case 'or': {
      const filters: Filter[] = [];
      for (const one of filter.filters) {
        const inner = coveredFilter(caller, one);
        if (typeof inner === 'string') return inner;
        filters.push(inner);
      }
      return { ...filter, filters };
    }
    case 'not': {
      const inner = coveredFilter(caller, filter.filter);
      return typeof inner === 'string' ? inner : { kind: 'not', filter: inner };
    }
    default:
      return filter;
  }
}

// A whole search: what is filtered, included, sorted, and how much of it is wanted.
import { isResourceType, type ResourceType, resourceTypes } from '../resource-types.ts';
import { elementNames } from '../summary.ts';
import type { Issue } from '../validate/issue.ts';
import { searchParameters } from './parameters.ts';
import { MAX_BRANCHES, parseFilter } from './parse-filter.ts';
import { parseInclude } from './parse-include.ts';
import { parseLogic } from './parse-logic.ts';
import type { Filter, Include, SearchQuery, SortKey } from './query.ts';
import {
  badValue,
  isRefusal,
  type Refusal,
  refuse,
  shown,
  unknownParameter,
  unknownType,
  unsupportedModifier,
} from './refusal.ts';
import { suggest } from './suggest.ts';

export type SearchOutcome =
  | { readonly ok: true; readonly query: SearchQuery }
  | { readonly ok: false; readonly issues: Issue[] };

type Draft = { -readonly [K in keyof SearchQuery]: SearchQuery[K] } & {
  filters: Filter[];
  includes: Include[];
  revincludes: Include[];
  own: Record<string, string>;
};
type Apply = (draft: Draft, raw: string, modifier: string | undefined) => Refusal | undefined;

const TOTALS = ['none', 'estimate', 'accurate'] as const;
const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
/** A search of more parameters is refused, and more mistakes are not listed: reading must stay cheap for anybody's input. */
const MAX_PARAMETERS = 200;
const MAX_ISSUES = 20;
/** More sort keys than this serve nobody. */
const MAX_SORT = 10;

function choose<T extends string>(
  name: string,
  raw: string,
  allowed: readonly T[],
  set: (v: T) => void,
): Refusal | undefined {
  const hit = allowed.find((a) => a === raw);
  if (hit === undefined) return badValue(name, raw, `one of ${allowed.join(', ')}`, `${allowed.join('、')} 之一`);
  set(hit);
  return undefined;
}

function sort(draft: Draft, raw: string): Refusal | undefined {
  const keys: SortKey[] = [];
  for (const part of raw.split(',')) {
    const descending = part.startsWith('-');
    const param = descending ? part.slice(1) : part;
    for (const type of draft.types.length > 0 ? draft.types : (['Basic'] as const)) {
      const known = searchParameters(type);
      const found = known.get(param);
      if (found === undefined) {
        const refusal = unknownParameter(param, type, known.keys());
        return { issue: { ...refusal.issue, expression: `_sort=${shown(param)}` } };
      }
      if (found.type === 'composite' || found.type === 'special') {
        return refuse(
          'not-supported',
          '_sort',
          `Cannot sort by "${shown(param)}": it has no single value.`,
          `不能按“${shown(param)}”排序。`,
        );
      }
    }
    keys.push({ param, descending });
  }
  if (keys.length > MAX_SORT)
    return refuse('too-costly', '_sort', `More than ${MAX_SORT} sort keys.`, `排序项超过 ${MAX_SORT} 个。`);
  draft.sort = keys;
  return undefined;
}

function elements(draft: Draft, raw: string): Refusal | undefined {
  const names = raw.split(',');
  for (const name of names) {
    const unknownTo = draft.types.find((t) => !elementNames(t).includes(name));
    if (unknownTo === undefined) continue;
    const near = suggest(name, elementNames(unknownTo));
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    return refuse(
      'not-supported',
      '_elements',
      `${unknownTo} has no element "${shown(name)}" (_elements).${hint}`,
      `${unknownTo} 没有元素“${shown(name)}”（_elements）。`,
    );
  }
  draft.elements = [...(draft.elements ?? []), ...names];
  return undefined;
}

function include(reverse: boolean): Apply {
  return (draft, raw, modifier) => {
    const name = reverse ? '_revinclude' : '_include';
    const found = parseInclude(name, modifier, raw, draft.types, reverse);
    if (isRefusal(found)) return found;
    (reverse ? draft.revincludes : draft.includes).push(found);
    return undefined;
  };
}

function logic(draft: Draft, raw: string): Refusal | undefined {
  const [type] = draft.types;
  if (type === undefined || draft.types.length > 1)
    return refuse(
      'not-supported',
      '_filter',
      '_filter needs a search of one type.',
      '_filter 只能用于单一类型的检索。',
    );
  const filter = parseLogic(type, raw);
  if (isRefusal(filter)) return filter;
  draft.filters.push(filter);
  return undefined;
}

/** Parameters that shape the answer. `many`: may be given more than once. */
const CONTROLS: Record<string, { apply: Apply; many?: true; modified?: true }> = {
  _count: {
    apply: (draft, raw) => {
      if (!/^\d{1,9}$/.test(raw)) return badValue('_count', raw, 'a whole number', '非负整数');
      draft.count = Number(raw);
      return undefined;
    },
  },
  _sort: { apply: sort },
  _total: { apply: (draft, raw) => choose('_total', raw, TOTALS, (v) => (draft.total = v)) },
  _summary: { apply: (draft, raw) => choose('_summary', raw, SUMMARIES, (v) => (draft.summary = v)) },
  _elements: { apply: elements, many: true },
  _include: { apply: include(false), many: true, modified: true },
  _revinclude: { apply: include(true), many: true, modified: true },
  _filter: { apply: logic, many: true },
  // "false" is what happens anyway; the other values are not supported and must not be silently dropped.
  _contained: { apply: (_draft, raw) => choose('_contained', raw, ['false'] as const, () => undefined) },
  _format: { apply: own('_format') },
  _pretty: { apply: own('_pretty') },
};

function own(name: string): Apply {
  return (draft, raw) => {
    draft.own[name] = raw;
    return undefined;
  };
}

function systemTypes(pairs: [string, string][]): ResourceType[] | Refusal {
  const types: ResourceType[] = [];
  for (const [name, raw] of pairs) {
    if (name !== '_type') continue;
    for (const type of raw.split(',')) {
      if (!isResourceType(type)) return unknownType(type, `_type=${raw}`, resourceTypes);
      types.push(type);
    }
  }
  return types;
}

/** A filter on several types must mean the same on each; on all types only what every resource has is known. */
function filterOnAll(draft: Draft, key: string, raw: string): Filter | Refusal {
  // Basic has no parameter under a name of Resource's or DomainResource's, so what it alone has is refused below.
  const types = draft.types.length > 0 ? draft.types : (['Basic', 'Bundle'] as const);
  let first: Filter | undefined;
  for (const type of types) {
    const filter = parseFilter(type, key, raw, key, { branches: MAX_BRANCHES });
    if (isRefusal(filter)) return filter;
    if (first !== undefined && first.kind !== filter.kind) {
      return refuse(
        'invalid',
        key,
        `"${shown(key)}" does not mean the same for ${types.join(', ')}.`,
        `“${shown(key)}”对各类型含义不同。`,
      );
    }
    first ??= filter;
  }
  return first ?? unknownParameter(key, 'a search of all types', []);
}

function applyOne(
  draft: Draft,
  key: string,
  raw: string,
  seen: Set<string>,
  ownNames: ReadonlySet<string>,
): Refusal | undefined {
  if (ownNames.has(key)) {
    draft.own[key] = raw;
    return undefined;
  }
  const [name = '', modifier, ...more] = key.split(':');
  const control = Object.hasOwn(CONTROLS, name) ? CONTROLS[name] : undefined;
  if (control === undefined) {
    const filter = filterOnAll(draft, key, raw);
    if (!isRefusal(filter)) draft.filters.push(filter);
    else if (filter.issue.code === 'not-supported' && name.startsWith('_') && modifier === undefined)
      return nearControl(name, filter);
    else return filter;
    return undefined;
  }
  if (modifier !== undefined && (control.modified !== true || more.length > 0))
    return unsupportedModifier(key, key.slice(name.length + 1), name, []);
  if (!control.many && seen.has(name))
    return refuse('invalid', name, `"${name}" is given more than once.`, `“${name}”重复给出。`);
  seen.add(name);
  if (raw === '') return badValue(key, raw, 'a value', '有效的值');
  return control.apply(draft, raw, modifier);
}

/** A misspelt control parameter ("_cuont") deserves the name of the control, not of the nearest filter. */
function nearControl(name: string, otherwise: Refusal): Refusal {
  const near = suggest(name, Object.keys(CONTROLS));
  if (near === undefined || otherwise.issue.diagnostics.includes('Did you mean')) return otherwise;
  return refuse(
    'not-supported',
    name,
    `${otherwise.issue.diagnostics} Did you mean "${near}"?`,
    `${otherwise.issue.zh}是否指“${near}”？`,
  );
}

/**
 * Reads a search. `type` undefined is a search of the whole system (`_type` then limits it). `params` are the decoded
 * pairs or a query string. Everything unknown, misspelt, malformed or unsupported is an issue that names it (all of
 * them are reported); nothing is ignored. `ownNames` are parameters of the caller (paging tokens), returned in `own`.
 */
export function parseSearch(
  type: ResourceType | undefined,
  params: URLSearchParams | string,
  ownNames: readonly string[] = [],
): SearchOutcome {
  const pairs = [...(typeof params === 'string' ? new URLSearchParams(params) : params)];
  if (pairs.length > MAX_PARAMETERS) {
    const many = refuse(
      'too-costly',
      'search',
      `A search may have ${MAX_PARAMETERS} parameters, this one has ${pairs.length}.`,
      `检索参数最多 ${MAX_PARAMETERS} 个，本次有 ${pairs.length} 个。`,
    );
    return { ok: false, issues: [many.issue] };
  }
  const types = type === undefined ? systemTypes(pairs) : [type];
  if (isRefusal(types)) return { ok: false, issues: [types.issue] };
  const draft: Draft = {
    types,
    filters: [],
    includes: [],
    revincludes: [],
    sort: [],
    count: undefined,
    total: undefined,
    summary: undefined,
    elements: undefined,
    own: {},
  };
  const issues: Issue[] = [];
  const seen = new Set<string>();
  const mine = new Set(ownNames);
  for (const [key, raw] of pairs) {
    if (issues.length >= MAX_ISSUES) break;
    if (type === undefined && key === '_type') continue;
    const refusal = applyOne(draft, key, raw, seen, mine);
    if (refusal !== undefined) issues.push(refusal.issue);
  }
  return issues.length === 0 ? { ok: true, query: draft } : { ok: false, issues };
}

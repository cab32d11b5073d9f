import type { DateTerm, Filter, NumberTerm, QuantityTerm, ReferenceTerm, ResourceType, TokenTerm } from '@hutong/fhir';
import { searchParameters } from '@hutong/fhir';
import { resourceKey, typeNumber } from '../keys.ts';
import { type Scope, scopeSql } from '../scope.ts';
import { identifierToken, paramNumber, referenceToken, tokenOf } from '../tokens.ts';

/** A search that the grammar knows and this store does not answer yet: refused by name, never ignored. */
export class NotSearchable extends Error {
  readonly parameter: string;
  constructor(parameter: string) {
    super(parameter);
    this.parameter = parameter;
  }
}

/** Collects SQL parameters; SQL text is made only of our own words and placeholders. */
export type Binder = (value: unknown) => string;

const never = 'false';
const int8 = (values: bigint[], bind: Binder): string => `${bind(values.map(String))}::int8[]`;

/** Everything a filter needs to know about where it stands: the row's alias and type, and the caller's scope for chained rows. */
export type At = { alias: string; type: ResourceType; scope: Scope; bind: Binder; depth: number };

/** One boolean SQL expression over `at.alias`. Chained rows carry the scope too, so no hidden row can decide a match. */
export function compileFilter(filter: Filter, at: At): string {
  const { alias, type, bind } = at;
  switch (filter.kind) {
    case 'token': {
      if (filter.param === '_id') return idFilter(filter.values, filter.negate, at);
      const some = `${alias}.tokens && ${int8(filter.values.map((term) => tokenTerm(type, filter.param, term)), bind)}`;
      return filter.negate ? `not (${some})` : some;
    }
    case 'reference':
      if (filter.direction) throw new NotSearchable(`${filter.param}:${filter.direction}`);
      return `${alias}.tokens && ${int8(filter.values.flatMap((term) => referenceTerms(type, filter.param, term)), bind)}`;
    case 'reference-identifier':
      return `${alias}.tokens && ${int8(filter.values.map(({ system, code }) => identifierToken(type, filter.param, system === undefined ? null : (system ?? ''), code ?? '')), bind)}`;
    case 'uri':
      if (filter.match !== 'is') throw new NotSearchable(`${filter.param}:${filter.match}`);
      return `${alias}.tokens && ${int8(filter.values.map((value) => tokenOf(type, filter.param, null, value)), bind)}`;
    case 'string': return stringFilter(filter.param, filter.match, filter.values, at);
    case 'date': return filter.param === '_lastUpdated' ? or(filter.values.map((term) => instantTerm(`${alias}.received`, term, bind))) : rangeFilter(filter.param, filter.values.map((term) => dateTerm(term)), at);
    case 'number': return rangeFilter(filter.param, filter.values.map((term) => numberTerm(term)), at);
    case 'quantity': return rangeFilter(filter.param, filter.values.map((term) => quantityTerm(type, filter.param, term)), at);
    case 'chain': return chainFilter(filter, at);
    case 'has': return hasFilter(filter, at);
    case 'and': return and(filter.filters.map((inner) => compileFilter(inner, at)));
    case 'or': return or(filter.filters.map((inner) => compileFilter(inner, at)));
    case 'not': return `not (${compileFilter(filter.filter, at)})`;
    default: throw new NotSearchable('param' in filter ? `${filter.param} (${filter.kind})` : filter.kind);
  }
}

const and = (parts: string[]): string => (parts.length === 0 ? 'true' : `(${parts.join(' and ')})`);
const or = (parts: string[]): string => (parts.length === 0 ? never : `(${parts.join(' or ')})`);

function tokenTerm(type: string, param: string, { system, code }: TokenTerm): bigint {
  if (code === undefined) throw new NotSearchable(`${param}=system|`);
  return tokenOf(type, param, system === undefined ? null : (system ?? ''), code);
}

function idFilter(values: readonly TokenTerm[], negate: boolean, { alias, type, bind }: At): string {
  const keys = values.flatMap(({ code }) => (code === undefined ? [] : [resourceKey(type, code)]));
  return `${negate ? 'not ' : ''}${alias}.key = any(${int8(keys, bind)})`;
}

function referenceTerms(type: ResourceType, param: string, term: ReferenceTerm): bigint[] {
  if (term.url) return [tokenOf(type, param, null, term.url)];
  if (!term.id) return [];
  const targets = term.type ? [term.type] : (searchParameters(type).get(param)?.targets ?? []);
  return targets.map((target) => referenceToken(type, param, resourceKey(target, term.id as string)));
}

const likeEscape = (text: string): string => text.replace(/[\\%_]/g, '\\$&');

function stringFilter(param: string, match: string, values: readonly { value: string; folded: string }[], { alias, type, bind }: At): string {
  if (match === 'exact') throw new NotSearchable(`${param}:exact`);
  const test = or(values.map(({ folded }) => {
    const text = folded.slice(0, 64);
    if (match === 'equals') return `s.value = ${bind(text)}`;
    const pattern = { starts: `${likeEscape(text)}%`, contains: `%${likeEscape(text)}%`, ends: `%${likeEscape(text)}` }[match];
    return `s.value like ${bind(pattern)}`;
  }));
  return `exists (select 1 from store.string s where s.shard = ${alias}.shard and s.key = ${alias}.key and s.param = ${bind(paramNumber(type, param))} and ${test})`;
}

/** A condition on a stored range [low, high) or [low, high]; `unit` limits quantities. */
type RangeTest = { sql(low: string, high: string, bind: Binder): string; unit?: bigint };

/** FHIR R4 §3.1.1.5 prefixes over ranges: eq contains, ne not, gt/lt the range above/below touches, sa/eb wholly after/before. */
function prefixed(prefix: string, from: number, to: number, dates: boolean): RangeTest {
  // Dates are stored as [start, end) and asked so; a stored number is a point, and "100" asks for [99.5, 100.5).
  const upTo = dates ? '<=' : '<';
  return {
    sql(low, high, bind) {
      switch (prefix) {
        case 'eq': return `(${low} >= ${bind(from)} and ${high} ${upTo} ${bind(to)})`;
        case 'ne': return `not (${low} >= ${bind(from)} and ${high} ${upTo} ${bind(to)})`;
        case 'gt': return `${high} > ${bind(to)}`;
        case 'ge': return dates ? `(${high} > ${bind(to)} or (${low} >= ${bind(from)} and ${high} <= ${bind(to)}))` : `${high} >= ${bind(to)}`;
        case 'lt': return `${low} < ${bind(from)}`;
        case 'le': return dates ? `(${low} < ${bind(from)} or (${low} >= ${bind(from)} and ${high} <= ${bind(to)}))` : `${low} <= ${bind(from)}`;
        case 'sa': return `${low} ${dates ? '>=' : '>'} ${bind(to)}`;
        case 'eb': return `${high} ${dates ? '<=' : '<'} ${bind(from)}`;
        default: return `(${low} < ${bind(to)} and ${high} > ${bind(from)})`;
      }
    },
  };
}

function dateTerm({ prefix, start, end }: DateTerm): RangeTest {
  if (prefix !== 'ap') return prefixed(prefix, start, end, true);
  // "Approximately" is within a tenth of the distance to now; the specification leaves the width to the server.
  const slack = Math.abs(Date.now() - start) / 10;
  return prefixed('ap', start - slack, end + slack, true);
}

const numberTerm = ({ prefix, value, low, high }: NumberTerm): RangeTest =>
  prefix === 'eq' || prefix === 'ne' || prefix === 'ap' ? prefixed(prefix, low, high, false) : prefixed(prefix, value, value, false);

function quantityTerm(type: ResourceType, param: string, term: QuantityTerm): RangeTest {
  const test = numberTerm(term);
  if (term.code === undefined) return test;
  if (term.system === undefined) throw new NotSearchable(`${param}=value||code`);
  return { ...test, unit: tokenOf(type, param, term.system, term.code) };
}

function rangeFilter(param: string, tests: RangeTest[], { alias, type, bind }: At): string {
  const where = or(tests.map(({ sql, unit }) => `(${sql('s.low', 's.high', bind)}${unit === undefined ? '' : ` and s.unit = ${bind(String(unit))}::int8`})`));
  return `exists (select 1 from store.range s where s.shard = ${alias}.shard and s.key = ${alias}.key and s.param = ${bind(paramNumber(type, param))} and ${where})`;
}

function instantTerm(column: string, { prefix, start, end }: DateTerm, bind: Binder): string {
  const from = (at: number): string => `${bind(new Date(at))}::timestamptz`;
  switch (prefix) {
    case 'eq': case 'ap': return `(${column} >= ${from(start)} and ${column} < ${from(end)})`;
    case 'ne': return `not (${column} >= ${from(start)} and ${column} < ${from(end)})`;
    case 'gt': case 'sa': return `${column} >= ${from(end)}`;
    case 'ge': return `${column} >= ${from(start)}`;
    case 'lt': case 'eb': return `${column} < ${from(start)}`;
    default: return `${column} < ${from(end)}`;
  }
}

/** The row refers, by `param`, to a visible row that satisfies the inner filter: an integer join, because the token is the target's key XOR a constant. */
function chainFilter({ param, branches }: Extract<Filter, { kind: 'chain' }>, at: At): string {
  const inner = `c${at.depth + 1}`;
  return or(branches.map(({ type, filter }) => {
    const constant = referenceToken(at.type, param, 0n);
    return `exists (select 1 from store.resource ${inner} where ${inner}.type = ${at.bind(typeNumber(type))}
      and ${at.alias}.tokens @> array[${inner}.key # ${at.bind(String(constant))}::int8] and ${scopeSql(at.scope, inner, at.bind)}
      and ${compileFilter(filter, { ...at, alias: inner, type, depth: at.depth + 1 })})`;
  }));
}

function hasFilter({ type, param, filter }: Extract<Filter, { kind: 'has' }>, at: At): string {
  const inner = `c${at.depth + 1}`;
  const constant = referenceToken(type, param, 0n);
  return `exists (select 1 from store.resource ${inner} where ${inner}.type = ${at.bind(typeNumber(type))}
    and ${inner}.tokens @> array[${at.alias}.key # ${at.bind(String(constant))}::int8] and ${scopeSql(at.scope, inner, at.bind)}
    and ${compileFilter(filter, { ...at, alias: inner, type, depth: at.depth + 1 })})`;
}

import type { Filter, TokenTerm } from '@hutong/fhir';
import { icd10Ancestors, isIcd10 } from '../../terminology/index.ts';
import { resourceKey, typeNumber } from '../keys.ts';
import { wordsOf } from '../narrative-words.ts';
import { scopeSql } from '../scope.ts';
import { hasUriIndex, presenceBit, unionOf } from '../search-layout.ts';
import {
  exactToken,
  identifierToken,
  narrativeToken,
  ofTypeToken,
  paramNumber,
  referenceToken,
  systemToken,
  tokenOf,
} from '../tokens.ts';
import { isAbout } from './about-one.ts';
import { type At, and, int8, NotSearchable, or } from './at.ts';
import { compositeFilter } from './compile-composite.ts';
import { dateTest, instantTest, nearFilter, numberTest, perRow, quantityTests, rangeFilter } from './compile-range.ts';
import { beginnings, likeEscape, referenceWords, searched, stringExistsAt, stringTest, tokenWord } from './words.ts';

/** A filter whose chain was answered ahead: the row refers by `param` to one of these keys, or is one of them. */
export type Prepared =
  | Filter
  | {
      readonly kind: 'leads';
      readonly param: string;
      readonly keys: readonly bigint[];
      /** Whom the rows are about then, where the reference decides that: the fast way to them. */
      readonly subjects?: readonly bigint[];
    }
  | { readonly kind: 'is'; readonly keys: readonly bigint[] };

/** One boolean SQL expression over `at.alias`. Chained rows carry the scope too, so no hidden row can decide a match. */
export function compileFilter(filter: Prepared, at: At): string {
  const { alias, type, bind } = at;
  const union = 'param' in filter && filter.kind !== 'missing' ? unionOf(type, filter.param) : undefined;
  if (union) {
    const { negate, ...rest } = filter as Filter & { negate?: boolean };
    const any = or(
      union.map((param) =>
        compileFilter({ ...rest, ...(negate !== undefined && { negate: false }), param } as Filter, at),
      ),
    );
    return negate ? `not ${any}` : any;
  }
  const words = (list: bigint[]): string =>
    list.length === 0 ? 'false' : `(${alias}.tokens && ${int8(list, bind)})${at.inOrder ? ' is true' : ''}`;
  switch (filter.kind) {
    case 'token': {
      if (filter.param === '_id') return idFilter(filter.values, filter.negate, at);
      const some = words(filter.values.map((term) => tokenWord(type, filter.param, term)));
      return filter.negate ? `not (${some})` : some;
    }
    case 'token-text':
      return stringExists(
        `${filter.param}:text`,
        or(filter.values.map(({ folded }) => `s.value like ${bind(`${likeEscape(searched(filter.param, folded))}%`)}`)),
        at,
      );
    case 'token-of-type':
      return words(
        filter.values.map(({ system, code, value }) => ofTypeToken(type, filter.param, system, code, value)),
      );
    case 'token-set': {
      const codes = filter.valueSets.flatMap((valueSet) => {
        const expansion = at.expand?.(valueSet);
        if (!expansion)
          throw new NotSearchable(`${filter.param}:${filter.negate ? 'not-in' : 'in'}=${valueSet.slice(0, 100)}`);
        return expansion;
      });
      const some = words(
        codes.flatMap(({ system, code, below }) => [
          tokenOf(type, filter.param, system, code),
          ...(below ? [tokenOf(type, `${filter.param}:below`, system, code)] : []),
        ]),
      );
      return filter.negate ? `not (${some})` : some;
    }
    case 'reference':
      if (filter.direction) throw new NotSearchable(`${filter.param}:${filter.direction}`);
      return words(filter.values.flatMap((term) => referenceWords(type, filter.param, term, at.base)));
    case 'reference-identifier':
      return words(
        filter.values.map(({ system, code }) =>
          code === undefined
            ? systemToken(type, `${filter.param}:identifier`, system ?? '')
            : identifierToken(type, filter.param, system === undefined ? null : (system ?? ''), code),
        ),
      );
    case 'uri':
      return uriFilter(filter.param, filter.match, filter.values, at, words);
    case 'string':
      if (filter.match === 'exact')
        return words(filter.values.map(({ value }) => exactToken(type, filter.param, value)));
      return stringExists(filter.param, stringTest(filter.param, filter.match, filter.values, at), at);
    case 'date':
      return filter.param === '_lastUpdated'
        ? or(filter.values.map((term) => instantTest(`${alias}.received`, term, at.now, bind)))
        : rangeFilter(
            type,
            filter.param,
            filter.values.map((term) => dateTest(term, at.now)),
            at,
          );
    case 'number':
      return rangeFilter(type, filter.param, filter.values.map(numberTest), at);
    case 'quantity':
      return rangeFilter(
        type,
        filter.param,
        filter.values.flatMap((term) => quantityTests(filter.param, term)),
        at,
      );
    case 'composite':
      return compositeFilter(filter, at, compileFilter);
    case 'missing':
      return `${alias}.present & ${bind(String(presenceBit(type, filter.param)))}::int8 ${filter.missing ? '=' : '<>'} 0`;
    case 'near':
      return nearFilter(type, filter.param, filter.values, at);
    case 'leads': {
      const lead = words(filter.keys.map((key) => referenceToken(type, filter.param, key)));
      return filter.subjects && filter.keys.length > 0
        ? `(${alias}.subject = any(${int8([...filter.subjects], bind)}) and ${lead})`
        : lead;
    }
    case 'is':
      return `${alias}.key = any(${int8([...filter.keys], bind)})`;
    case 'list':
      return listFilter(filter.id, at);
    case 'chain':
      return chainFilter(filter, at);
    case 'has':
      return hasFilter(filter, at);
    case 'and':
      return and(filter.filters.map((inner) => compileFilter(inner, at)));
    case 'or':
      return or(filter.filters.map((inner) => compileFilter(inner, at)));
    case 'not':
      return `not (${compileFilter(filter.filter, at)})`;
    case 'token-subsumes':
      return words(subsumed(filter, at));
    case 'full-text':
      if (filter.scope !== 'narrative') throw new NotSearchable('_content');
      return or(filter.values.map(({ value }) => narrativeFilter(value, at)));
  }
}

/** Every word of the narrative that is asked for; a value without any (punctuation) matches nothing. */
function narrativeFilter(value: string, { alias, type, bind }: At): string {
  const wanted = wordsOf(value, true).map((word) => narrativeToken(type, word));
  return wanted.length === 0 ? 'false' : `${alias}.tokens @> ${int8(wanted, bind)}`;
}

/** A code and what lies above or below it. ICD-10's ancestors stand beside each code in the index; other systems are asked. */
function subsumed({ param, direction, values }: Extract<Filter, { kind: 'token-subsumes' }>, at: At): bigint[] {
  return values.flatMap(({ system, code }) => {
    if (!system || code === undefined) throw new NotSearchable(`${param}:${direction} without system|code`);
    const word = (one: string): bigint => tokenOf(at.type, param, system, one);
    if (isIcd10(system))
      return direction === 'above'
        ? [code, ...icd10Ancestors(code)].map(word)
        : [word(code), tokenOf(at.type, `${param}:below`, system, code)];
    const related = at.related?.(system, code, direction);
    if (!related) throw new NotSearchable(`${param}:${direction}=${system.slice(0, 100)}|`);
    return related.map(word);
  });
}

function idFilter(values: readonly TokenTerm[], negate: boolean, { alias, type, bind }: At): string {
  const keys = values.flatMap(({ system, code }) => (code === undefined || system ? [] : [resourceKey(type, code)]));
  const some = `${alias}.key = any(${int8(keys, bind)})`;
  return negate ? `not (${some})` : some;
}

const stringExists = (param: string, test: string, at: At): string =>
  stringExistsAt(paramNumber(at.type, param), test, at);

/** Above: what is stored is one of the value's own beginnings, by path. Below: it begins with the value. */
function uriFilter(
  param: string,
  match: 'is' | 'above' | 'below',
  values: readonly string[],
  at: At,
  words: (list: bigint[]) => string,
): string {
  const { type, bind } = at;
  if (match === 'is') return words(values.map((value) => tokenOf(type, param, null, value)));
  if (match === 'above') return words(values.flatMap(beginnings).map((value) => tokenOf(type, param, null, value)));
  if (!hasUriIndex(type, param))
    return words(
      values.flatMap((value) => [
        tokenOf(type, param, null, value),
        tokenOf(type, `${param}:below`, null, value.replace(/\/$/, '')),
      ]),
    );
  return stringExists(
    param,
    or(
      values.map((value) => {
        const text = searched(param, value);
        return `(s.value = ${bind(text)} or s.value like ${bind(`${likeEscape(text.replace(/\/$/, ''))}/%`)})`;
      }),
    ),
    at,
  );
}

function listFilter(id: string, { alias, scope, bind, depth }: At): string {
  const inner = `l${depth}`;
  const constant = referenceToken('List', 'item', 0n);
  return `exists (select 1 from store.resource ${inner} where ${inner}.key = ${bind(String(resourceKey('List', id)))}::int8 and ${inner}.type = ${bind(typeNumber('List'))}
    and ${scopeSql(scope, inner, bind)} and ${inner}.tokens @> array[${alias}.key # ${bind(String(constant))}::int8])`;
}

/**
 * The row refers, by `param`, to a visible row that satisfies the inner filter: each of its words, XOR the parameter's constant, would be that row's
 * key. Asked row by row: a chain that few satisfy has been answered ahead.
 */
function chainFilter({ param, branches }: Extract<Filter, { kind: 'chain' }>, at: At): string {
  const inner = `c${at.depth + 1}`;
  return or(
    branches.map(({ type, filter }) => {
      const constant = referenceToken(at.type, param, 0n);
      return `exists (select 1 from store.resource ${inner} where ${inner}.type = ${at.bind(typeNumber(type))}
      and ${inner}.key = any(array(select word # ${at.bind(String(constant))}::int8 from unnest(${at.alias}.tokens) as word)) and ${scopeSql(at.scope, inner, at.bind)}
      and ${compileFilter(filter, { ...at, alias: inner, type, depth: at.depth + 1, inOrder: false })} ${perRow})`;
    }),
  );
}

function hasFilter({ type, param, filter }: Extract<Filter, { kind: 'has' }>, at: At): string {
  const inner = `c${at.depth + 1}`;
  const constant = referenceToken(type, param, 0n);
  const about = at.type === 'Patient' && isAbout(type, param) ? `and ${inner}.subject = ${at.alias}.subject ` : '';
  return `exists (select 1 from store.resource ${inner} where ${inner}.type = ${at.bind(typeNumber(type))} ${about}
    and ${inner}.tokens @> array[${at.alias}.key # ${at.bind(String(constant))}::int8] and ${scopeSql(at.scope, inner, at.bind)}
    and ${compileFilter(filter, { ...at, alias: inner, type, depth: at.depth + 1, inOrder: false })} ${perRow})`;
}

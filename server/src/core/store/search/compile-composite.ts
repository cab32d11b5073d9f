import type { CompositeFilter, Filter, NumberFilter, ReferenceFilter, SimpleFilter, TokenFilter } from '@hutong/fhir';
import { searchParameters } from '@hutong/fhir';
import { type Bucket, bucketsWithin, bucketToken } from '../buckets.ts';
import { compositeForm } from '../search-layout.ts';
import { pairedNumber, pairToken, tokenOf } from '../tokens.ts';
import { type At, and, int8, NotSearchable, or } from './at.ts';
import { dateTest, numberTest, quantityTests, rangeExists } from './compile-range.ts';
import { referenceWords, stringExistsAt, stringTest } from './words.ts';

/** Any of the tuples asked for. A composite of the resource itself is its components, apart; others are looked up in pairs. */
export function compositeFilter(
  { param, values }: CompositeFilter,
  at: At,
  compile: (filter: Filter, at: At) => string,
): string {
  const form = compositeForm(at.type, param);
  if (form === null) throw new NotSearchable(param);
  // A union of composites ("combo-…") gives its parts names of its own; what is asked is this parameter's.
  const components = searchParameters(at.type).get(param)?.components ?? [];
  if (form === 'root')
    return or(
      values.map((tuple) =>
        and([
          ...tuple.map((filter, index) => compile({ ...filter, param: components[index]?.code ?? filter.param }, at)),
          ...magnitude(param, tuple, at),
        ]),
      ),
    );
  if (form === 'spans') return or(values.map((tuple) => span(param, tuple, at)));
  return or(values.map(([first, second]) => pair(param, first as SimpleFilter, second as SimpleFilter, at)));
}

/** Any of the tuples by its magnitude words alone, for telling how many rows there are; null where a tuple has none. */
export function magnitudes({ param, values }: CompositeFilter, at: At): string | null {
  if (compositeForm(at.type, param) !== 'root') return null;
  const tuples = values.map((tuple) => magnitude(param, tuple, at));
  return tuples.some((words) => words.length === 0) ? null : or(tuples.flat());
}

/** The words of the code with every magnitude that the value may have; none where they would leave something out. */
function magnitude(param: string, [first, second]: readonly SimpleFilter[], at: At): string[] {
  if (!at.settled || first?.kind !== 'token' || second?.kind !== 'quantity') return [];
  if (first.values.some(({ code }) => code === undefined)) return [];
  const buckets: Bucket[] = [];
  for (const { bounds } of second.values.flatMap((term) => quantityTests(param, term))) {
    if (!bounds) return [];
    buckets.push(...bucketsWithin(bounds.lowFrom ?? bounds.highFrom, bounds.lowTo));
  }
  const words = firstWords(param, first, at).flatMap((word) => buckets.map((bucket) => bucketToken(word, bucket)));
  return [`(${at.alias}.tokens && ${int8([...new Set(words)], at.bind)})${at.inOrder ? ' is true' : ''}`];
}

/** A code and two numbers of one tuple: the row's low is the first number, its high the second. */
function span(param: string, [first, low, high]: readonly SimpleFilter[], at: At): string {
  if (low?.kind !== 'number' || high?.kind !== 'number') throw new NotSearchable(param);
  const on = (column: string, { values }: NumberFilter): string =>
    or(values.map((term) => numberTest(term).sql(column, column, at.bind)));
  return or(
    firstWords(param, first as SimpleFilter, at).map((word) =>
      rangeExists(
        pairedNumber(word),
        [{ sql: () => `${on('s.low', low)} and ${on('s.high', high)}`, bounds: null }],
        at,
      ),
    ),
  );
}

function pair(param: string, first: SimpleFilter, second: SimpleFilter, at: At): string {
  return or(
    firstWords(param, first, at).map((word) => {
      switch (second.kind) {
        case 'token':
          return `${at.alias}.tokens && ${int8(
            second.values.map(({ system, code }) => {
              if (code === undefined) throw new NotSearchable(`${param}=…$system|`);
              return pairToken(word, tokenOf('', '', system === undefined ? null : (system ?? ''), code));
            }),
            at.bind,
          )}`;
        case 'quantity':
          return rangeExists(
            pairedNumber(word),
            second.values.flatMap((term) => quantityTests(param, term)),
            at,
          );
        case 'date':
          return rangeExists(
            pairedNumber(word),
            second.values.map((term) => dateTest(term, at.now)),
            at,
          );
        case 'string':
          return stringExistsAt(pairedNumber(word), stringTest(param, second.match, second.values, at), at);
        default:
          throw new NotSearchable(param);
      }
    }),
  );
}

function firstWords(param: string, first: SimpleFilter, at: At): bigint[] {
  const stored = `${param}$1`;
  if (first.kind === 'token')
    return first.values.map((term: TokenFilter['values'][0]) => {
      if (term.code === undefined) throw new NotSearchable(`${param}=system|$…`);
      return tokenOf(at.type, stored, term.system === undefined ? null : (term.system ?? ''), term.code);
    });
  if (first.kind === 'reference')
    return first.values.flatMap((term: ReferenceFilter['values'][0]) => {
      if (!term.url && !term.type && (searchParameters(at.type).get(first.param)?.targets ?? []).length === 0)
        throw new NotSearchable(`${param} without a type`);
      return referenceWords(at.type, first.param, term, at.base, stored);
    });
  throw new NotSearchable(param);
}

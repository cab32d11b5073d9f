import type { Filter, ResourceType } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import { unionOf } from '../search-layout.ts';
import { paramNumber } from '../tokens.ts';
import { type Around, type Binder, or } from './at.ts';
import type { Prepared } from './compile-filter.ts';
import { dateTest, numberTest, quantityTests, type RangeTest } from './compile-range.ts';
import { likeEscape, searched, stringTest } from './words.ts';

/** So many rows are asked for by their keys; what more rows satisfy is tested row by row, for then a page is full soon. */
const mostKeys = 1000;
/** A quantity asked for in many units has too many places to be looked for at. */
const mostTests = 3;
/** Ranges wider than this have an index of their own (`range_wide`). */
export const wide = 60 * 86_400_000;
export const isWide = `s.high > s.low and (s.high - s.low > ${wide} or abs(s.low) < 1e9 or abs(s.high) < 1e9)`;

/**
 * A string, date, number or quantity that few rows satisfy becomes the keys of those rows; any other filter, and one that many satisfy, is answered
 * as it is. Statistics cannot tell which it is (all parameters share one column), a look into the index can.
 */
export async function drive(
  db: Queryable,
  type: ResourceType,
  filter: Filter,
  around: Around,
  upTo = mostKeys,
): Promise<Prepared> {
  const most = Math.min(upTo, around.chainKeys ?? upTo);
  const values: unknown[] = [];
  const bind: Binder = (value) => `$${values.push(value)}`;
  const looks = looksOf(type, filter, around, bind);
  if (!looks) return filter;
  // A look is ended by what it reads, not by what it finds: a unit, or the other end of a range, is not in the index. Counting stays within the index.
  const { rows } = await db.query<{ read: number; keys: string[] | null }>(
    looks
      .map(({ order, within, test }) => {
        const read = (what: string): string => `(select ${what} from ${within} order by ${order} limit ${most + 1}) s`;
        return `select n.read, case when n.read <= ${most} then (select array_agg(s.key::text) from ${read('s.*')} where ${test}) end as keys from (select count(*) as read from ${read(order)}) n`;
      })
      .join(' union all '),
    values,
  );
  if (rows.some(({ read }) => read > most)) return filter;
  const keys = new Set(rows.flatMap(({ keys: found }) => found ?? []));
  return keys.size > most ? filter : { kind: 'is', keys: [...keys].map(BigInt) };
}

/** Whether {@link drive} could tell the filter's rows, if they are few. */
export const isDriven = (type: ResourceType, filter: Prepared, around: Around): boolean =>
  looksOf(type, filter as Filter, around, () => '') !== null;

/** `within`: a part of an index, in the `order` of that index; `test`: what of it satisfies the filter. */
type Look = { within: string; order: string; test: string };

function looksOf(type: ResourceType, filter: Filter, { now }: Around, bind: Binder): Look[] | null {
  const numbers = (param: string, suffix = ''): string[] =>
    (unionOf(type, param) ?? [param]).map((one) => `s.param = ${bind(paramNumber(type, `${one}${suffix}`))}::int4`);
  const strings = (param: string[], test: string): Look[] =>
    param.map((one) => ({ within: `store.string s where ${one} and ${test}`, order: 's.value', test: 'true' }));
  switch (filter.kind) {
    case 'string':
      if (filter.match === 'exact' || filter.match === 'contains' || filter.match === 'ends') return null;
      return strings(numbers(filter.param), stringTest(filter.param, filter.match, filter.values, { bind }));
    case 'token-text':
      return strings(
        numbers(filter.param, ':text'),
        or(filter.values.map(({ folded }) => `s.value like ${bind(`${likeEscape(searched(filter.param, folded))}%`)}`)),
      );
    case 'date':
      return filter.param === '_lastUpdated'
        ? null
        : rangeLooks(
            filter.values.map((term) => dateTest(term, now)),
            wide,
            numbers(filter.param),
            bind,
          );
    case 'number':
      return rangeLooks(filter.values.map(numberTest), 0, numbers(filter.param), bind);
    case 'quantity':
      return rangeLooks(
        filter.values.flatMap((term) => quantityTests(filter.param, term)),
        0,
        numbers(filter.param),
        bind,
      );
    default:
      return null;
  }
}

/**
 * Every range that satisfies a test, found by an index: by where it begins, or, if it is as wide as few are, by where it ends.
 * @param reach how far before an instant a range that is not wide may begin and still end after it
 */
function rangeLooks(tests: RangeTest[], reach: number, params: string[], bind: Binder): Look[] | null {
  const looks: Look[] = [];
  if (tests.length > mostTests) return null;
  for (const { sql, bounds, unit } of tests) {
    if (!bounds) return null;
    const { lowFrom, lowTo, highFrom } = bounds;
    const look = (...where: string[]): void => {
      const own = unit === undefined ? '' : ` and s.unit = ${bind(String(unit))}::int8`;
      for (const param of params)
        looks.push({
          within: `store.range s where ${[param, ...where].join(' and ')}`,
          order: where[0] === isWide ? 's.high' : 's.low',
          test: `(${sql('s.low', 's.high', bind)})${own}`,
        });
    };
    const upTo = lowTo === undefined ? [] : [`s.low <= ${bind(lowTo)}::float8`];
    if (highFrom === undefined) {
      look(...(lowFrom === undefined ? [] : [`s.low >= ${bind(lowFrom)}::float8`]), ...upTo);
      continue;
    }
    look(`s.low >= ${bind(highFrom - reach)}::float8`, ...upTo);
    look(isWide, `s.high >= ${bind(highFrom)}::float8`, ...upTo);
    // Numbers beyond a thousand million that are no points, and not wide by the measure of dates.
    if (reach === 0)
      for (const far of ['s.low >= 1e9', 's.low <= -1e9'])
        look(far, `s.low >= ${bind(highFrom - wide)}::float8`, ...upTo);
  }
  return looks;
}

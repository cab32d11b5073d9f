import type { DateTerm, NumberTerm, QuantityTerm, ResourceType } from '@hutong/fhir';
import { finite } from '../index-values.ts';
import { paramNumber, unitToken } from '../tokens.ts';
import { type At, type Binder, NotSearchable, or } from './at.ts';
import { commensurable } from './units.ts';

/** A condition on a stored range [low, high) or [low, high]; `unit` limits quantities to this word, `bounds` tell where an index may look. */
export type RangeTest = { sql(low: string, high: string, bind: Binder): string; bounds: Bounds; unit?: bigint };
/** What holds of every range that satisfies the test; null: too little to look anything up by. */
export type Bounds = { lowFrom?: number; lowTo?: number; highFrom?: number } | null;

function boundsOf(prefix: string, from: number, to: number): Bounds {
  switch (prefix) {
    case 'eq':
      return { lowFrom: from, lowTo: to };
    case 'ne':
      return null;
    case 'gt':
      return { highFrom: to };
    case 'ge':
      return { highFrom: from };
    case 'lt':
      return { lowTo: from };
    case 'le':
      return { lowTo: to };
    case 'sa':
      return { lowFrom: to };
    case 'eb':
      return { lowTo: from };
    default:
      return { lowTo: to, highFrom: from };
  }
}

/** FHIR R4 §3.1.1.5 prefixes over ranges: eq contains, ne not, gt/lt the range above/below touches, sa/eb wholly after/before. */
function prefixed(prefix: string, start: number, end: number, dates: boolean): RangeTest {
  const from = finite(start);
  const to = finite(end);
  // Dates are stored as [start, end) and asked so; a stored number is a point, and "100" asks for [99.5, 100.5).
  const upTo = dates ? '<=' : '<';
  return {
    bounds: boundsOf(prefix, from, to),
    sql(low, high, bind) {
      switch (prefix) {
        case 'eq':
          return `(${low} >= ${bind(from)} and ${high} ${upTo} ${bind(to)})`;
        case 'ne':
          return `not (${low} >= ${bind(from)} and ${high} ${upTo} ${bind(to)})`;
        case 'gt':
          return `${high} > ${bind(to)}`;
        case 'ge':
          return dates
            ? `(${high} > ${bind(to)} or (${low} >= ${bind(from)} and ${high} <= ${bind(to)}))`
            : `${high} >= ${bind(to)}`;
        case 'lt':
          return `${low} < ${bind(from)}`;
        case 'le':
          return dates
            ? `(${low} < ${bind(from)} or (${low} >= ${bind(from)} and ${high} <= ${bind(to)}))`
            : `${low} <= ${bind(from)}`;
        case 'sa':
          return `${low} ${dates ? '>=' : '>'} ${bind(to)}`;
        case 'eb':
          return `${high} ${dates ? '<=' : '<'} ${bind(from)}`;
        default:
          return `(${low} < ${bind(to)} and ${high} > ${bind(from)})`;
      }
    },
  };
}

/** "Approximately" is within a tenth of the distance to now; the specification leaves the width to the server. */
export const slackOf = ({ start }: DateTerm, now: number): number => Math.abs(now - start) / 10;

export function dateTest(term: DateTerm, now: number): RangeTest {
  const slack = term.prefix === 'ap' ? slackOf(term, now) : 0;
  return prefixed(term.prefix, term.start - slack, term.end + slack, true);
}

export const numberTest = ({ prefix, value, low, high }: NumberTerm): RangeTest =>
  prefix === 'eq' || prefix === 'ne' || prefix === 'ap'
    ? prefixed(prefix, low, high, false)
    : prefixed(prefix, value, value, false);

const ucum = 'http://unitsofmeasure.org';

/** A UCUM quantity is asked for in every unit of its kind that the platform knows: 5.4 g/L finds 540 mg/dL. */
export function quantityTests(param: string, term: QuantityTerm): RangeTest[] {
  const { system, code } = term;
  if (code === undefined) {
    if (system !== undefined) throw new NotSearchable(`${param}=number|system|`);
    return [numberTest(term)];
  }
  const own = { ...numberTest(term), unit: unitToken(system ?? null, code) };
  if (system !== ucum) return [own];
  return [
    own,
    ...commensurable(code).map(({ unit, factor }) => {
      const scaled = { ...term, value: term.value * factor, low: term.low * factor, high: term.high * factor };
      return { ...numberTest(scaled), unit: unitToken(ucum, unit) };
    }),
  ];
}

/**
 * Keeps a look at a row's strings or ranges a look at that row: turned into a join, it is planned by how often the numbers occur over all parameters
 * together, and reads a whole parameter to find twenty rows. What few rows satisfy is looked up ahead (`drive.ts`).
 */
export const perRow = 'offset 0';

/** That any of the tests holds of the range under the alias `s`. */
export const rangeTest = (tests: readonly RangeTest[], bind: Binder): string =>
  or(
    tests.map(
      ({ sql, unit }) =>
        `(${sql('s.low', 's.high', bind)}${unit === undefined ? '' : ` and s.unit = ${bind(String(unit))}::int8`})`,
    ),
  );

/** @param number the stored parameter's number: a parameter of its own, or what stands beside a word of a composite */
export function rangeExists(number: number, tests: RangeTest[], { alias, bind }: At): string {
  return `exists (select 1 from store.range s where s.shard = ${alias}.shard and s.key = ${alias}.key and s.param = ${bind(number)} and ${rangeTest(tests, bind)} ${perRow})`;
}

export const rangeFilter = (type: ResourceType, param: string, tests: RangeTest[], at: At): string =>
  rangeExists(paramNumber(type, param), tests, at);

/** `_lastUpdated` lies in the row itself: an instant, to the millisecond. */
export function instantTest(column: string, term: DateTerm, now: number, bind: Binder): string {
  const slack = term.prefix === 'ap' ? slackOf(term, now) : 0;
  const at = (time: number): string =>
    `${bind(new Date(Math.max(-6.2e13, Math.min(2.5e14, time))).toISOString())}::timestamptz`;
  const start = (): string => at(term.start - slack);
  const end = (): string => at(term.end + slack);
  switch (term.prefix) {
    case 'eq':
    case 'ap':
      return `(${column} >= ${start()} and ${column} < ${end()})`;
    case 'ne':
      return `not (${column} >= ${start()} and ${column} < ${end()})`;
    case 'gt':
    case 'sa':
      return `${column} >= ${end()}`;
    case 'ge':
      return `${column} >= ${start()}`;
    case 'lt':
    case 'eb':
      return `${column} < ${start()}`;
    default:
      return `${column} < ${end()}`;
  }
}

/** Great-circle distance in metres between a stored place (low: latitude, high: longitude) and one asked for; a mean earth radius of 6,371,009 m. */
export function nearFilter(
  type: ResourceType,
  param: string,
  values: readonly { latitude: number; longitude: number; metres: number | undefined }[],
  { alias, bind }: At,
): string {
  const tests = values.map(({ latitude, longitude, metres }) => {
    const [lat, lon] = [`${bind(latitude)}::float8`, `${bind(longitude)}::float8`];
    const haversine = `2 * 6371009 * asin(least(1, sqrt(sind((s.low - ${lat}) / 2) ^ 2 + cosd(s.low) * cosd(${lat}) * sind((s.high - ${lon}) / 2) ^ 2)))`;
    return `${haversine} <= ${bind(metres ?? defaultMetres)}::float8`;
  });
  return `exists (select 1 from store.range s where s.shard = ${alias}.shard and s.key = ${alias}.key and s.param = ${bind(paramNumber(type, param))} and ${or(tests)})`;
}

/** "Near" without a distance: what a district's resident would call so. */
export const defaultMetres = 5000;

import type { Filter } from '@hutong/fhir';
import type { Queryable } from '../../../kit/pool.ts';
import type { Binder } from './at.ts';
import { dateTest, numberTest, type RangeTest, rangeTest } from './compile-range.ts';
import { isWide, wide } from './drive.ts';

/** A filter on the parameter that a page is sorted by: any of its tests holds of the one value that a row has. */
export type Own = { tests: RangeTest[]; dates: boolean };

export function ownTests(filter: Filter, param: string, now: number): Own[] {
  if ((filter.kind !== 'date' && filter.kind !== 'number') || filter.param !== param) return [];
  return filter.kind === 'date'
    ? [{ tests: filter.values.map((term) => dateTest(term, now)), dates: true }]
    : [{ tests: filter.values.map(numberTest), dates: false }];
}

type Edges = { lowFrom: number; lowTo: number; highFrom: number };

/** What holds of a range that satisfies every filter: the loosest of each filter's values, the tightest of all filters. */
function edgesOf(own: readonly Own[]): Edges {
  const all = own.map(({ tests }) => ({
    lowFrom: Math.min(...tests.map(({ bounds }) => bounds?.lowFrom ?? -Infinity)),
    lowTo: Math.max(...tests.map(({ bounds }) => bounds?.lowTo ?? Infinity)),
    highFrom: Math.min(...tests.map(({ bounds }) => bounds?.highFrom ?? -Infinity)),
  }));
  return {
    lowFrom: Math.max(-Infinity, ...all.map(({ lowFrom }) => lowFrom)),
    lowTo: Math.min(Infinity, ...all.map(({ lowTo }) => lowTo)),
    highFrom: Math.max(-Infinity, ...all.map(({ highFrom }) => highFrom)),
  };
}

/** What ends after an instant begins at most this long before it, or is one of the few that last longer; null: no filter asks for an end. */
function earliest(own: readonly Own[]): number | null {
  const { lowFrom, highFrom } = edgesOf(own);
  return highFrom === -Infinity || lowFrom >= highFrom - wide || own.some(({ dates }) => !dates)
    ? null
    : highFrom - wide;
}

/** How many last so long that they began before all others which may match, counted up to one more than `window`. */
export async function longBefore(db: Queryable, number: number, own: readonly Own[], window: number): Promise<number> {
  const early = earliest(own);
  if (early === null) return 0;
  const { rows } = await db.query<{ n: number }>(
    `select count(*)::int4 as n from (select 1 from store.range s where s.param = $1 and ${isWide} and s.high >= $2 and s.low < $3 limit ${window + 1}) s`,
    [number, edgesOf(own).highFrom, early],
  );
  return rows[0]?.n ?? 0;
}

/**
 * Where in the index of a parameter the values lie that satisfy the filters, so that a walk begins where its matches do: one stretch, or two when a few
 * ranges last long, each as conditions over the alias `s`. Where many do, all that lies before is looked through for them.
 * @param long what {@link longBefore} counted
 */
export function stretches(own: readonly Own[], long: number, window: number, bind: Binder): string[][] {
  const { lowFrom, lowTo, highFrom } = edgesOf(own);
  const early = earliest(own);
  const float = (value: number): string => `${bind(value)}::float8`;
  const held = (): string[] => [
    ...(lowFrom > -Infinity ? [`s.low >= ${float(lowFrom)}`] : []),
    ...(lowTo < Infinity ? [`s.low <= ${float(lowTo)}`] : []),
    ...(highFrom > -Infinity ? [`s.high >= ${float(highFrom)}`] : []),
    ...own.map(({ tests }) => rangeTest(tests, bind)),
  ];
  if (early === null || long > window) return [held()];
  const near = [...held(), `s.low >= ${float(early)}`];
  return long === 0 ? [near] : [near, [...held(), isWide, `s.low < ${float(early)}`]];
}

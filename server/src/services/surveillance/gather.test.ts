import { expect, test } from 'vitest';
import { seriesOf } from './gather.ts';
import { wholeRegion } from './places.ts';
import { readLists } from './read-lists.ts';
import type { CountWindow, HeardWindow } from './tables/windows.ts';

const lists = readLists();
const counted = (channel: string, topic: string, area: string, rows: Partial<CountWindow>[]): CountWindow[] =>
  rows.map((row) => ({ channel, topic, area, window: 0, n: 0, days: 1, unheard: 0, first: 27, ...row }));
const heard = (channel: string, area: string, days: number[], first = 27): HeardWindow[] =>
  days.map((n, window) => ({ channel, area, window, days: n, first })).filter((row) => row.days > 0);
const countsOf = (all: ReturnType<typeof seriesOf>, area: string): number[] => [
  ...(all.find((series) => series.area === area)?.counts ?? []),
];

test('a week without a case is a zero where the channel was heard and a gap where it was not', () => {
  const all = seriesOf(
    lists,
    [
      ...counted('cases', 'measles', '500112', [
        { window: 0, n: 1 },
        { window: 3, n: 2 },
      ]),
      ...counted('cases', 'measles', '500106', [{ window: 1, n: 3 }]),
      ...counted('cases', 'measles', wholeRegion, [
        { window: 0, n: 1 },
        { window: 1, n: 3 },
        { window: 3, n: 2 },
      ]),
    ],
    [
      ...heard('cases', '500112', [7, 4, 7, 5]),
      ...heard('cases', '500106', [7, 7, 7, 7]),
      ...heard('cases', wholeRegion, [7, 7, 7, 7]),
    ],
  );
  // Four heard days are too few for a week.
  expect(countsOf(all, '500112')).toEqual([2, 0, Number.NaN, 1]);
  expect(countsOf(all, wholeRegion)).toEqual([2, 0, 3, 1]);
  expect([...(all.find(({ area }) => area === '500112')?.rest ?? [])]).toEqual([0, 0, Number.NaN, 0]);
});

test('a case of a resident who was treated elsewhere makes its day known; an area without any institution is no series', () => {
  const rows = [{ window: 0, n: 4, days: 2, unheard: 2 }];
  const all = seriesOf(
    lists,
    [...counted('cases', 'measles', '500112', rows), ...counted('cases', 'measles', '500108', rows)],
    heard('cases', '500112', [3, 7, 7, 7]),
  );
  expect(all.map(({ area }) => area)).toEqual(['500112']);
  expect(countsOf(all, '500112')).toEqual([0, 0, 0, 4]);
});

test('an outside department has spoken on the days that it counts, a weekly one with one day; a level is a mean and has no sum over places', () => {
  const all = seriesOf(
    lists,
    [
      ...counted('school-absence', 'absence-fever', '500112', [
        { window: 0, n: 9, days: 7 },
        { window: 1, n: 0, days: 5 },
        { window: 2, n: 3, days: 2 },
      ]),
      ...counted('wastewater', 'influenza-load', '500112', [
        { window: 0, n: 25, days: 2 },
        { window: 2, n: 8, days: 1 },
      ]),
      ...counted('wastewater', 'influenza-load', wholeRegion, [{ window: 0, n: 25, days: 2 }]),
    ],
    [],
  );
  const of = (channel: string): number[] => [...(all.find(({ topic }) => topic.channel === channel)?.counts ?? [])];
  expect(of('school-absence')).toEqual([Number.NaN, Number.NaN, 0, 9]);
  expect(of('wastewater')).toEqual([Number.NaN, 8, Number.NaN, 12.5]);
  expect(all).toHaveLength(2);
});

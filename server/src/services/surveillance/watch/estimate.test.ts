import { seeded } from '@hutong/epi';
import { expect, test } from 'vitest';
import { estimateDays, estimateOf } from './estimate.ts';
import type { DayCase } from './nowcast.ts';

const today = 20_000;
const interval = { mean: 2.6, sd: 1.5, source: 'test' };
const everyDay = new Set(Array.from({ length: estimateDays }, (_, back) => today - back));
/** Cases whose daily number grows by `growth` a day, each known some days after its onset. */
function epidemic(growth: number, begin = 4): { reported: DayCase[]; truth: Map<number, number> } {
  const random = seeded(11);
  const reported: DayCase[] = [];
  const truth = new Map<number, number>();
  for (let day = today - estimateDays + 1; day <= today; day++) {
    const n = random.poisson(begin * growth ** (day - today + estimateDays));
    truth.set(day, n);
    for (let k = 0; k < n; k++) {
      const report = day + random.poisson(2);
      if (report <= today) reported.push({ event: day, report, n: 1 });
    }
  }
  return { reported, truth };
}

test('a growing curve has R above one, a shrinking one below, and the truth lies within the nowcast', () => {
  const growing = epidemic(1.03);
  const up = estimateOf(growing.reported, everyDay, interval, today);
  const down = estimateOf(epidemic(0.97, 60).reported, everyDay, interval, today);
  expect(up.rt?.median).toBeGreaterThan(1);
  expect(down.rt?.median).toBeLessThan(1);
  const days = up.nowcast ?? [];
  const inside = days.slice(-14).filter(({ low, high }, index) => {
    const n = growing.truth.get(today - 13 + index) ?? 0;
    return low <= n && n <= high;
  });
  expect(inside.length).toBeGreaterThanOrEqual(12);
  expect(days.at(-1)?.median).toBeGreaterThan(days.at(-1)?.known ?? 0);
  expect(
    up.forecast?.every(
      ({ low, low50, median, high50, high }) => low <= low50 && low50 <= median && median <= high50 && high50 <= high,
    ),
  ).toBe(true);
});

test('an onset after the report is left out and counted', () => {
  const { reported } = epidemic(1);
  const found = estimateOf([...reported, { event: today - 5, report: today - 9, n: 3 }], everyDay, interval, today);
  expect(found.excluded).toBe(3);
});

test('what cannot be computed says why: too few cases, a silent fortnight, no serial interval, an old window', () => {
  const { reported } = epidemic(1);
  const why = (
    cases: DayCase[],
    heard = everyDay,
    serial: typeof interval | null = interval,
  ): (string | undefined)[] => {
    const found = estimateOf(cases, heard, serial, today);
    return [found.nowcastRefused?.reason, found.rtRefused?.reason, found.forecastRefused?.reason];
  };
  expect(why(reported.slice(-10))).toEqual(['too-few-cases', 'too-few-cases', 'too-few-cases']);
  const silent = new Set([...everyDay].filter((day) => day <= today - 5));
  expect(why(reported, silent)).toEqual(['silent', 'silent', 'silent']);
  expect(why(reported, everyDay, null)).toEqual([undefined, 'no-serial-interval', 'no-serial-interval']);
  const ended = reported.filter(({ event }) => event < today - 20);
  expect(why(ended)).toEqual([undefined, 'window-too-small', 'window-too-small']);
});

import { seeded } from '@hutong/epi';
import { expect, test } from 'vitest';
import { backTest, type TestSeries } from './back-test.ts';
import { runRule, settingsProblem } from './rule-methods.ts';

const today = 20_000;
const breathe = (): Promise<void> => Promise.resolve();
const flat = (area: string, mean: number, length = 260): TestSeries => {
  const random = seeded(3, area.length);
  return { area, counts: Float64Array.from({ length }, () => random.poisson(mean)) };
};
const ears = { method: 'ears-c1', alpha: 0.01, fewest: 3 } as const;

test('an outbreak of the past is in the inbox as one signal, and is met when people had confirmed it', async () => {
  const series = flat('500106', 2);
  const last = series.counts.length - 1;
  series.counts[last - 20] = 40;
  const outbreak = { area: '500106', from: today - 20 * 7 - 6, to: today - 20 * 7, outcome: 'outbreak' as const };
  const result = await backTest([series], ears, [outbreak], today, 104, breathe);
  expect(result.inbox).toContainEqual(expect.objectContaining({ observed: 40, to: today - 20 * 7 }));
  expect(result.confirmed).toEqual({ found: 1, known: 1 });
  expect(result.signals).toBe(result.inbox.length);
  const sizes = result.injected.map(({ found }) => found);
  expect(sizes[2]).toBeGreaterThan(sizes[0] as number);
  expect(await backTest([series], ears, [outbreak], today, 104, breathe)).toEqual(result);
});

test('gaps are neither alarms nor weeks, zeros raise nothing, and negative counts are refused in words', async () => {
  const gaps = flat('500106', 2);
  gaps.counts.fill(Number.NaN, 200, 210);
  const zeros = { area: '500107', counts: new Float64Array(260) };
  const [withGaps, ofZeros] = [
    await backTest([gaps], ears, [], today, 104, breathe),
    await backTest([zeros], ears, [], today, 104, breathe),
  ];
  expect(withGaps.weeks).toBe(94);
  expect([ofZeros.signals, ofZeros.weeks, ofZeros.refusedSeries]).toEqual([0, 104, 0]);
  const negative = flat('500108', 2);
  negative.counts[100] = -1;
  const refused = await backTest([negative], ears, [], today, 104, breathe);
  expect([refused.series, refused.refusedSeries, refused.refused?.reason]).toEqual([0, 1, 'not-computable']);
  const nothing = await backTest(
    [{ area: '500108', counts: new Float64Array(9).fill(Number.NaN) }],
    ears,
    [],
    today,
    104,
    breathe,
  );
  expect([nothing.series, nothing.refusedSeries]).toEqual([0, 1]);
});

test('a method is tried on the part of the period that its history allows', async () => {
  const result = await backTest(
    [flat('500106', 5, 200)],
    { method: 'moving-percentile', percentile: 0.8, years: 3, fewest: 1 },
    [],
    today,
    104,
    breathe,
  );
  expect(result.series).toBe(1);
  expect(result.weeks).toBeLessThan(104);
});

test('an alarm needs the smallest count, and settings outside their limits are named', () => {
  const counts = Float64Array.from([0, 0, 0, 0, 0, 0, 0, 0, 2]);
  const found = (fewest: number) => runRule(counts, { method: 'fixed-threshold', cases: 1, fewest });
  expect([found(1), found(3)].map((one) => ('alarm' in one ? one.alarm.at(-1) : null))).toEqual([1, 0]);
  expect(settingsProblem({ method: 'rki', fewest: 3 })).toBeNull();
  expect(settingsProblem({ method: 'rki', alpha: 0.1, fewest: 3 })?.en).toContain('alpha');
  expect(settingsProblem({ method: 'bayes', alpha: 0.5, fewest: 3 })).not.toBeNull();
  expect(settingsProblem({ method: 'bayes', fewest: 0 })).not.toBeNull();
});

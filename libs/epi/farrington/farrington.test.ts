import { describe, expect, it } from 'vitest';
import { groupBy, num, readFixture, readSeries, relativeError } from '../fixture-table.ts';
import { dayNumber } from '../iso-week.ts';
import { seeded } from '../random.ts';
import {
  FARRINGTON_IMPROVED,
  type FarringtonDetection,
  type FarringtonFlexibleSettings,
  farringtonFlexible,
} from './flexible.ts';
import { farrington, type OriginalFarringtonDetection } from './original.ts';

const series = readSeries();

const CONFIGURATIONS: Record<string, FarringtonFlexibleSettings> = {
  default: { alpha: 0.05 },
  farrington_like: { weightsThreshold: 1 },
  improved_nbPlugin: { periods: 10, thresholdMethod: 'nbPlugin' },
  improved_nbPlugin_offset: { periods: 10, thresholdMethod: 'nbPlugin' },
  improved_muan: { periods: 10, thresholdMethod: 'muan' },
  improved_delta: { periods: 10 },
  plain_notrend_noreweight: { trend: false, reweight: false, limit54: { cases: 0, units: 4 }, alpha: 0.05 },
  delta_none: { power: 'none' },
  delta_half: { power: '1/2' },
};

const COLUMNS = {
  bound: 'upperbound',
  expected: 'expected',
  score: 'score',
  p: 'pvalue',
  mu0: 'mu0',
  phi: 'phi',
  trendCoefficient: 'trendCoef',
} as const;

describe('Farrington Flexible', () => {
  for (const [configuration, rows] of groupBy(readFixture('farringtonFlexible.csv'), 'config')) {
    it(`${configuration}: every output agrees with R to 1e-6, alarms and trends identical, on ${rows.length} points`, () => {
      for (const [name, group] of groupBy(rows, 'series')) {
        const s = series.get(name)!;
        const head = group[0]!;
        const from = num(head.t) - 1;
        const d = farringtonFlexible(s.counts, s.frequency, {
          alpha: 0.01,
          years: num(head.b),
          halfWindow: num(head.w),
          pastNotIncluded: num(head.pastNotIncluded),
          range: { from, to: from + group.length },
          ...(configuration.endsWith('offset') ? { population: s.population } : {}),
          ...CONFIGURATIONS[configuration],
        }) as FarringtonDetection;
        group.forEach((row, i) => {
          for (const [mine, theirs] of Object.entries(COLUMNS) as [keyof typeof COLUMNS, string][]) {
            const error = relativeError(d[mine][i]!, num(row[theirs]));
            expect(error, `${name} ${row.t} ${mine} ${d[mine][i]} ${row[theirs]}`).toBeLessThan(1e-6);
          }
          expect(d.alarm[i]).toBe(num(row.alarm));
          expect(d.trend[i]).toBe(num(row.trend));
        });
      }
    });
  }

  it('a unit evaluated alone gives what it gives within a longer range', () => {
    const { counts } = series.get('salmAllOnset')!;
    const all = farringtonFlexible(counts, 52, {
      ...FARRINGTON_IMPROVED,
      range: { from: 700, to: 740 },
    }) as FarringtonDetection;
    const one = farringtonFlexible(counts, 52, {
      ...FARRINGTON_IMPROVED,
      range: { from: 723, to: 724 },
    }) as FarringtonDetection;
    expect(one.bound[0]).toBe(all.bound[23]);
    expect(one.p[0]).toBe(all.p[23]);
  });

  it('going back by date reaches the same season across a 53-week year; counting 52 back drifts', () => {
    // 2020 has 53 ISO weeks; a peak every year in the week of 1 July
    const first = dayNumber('2014-12-29');
    const days = Int32Array.from({ length: 500 }, (_, i) => first + 7 * i);
    const counts = Float64Array.from(days, (day) => {
      const inYear = new Date(day * 864e5).toISOString().slice(5, 10);
      return inYear >= '06-28' && inYear < '07-05' ? 60 : 10;
    });
    const t = days.findIndex((d) => d >= dayNumber('2023-06-28') && d < dayNumber('2023-07-05'));
    const settings = { halfWindow: 0, pastNotIncluded: 0, alpha: 0.01, range: { from: t, to: t + 1 }, trend: false };
    const byDate = farringtonFlexible(counts, 52, { ...settings, days }) as FarringtonDetection;
    const byIndex = farringtonFlexible(counts, 52, settings) as FarringtonDetection;
    expect(byDate.alarm[0]).toBe(0);
    expect(byDate.expected[0]).toBeGreaterThan(byIndex.expected[0]!);
  });

  it('answers bad input with values: short history, negative counts, impossible settings', () => {
    const y = new Float64Array(200).fill(3);
    expect(farringtonFlexible(y, 52)).toEqual({ kind: 'not-enough-history', needed: 263, available: 200 });
    expect(farringtonFlexible(Float64Array.from([1, -2]), 52)).toEqual({ kind: 'bad-count', index: 1, value: -2 });
    expect(farringtonFlexible(new Float64Array(400), 52, { periods: 100 })).toMatchObject({
      kind: 'invalid-setting',
      setting: 'periods',
    });
  });

  it('a gap now gives no alarm; a gap among the last four weeks does not blind it, unless R is followed', () => {
    const random = seeded(3);
    const y = Float64Array.from({ length: 330 }, () => random.poisson(8));
    y[327] = Number.NaN;
    y[328] = 60;
    y[329] = Number.NaN;
    const range = { from: 328, to: 330 };
    expect([...(farringtonFlexible(y, 52, { range }) as FarringtonDetection).alarm]).toEqual([1, 0]);
    expect([...(farringtonFlexible(y, 52, { range, rCompatible: true }) as FarringtonDetection).alarm]).toEqual([0, 0]);
  });

  it('says nothing of a series of zeros', () => {
    const d = farringtonFlexible(new Float64Array(330), 52, FARRINGTON_IMPROVED) as FarringtonDetection;
    expect(d.alarm.every((a) => a === 0)).toBe(true);
    expect(d.bound.every((b) => Number.isNaN(b))).toBe(true);
  });

  it('doubling population and counts doubles what is expected', () => {
    const random = seeded(5);
    const population = Float64Array.from({ length: 320 }, (_, i) => 1e5 + 100 * i);
    const y = Float64Array.from(population, (p) => random.poisson(p * 2e-4));
    const settings = { reweight: false, trend: false, range: { from: 319, to: 320 } };
    const a = farringtonFlexible(y, 52, { ...settings, population }) as FarringtonDetection;
    const b = farringtonFlexible(
      y.map((v) => 2 * v),
      52,
      { ...settings, population: population.map((p) => 7 * p) },
    ) as FarringtonDetection;
    expect(b.expected[0]! / a.expected[0]!).toBeCloseTo(2, 9);
  });
});

describe('Farrington, original', () => {
  for (const [key, rows] of groupBy(readFixture('farrington.csv'), 'alpha', 'reweight')) {
    it(`alpha|reweight ${key}: bounds agree with R to 1e-6, alarms and trends identical, on ${rows.length} points`, () => {
      for (const [name, group] of groupBy(rows, 'series')) {
        const s = series.get(name)!;
        const head = group[0]!;
        const d = farrington(s.counts, s.frequency, {
          years: num(head.b),
          halfWindow: num(head.w),
          alpha: num(head.alpha),
          reweight: head.reweight === '1',
        }) as OriginalFarringtonDetection;
        for (const row of group) {
          const i = num(row.t) - 1 - d.from;
          expect(relativeError(d.bound[i]!, num(row.upperbound)), `${name} ${row.t}`).toBeLessThan(1e-6);
          expect(d.alarm[i]).toBe(num(row.alarm));
          expect(d.trend[i]).toBe(num(row.trend));
        }
      }
    });
  }

  it('alarms on five cases after years of zeros', () => {
    const y = new Float64Array(300);
    y[299] = 5;
    const d = farrington(y, 52) as OriginalFarringtonDetection;
    expect(d.alarm.at(-1)).toBe(1);
    expect(d.alarm.slice(0, -1).every((a) => a === 0)).toBe(true);
  });

  it('takes partial windows only where asked to', () => {
    const y = new Float64Array(160).fill(5);
    expect(farrington(y, 52, { years: 3, range: { from: 157, to: 158 } })).toMatchObject({
      kind: 'not-enough-history',
      needed: 159,
    });
    expect(farrington(y, 52, { years: 3, range: { from: 157, to: 158 }, allowPartialHistory: true })).toMatchObject({
      kind: 'detection',
    });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedThreshold, type MovingPercentileDetection, movingPercentile, quantileType7 } from './cidars.ts';
import { seeded } from './random.ts';
import type { Detection } from './series.ts';

describe('CIDARS moving percentile', () => {
  it('compares seven days with the 25 blocks of five years', () => {
    // day d holds the number of its year, so that every block of year k sums to 7k
    const length = 365 * 6;
    const y = Float64Array.from({ length }, (_, d) => Math.floor((d + 20) / 365));
    const t = 365 * 5 + 180;
    const d = movingPercentile(y, { range: { from: t, to: t + 1 }, percentile: 0.5 }) as MovingPercentileDetection;
    expect(d.current[0]).toBe(35);
    // five blocks each of 0, 7, 14, 21, 28: the median is 14
    expect(d.bound[0]).toBe(14);
    expect(d.alarm[0]).toBe(1);
  });

  it('a higher percentile never alarms more', () => {
    const random = seeded(2);
    const y = Float64Array.from({ length: 52 * 7 }, () => random.poisson(6));
    const alarms = (percentile: number) =>
      (movingPercentile(y, { block: 1, frequency: 52, percentile }) as Detection).alarm.reduce((a, b) => a + b, 0);
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.double({ min: 0, max: 0.09, noNaN: true }),
        (p, more) => {
          expect(alarms(p + more)).toBeLessThanOrEqual(alarms(p));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('a gap makes its block unknown: no alarm now, one block less in the history', () => {
    const y = new Float64Array(52 * 6).fill(2);
    const t = y.length - 1;
    y[t] = Number.NaN;
    const settings = { block: 1, frequency: 52, range: { from: t, to: t + 1 } };
    expect((movingPercentile(y, settings) as Detection).alarm[0]).toBe(0);
    y[t] = 9;
    y[t - 52] = Number.NaN;
    expect((movingPercentile(y, settings) as Detection).alarm[0]).toBe(1);
  });

  it('interpolates percentiles as type 7', () => {
    expect(quantileType7([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantileType7([10, 20], 0.8)).toBeCloseTo(18, 12);
  });
});

describe('fixed threshold', () => {
  it('alarms on a single case, and not on gaps or zeros', () => {
    const d = fixedThreshold(Float64Array.from([0, 1, Number.NaN, 0])) as Detection;
    expect([...d.alarm]).toEqual([0, 1, 0, 0]);
  });

  it('sums a window and alarms only on days that add a case', () => {
    const d = fixedThreshold(Float64Array.from([1, 0, 1, 1, 0]), { cases: 3, window: 7 }) as Detection;
    expect([...d.alarm]).toEqual([0, 0, 0, 1, 0]);
    expect(d.bound[3]).toBe(0);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EarsSettings, ears } from './ears.ts';
import { groupBy, num, readFixture, readSeries, relativeError } from './fixture-table.ts';
import type { Detection } from './series.ts';

const CONFIGURATIONS: Record<string, EarsSettings> = {
  C1_default: { method: 'C1' },
  C2_default: { method: 'C2' },
  C3_default: { method: 'C3' },
  C1_b28_a01_s05: { method: 'C1', baseline: 28, alpha: 0.01, minSigma: 0.5 },
  C2_b14_a05_s1: { method: 'C2', baseline: 14, alpha: 0.05, minSigma: 1 },
  C3_b7_s05: { method: 'C3', baseline: 7, minSigma: 0.5 },
};

describe('EARS', () => {
  const series = readSeries();
  for (const [configuration, rows] of groupBy(readFixture('ears.csv'), 'config')) {
    it(`${configuration} agrees with R to 1e-10, alarms identical, on all ${rows.length} points`, () => {
      for (const [name, group] of groupBy(rows, 'series')) {
        const d = ears(series.get(name)!.counts, { ...CONFIGURATIONS[configuration], rCompatible: true }) as Detection;
        expect(d.bound.length).toBe(group.length);
        group.forEach((row, i) => {
          expect(relativeError(d.bound[i]!, num(row.upperbound)), `${name} ${row.t}`).toBeLessThan(1e-10);
          // R's alarm is NA where its bound is NaN; here no bound means no alarm
          expect(d.alarm[i]).toBe(row.alarm === 'NA' ? 0 : num(row.alarm));
        });
      }
    });
  }

  const jump = Float64Array.from([2, 3, 1, 2, 2, 3, 1, 2, 3, 2, 1, 2, 3, 1000]);

  it('C3 sees a jump from 2 to 1000, which R misses', () => {
    expect((ears(jump, { method: 'C3' }) as Detection).alarm.at(-1)).toBe(1);
    expect((ears(jump, { method: 'C3', rCompatible: true }) as Detection).alarm.at(-1)).toBe(0);
  });

  it('C3 alarms exactly when the excesses of three days over a C2 of 1 sum to more than 2', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 14, maxLength: 14 }), (list) => {
        const y = Float64Array.from(list);
        const c2 = [11, 12, 13].map((t) => {
          const base = Array.from(y.slice(t - 9, t - 2));
          const mean = base.reduce((a, b) => a + b, 0) / 7;
          const sd = Math.sqrt(base.reduce((a, b) => a + (b - mean) ** 2, 0) / 6);
          return (y[t]! - mean) / Math.max(sd, 0.5);
        });
        const c3 = c2.reduce((s, v) => s + Math.max(0, v - 1), 0);
        fc.pre(Math.abs(c3 - 2) > 1e-9);
        const d = ears(y, { method: 'C3', minSigma: 0.5, range: { from: 13, to: 14 } }) as Detection;
        expect(d.alarm[0]).toBe(c3 > 2 ? 1 : 0);
      }),
    );
  });

  it('raising the present count never takes an alarm away', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 20, maxLength: 30 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('C1' as const, 'C2' as const, 'C3' as const),
        (list, more, method) => {
          const low = Float64Array.from(list);
          const high = low.slice();
          high[high.length - 1]! += more;
          const a = ears(low, { method }) as Detection;
          const b = ears(high, { method }) as Detection;
          expect(b.alarm.at(-1)!).toBeGreaterThanOrEqual(a.alarm.at(-1)!);
        },
      ),
    );
  });

  it('a gap leaves the baseline and never alarms', () => {
    const y = Float64Array.from([5, Number.NaN, 5, 6, 4, 5, 6, 20, Number.NaN]);
    const d = ears(y, { method: 'C1' }) as Detection;
    expect(d.bound[0]!).toBeGreaterThan(6);
    expect([...d.alarm]).toEqual([1, 0]);
  });

  it('refuses a negative count and a short history as values', () => {
    expect(ears(Float64Array.from([1, 2, -1, 3]))).toEqual({ kind: 'bad-count', index: 2, value: -1 });
    expect(ears(new Float64Array(5))).toEqual({ kind: 'not-enough-history', needed: 7, available: 5 });
  });

  it('is silent on a series of zeros and alarms on the first case after it', () => {
    const y = new Float64Array(15);
    expect([...(ears(y, { method: 'C3' }) as Detection).alarm]).toEqual([0, 0, 0, 0]);
    y[14] = 1;
    expect((ears(y, { method: 'C1' }) as Detection).alarm.at(-1)).toBe(1);
  });
});

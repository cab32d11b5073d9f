import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anscombeNegativeBinomial, hypergeometricThirds } from './anscombe-negative-binomial.ts';
import { type CusumDetection, type CusumSettings, type CusumTransform, cusum } from './cusum.ts';
import { groupBy, num, readFixture, readSeries } from './fixture-table.ts';

const series = readSeries();
const close = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));

describe('CUSUM', () => {
  for (const [key, rows] of groupBy(readFixture('cusum.csv'), 'trans', 'm')) {
    const [transform, m] = key.split('|') as [CusumTransform, string];
    // R's table of the hypergeometric function carries ten digits, and the sum gathers their errors
    const tolerance = transform === 'anscombeNegBin' ? 1e-7 : 1e-9;
    it(`${transform} with ${m} mean agrees with R to ${tolerance}, alarms identical, on ${rows.length} points`, () => {
      for (const [name, group] of groupBy(rows, 'series')) {
        const s = series.get(name)!;
        const from = num(group[0]!.t) - 1;
        const settings: CusumSettings = {
          range: { from, to: from + group.length },
          transform,
          mean: m === 'glm' ? 'harmonic' : 'mean',
          frequency: s.frequency,
          startPeriod: s.startPeriod,
          rCompatible: true,
        };
        const d = cusum(s.counts, settings) as CusumDetection;
        for (const row of group) {
          const i = num(row.t) - 1 - from;
          expect(close(d.expected[i]!, num(row.m_t), 1e-9), `${name} ${row.t} mean`).toBe(true);
          // beyond its table R has NA, for good
          if (row.cusum === 'NA' || row.cusum === 'NaN') {
            expect(d.cusum[i]).toBeNaN();
            continue;
          }
          expect(close(d.cusum[i]!, num(row.cusum), tolerance), `${name} ${row.t} statistic`).toBe(true);
          expect(close(d.bound[i]!, num(row.upperbound), tolerance), `${name} ${row.t} bound`).toBe(true);
          expect(d.alarm[i]).toBe(num(row.alarm));
        }
      }
    });
  }

  it('the hypergeometric function solves A(y) = ∫ (t + αt²)^(−1/3) dt, by Simpson on u = t^(2/3)', () => {
    for (const [y, alpha] of [
      [3, 0.1],
      [40, 0.5],
      [900, 0.3],
    ] as const) {
      const top = y ** (2 / 3);
      const n = 20_000;
      const f = (u: number) => 1.5 * (1 + alpha * u ** 1.5) ** (-1 / 3);
      let sum = f(0) + f(top);
      for (let i = 1; i < n; i++) sum += (i % 2 === 1 ? 4 : 2) * f((i * top) / n);
      expect(1.5 * y ** (2 / 3) * hypergeometricThirds(-alpha * y)).toBeCloseTo((sum * top) / n / 3, 8);
    }
    expect(anscombeNegativeBinomial(7, 7, 0.2)).toBeCloseTo(0, 12);
  });

  it('alarms exactly when the count lies above the bound it gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(25), { minLength: 10, maxLength: 30 }),
        fc.constantFrom<CusumTransform>('standard', 'pearsonNegBin', 'anscombe', 'anscombe2nd', 'anscombeNegBin'),
        (list, transform) => {
          const y = Float64Array.from(list);
          const d = cusum(y, { range: { from: 5, to: y.length }, transform, mean: 8 }) as CusumDetection;
          for (let i = 0; i < d.alarm.length; i++) {
            const gap = y[5 + i]! - d.bound[i]!;
            // an alarm needs S ≥ h: the bound itself alarms, and the standard bound is rounded up
            if (Math.abs(gap) > 1e-6 && d.bound[i]! > 0) expect(d.alarm[i]).toBe(gap > 0 ? 1 : 0);
          }
        },
      ),
    );
  });

  it('a gap leaves the statistic as it is', () => {
    const y = Float64Array.from([4, 4, 4, 4, 12, Number.NaN, 4]);
    const d = cusum(y, { range: { from: 4, to: 7 } }) as CusumDetection;
    expect(d.cusum[1]).toBe(d.cusum[0]);
    expect(d.alarm[1]).toBe(0);
  });
});

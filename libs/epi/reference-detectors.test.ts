import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAYES_1, BAYES_2, BAYES_3, type BayesSettings, bayes } from './bayes.ts';
import { poissonCdf } from './distributions/counts.ts';
import { groupBy, num, readFixture, readSeries, relativeError } from './fixture-table.ts';
import { RKI_1, RKI_2, RKI_3, rki } from './rki.ts';
import type { Detection } from './series.ts';

const series = readSeries();

describe('Bayes and RKI detectors', () => {
  const bayesSettings: Record<string, BayesSettings> = {
    default: {},
    bayes1: { ...BAYES_1, alpha: 0.01 },
    bayes2: { ...BAYES_2, alpha: 0.01 },
    bayes3: { ...BAYES_3, alpha: 0.01 },
  };
  for (const [configuration, rows] of groupBy(readFixture('bayes.csv'), 'config')) {
    it(`Bayes ${configuration}: bounds are R's integers, alarms identical, on ${rows.length} points`, () => {
      for (const [name, group] of groupBy(rows, 'series')) {
        const s = series.get(name)!;
        const d = bayes(s.counts, s.frequency, bayesSettings[configuration]) as Detection;
        for (const row of group) {
          const i = num(row.t) - 1 - d.from;
          expect(d.bound[i], `${name} ${row.t}`).toBe(num(row.upperbound));
          expect(d.alarm[i]).toBe(num(row.alarm));
        }
      }
    });
  }

  const rkiSettings = { rki1: RKI_1, rki2: RKI_2, rki3: RKI_3 };
  for (const [configuration, rows] of groupBy(readFixture('rki.csv'), 'config')) {
    it(`${configuration}: bounds to 1e-12, alarms identical, on ${rows.length} points`, () => {
      for (const [name, group] of groupBy(rows, 'series')) {
        const s = series.get(name)!;
        const d = rki(s.counts, s.frequency, rkiSettings[configuration as 'rki1']) as Detection;
        for (const row of group) {
          const i = num(row.t) - 1 - d.from;
          expect(relativeError(d.bound[i]!, num(row.upperbound))).toBeLessThan(1e-12);
          expect(d.alarm[i]).toBe(num(row.alarm));
        }
      }
    });
  }

  it('RKI limits are 95 % limits: a mean at the limit makes so few cases improbable', () => {
    for (let mean = 0; mean <= 20; mean++) {
      const y = new Float64Array(7).fill(mean);
      const upper = (rki(y, 52, RKI_1) as Detection).bound[0]!;
      expect(poissonCdf(mean, upper)).toBeLessThan(0.05 + 1e-3);
      expect(poissonCdf(mean, upper)).toBeGreaterThan(0.005);
    }
  });

  it('the order of the reference weeks within the window does not matter', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { minLength: 6, maxLength: 6 }), fc.nat(100), (list, now) => {
        const forward = Float64Array.from([...list, now]);
        const backward = Float64Array.from([...list.reverse(), now]);
        expect((bayes(forward, 52) as Detection).bound).toEqual((bayes(backward, 52) as Detection).bound);
        expect((rki(forward, 52, RKI_1) as Detection).bound[0]!).toBeCloseTo(
          (rki(backward, 52, RKI_1) as Detection).bound[0]!,
          9,
        );
      }),
    );
  });

  it('leaves gaps out of the reference and refuses a history that is too short', () => {
    const y = Float64Array.from([4, Number.NaN, 4, 4, Number.NaN, 4, 30]);
    expect((bayes(y, 52) as Detection).alarm[0]).toBe(1);
    expect(bayes(y, 52, BAYES_2)).toMatchObject({ kind: 'not-enough-history', needed: 58, available: 7 });
    expect((rki(new Float64Array(7).fill(Number.NaN), 52, RKI_1) as Detection).bound[0]).toBeNaN();
  });
});
